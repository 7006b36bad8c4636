// Citizen reports over Open311 GeoReport v2: requests.json and requests.xml by window of at
// most 90 days, with the page extension. Errors are arrays of {code, description}.

import { open311Requests } from '../render/open311.mjs';
import { chance } from '../world/rng.mjs';
import { json, raw } from './http.mjs';
import { pageOf } from './public_service.mjs';

const WINDOW_DAYS = 90;
const MOST_ROWS = 1000;
const DAY = 86400;

const problem = (status, description) => json([{ code: status, description }], status);
const secondsOf = (text) => {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : at / 1000;
};

export function open311Platform(city, secret) {
  const requests = open311Requests(city);

  function rowsFor(query, format) {
    const from = secondsOf(query.get('start_date')),
      to = secondsOf(query.get('end_date'));
    if (from === null || to === null) return { error: problem(400, 'start_date and end_date are W3C dates') };
    if (to - from > WINDOW_DAYS * DAY) return { error: problem(400, 'at most 90 days in one request') };
    const page = Number(query.get('page') ?? '1'),
      size = Math.min(MOST_ROWS, Number(query.get('page_size') ?? '100'));
    const wanted = (query.get('status') ?? 'open,closed').split(',');
    const list = requests.filter(
      (r) => r.received >= from && r.received <= to && wanted.includes(r.closed ? 'closed' : 'open'),
    );
    // Past the end the extension answers with an empty list.
    const past = (page - 1) * size >= list.length;
    const repeat = chance(city.seed, 'p4r', format, from, page) < 0.25;
    return { rows: past ? [] : pageOf(list, page, size, repeat) };
  }

  const asJson = (query) => {
    const { error, rows } = rowsFor(query, 'json');
    return error ?? raw('application/json; charset=utf-8', `[${rows.map((r) => r.json()).join(',\n')}]`);
  };
  const asXml = (query) => {
    const { error, rows } = rowsFor(query, 'xml');
    const body = `<?xml version="1.0" encoding="utf-8"?>\n<service_requests>\n${(rows ?? [])
      .map((r) => r.xml())
      .join('\n')}\n</service_requests>\n`;
    return error ?? raw('application/xml; charset=utf-8', body);
  };
  return {
    header: 'x-api-key',
    credential: secret,
    routes: { 'GET /open311/v2/requests.json': asJson, 'GET /open311/v2/requests.xml': asXml },
  };
}
