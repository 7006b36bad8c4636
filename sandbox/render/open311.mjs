// The same citizen reports as Open311 GeoReport v2 requests (dialect P4). One entry per
// report, in its latest state; `extended_attributes` and `notes` as some cities add them.

import { chance } from '../world/rng.mjs';
import { clockOf, dateOf } from '../world/time.mjs';
import { saidReports } from './reports.mjs';
import { wireText } from './text.mjs';

// W3C date with the city's offset.
export const w3c = (seconds) => `${dateOf(seconds)}T${clockOf(seconds)}+07:00`;

const categories = { 1: 'Hạ tầng', 2: 'Môi trường', 3: 'Trật tự đô thị', 4: 'Khác' };

// Ids are numbers or strings; a report of no category says null, "" or nothing.
function serviceCode(city, report) {
  if (report.category === null) {
    const x = chance(city.seed, 'p4c', report.n);
    return x < 0.3 ? {} : { service_code: x < 0.6 ? null : '' };
  }
  // "006": written without quotes in renderJson, as the specification's own example does.
  return { service_code: `00${report.category}` };
}

function answered(report) {
  return report.listed !== 'open' && report.answered !== null;
}

export function requestOf(city, report) {
  const closed = answered(report);
  const extended = closed && report.duplicate_of ? { duplicate_of: report.duplicate_of } : null;
  return {
    service_request_id: chance(city.seed, 'p4i', report.n) < 0.4 ? Number(report.id) : report.id,
    status: closed ? 'closed' : 'open',
    status_notes: closed ? 'Đã xử lý xong' : null,
    service_name: categories[report.category] ?? 'Khác',
    ...serviceCode(city, report),
    description: `Nội dung phản ánh mô phỏng số ${report.n}`,
    agency_responsible: wireText(city.unitById.get(report.unit).name, city.seed, `p4 ${report.n}`),
    agency_code: chance(city.seed, 'p4a', report.n) < 0.1 ? `${report.org} ` : report.org,
    requested_datetime: w3c(report.received),
    updated_datetime: w3c(closed ? report.answered : report.received),
    address: 'Số 1 phố Mô Phỏng',
    lat: null,
    long: null,
    media_url: chance(city.seed, 'p4m', report.n) < 0.2 ? 'https://anh.example/1.jpg ' : null,
    ...(extended ? { extended_attributes: extended } : {}),
  };
}

// `"service_code":006` on some, which is no JSON: what the specification prints itself.
export function requestJson(city, request) {
  const text = JSON.stringify(request);
  if (chance(city.seed, 'p4z', request.service_request_id) >= 0.15) return text;
  return text.replace(/"service_code":"(0\d+)"/, '"service_code":$1');
}

const escape = (value) =>
  String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function element(name, value) {
  if (value === null || value === undefined) return `<${name}/>`;
  if (typeof value !== 'object') return `<${name}>${escape(value)}</${name}>`;
  return `<${name}>${Object.entries(value).map(([k, v]) => element(k, v)).join('')}</${name}>`;
}

export const requestXml = (request) => element('request', request);

// [{received, closed, json, xml}] by time of the report.
export function open311Requests(city) {
  const of = (report) => {
    const request = requestOf(city, report);
    return {
      received: report.received,
      closed: request.status === 'closed',
      json: () => requestJson(city, request),
      xml: () => requestXml(request),
    };
  };
  const list = saidReports(city).map(of);
  for (const bad of city.bad.filter((b) => b.platform === 'citizen_reports')) list.push(badRequest(bad));
  return list.sort((a, b) => a.received - b.received);
}

// What cannot be read, in this shape: no id, or a date that does not exist.
function badRequest(bad) {
  const nameless = bad.record.PhanAnhID === undefined;
  const request = {
    ...(nameless ? {} : { service_request_id: bad.record.PhanAnhID }),
    status: 'open',
    service_code: '001',
    agency_code: bad.org,
    requested_datetime: nameless ? `${bad.date}T08:00:00+07:00` : '2026-02-30T08:00:00+07:00',
    updated_datetime: `${bad.date}T08:00:00+07:00`,
  };
  return {
    received: Date.parse(`${bad.date}T08:00:00+07:00`) / 1000,
    closed: false,
    json: () => JSON.stringify(request),
    xml: () => requestXml(request),
  };
}
