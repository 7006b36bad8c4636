// A provincial LGSP hub: a login for a short-lived token, three headers on every call, lists
// by days, and each message inside a JSON answer. What says "success" differs per endpoint.

import { hubMessages } from '../render/edxml.mjs';
import { slashDate, slashTime } from '../render/text.mjs';
import { hash32 } from '../world/rng.mjs';
import { json } from './http.mjs';

const CALLS_PER_TOKEN = 400;

export function lgspDocumentsPlatform(city, secret) {
  const messages = hubMessages(city);
  const byId = new Map(messages.map((m) => [m.docId, m]));
  let token = null,
    calls = 0,
    logins = 0;

  function login(_, body) {
    if (body.username !== 'minhchung' || body.password !== secret)
      return json({ code: 401, message: 'Sai tài khoản', errorDetail: [{ exception: 'BadCredentials' }] });
    token = `jwt-${hash32(`${city.seed} lgsp ${++logins}`).toString(16)}`;
    calls = 0;
    return json({ code: logins % 2 ? 200 : '200', message: 'OK', data: { token, status: 'OK' } });
  }

  const guarded = (work) => (query, _, headers) => {
    if (headers.authorization !== `Bearer ${token}` || ++calls > CALLS_PER_TOKEN)
      return json({ message: 'License is missing or expired' }, 401);
    if (headers['x-systemid'] !== 'H26.MC' || headers['x-secretkey'] !== secret)
      return json({ code: 500, message: 'error', errorDetail: [{ exception: 'wrong id or secret (15)' }] });
    return work(query);
  };

  function list(query) {
    const from = query.get('fromDate') ?? '',
      to = query.get('toDate') ?? '';
    const rows = messages.filter((m) => {
      const day = slashDate(m.created);
      return m.messageType === query.get('messageType') && day >= from && day <= to;
    });
    return json({
      success: true,
      message: 'OK',
      count: rows.length,
      data: rows.map((m) => ({
        docId: m.docId,
        messageType: m.messageType,
        created_time: slashTime(m.created),
        from: m.from,
        to: m.to,
      })),
    });
  }

  function edoc(query) {
    const m = byId.get(query.get('docId'));
    if (!m) return json({ code: 500, message: 'error', errorDetail: [{ exception: 'not found' }] });
    return json({ code: 200, message: 'OK', data: { status: 'OK', docId: m.docId, from: m.from, edxml: m.write() } });
  }

  return {
    routes: {
      'POST /v1/auth/login': login,
      'GET /v1/syncReceivedEdocList': guarded(list),
      'GET /v1/getEdoc': guarded(edoc),
    },
  };
}
