// The national document exchange as its SDK speaks (VXP): parameters travel as a JSON object
// in headers, every request carries an HMAC over its headers, the list has no pages and no
// cursor, and an item leaves it only when its transport status is set.

import { createHmac } from 'node:crypto';

import { hubMessages } from '../render/edxml.mjs';
import { slashTime } from '../render/text.mjs';
import { chance } from '../world/rng.mjs';
import { json, raw } from './http.mjs';

const PREFIX = 'xroadvnpt-';
const OWN = new Set(['hash-header', 'sign-header', 'sign-header-key', 'version'].map((n) => PREFIX + n));

const ok = (data) => json({ status: 'OK', ErrorCode: '0', ErrorDesc: 'Thanh cong', data });
const fail = (code, why) => json({ status: 'FAIL', ErrorCode: code, ErrorDesc: why, data: null });

// The pairs that were signed, in the order of `sign-header-key`, as JSON.
export function signedText(headers) {
  const names = String(headers[`${PREFIX}sign-header-key`] ?? '').split(';').filter(Boolean);
  return JSON.stringify(Object.fromEntries(names.map((n) => [n, headers[PREFIX + n.toLowerCase()] ?? ''])));
}

function refused(headers, secret) {
  const resent = Object.keys(headers).filter((n) => n.startsWith(PREFIX) && !OWN.has(n));
  if (!resent.length || !headers.systemid) return 'Thieu tieu de ky';
  if (!/^\d{8}T\d{6}\+\d{4}$/.test(headers.timestamp ?? '')) return 'Sai dinh dang thoi gian';
  const expected = createHmac('sha256', secret).update(signedText(headers)).digest('hex');
  return headers[`${PREFIX}hash-header`] === expected ? null : 'Sai chu ky tieu de';
}

export function vxpPlatform(city, secret) {
  const messages = hubMessages(city);
  const byId = new Map(messages.map((m) => [m.docId, m]));
  const status = new Map();

  const guarded = (work) => (_, body, headers) => {
    const why = refused(headers, secret);
    return why ? fail('15', why) : work(headers, body);
  };

  function list(headers) {
    const open = messages.filter(
      (m) => m.messageType === headers.messagetype && status.get(m.docId) !== 'done',
    );
    return ok(
      open.map((m) => ({
        // Two spellings of one field, as in the vendor's own example.
        [chance(city.seed, 'vxpid', m.docId) < 0.5 ? 'docId' : 'id']: m.docId,
        serviceType: 'eDoc',
        messageType: m.messageType,
        created_time: slashTime(m.created),
        updated_time: slashTime(m.created),
        from: m.from,
        to: m.to,
        status: status.get(m.docId) ?? 'initial',
        status_desc: '',
      })),
    );
  }

  function edoc(headers) {
    const m = byId.get(headers.docid);
    return m ? raw('application/xml', m.write()) : fail('21', 'Khong tim thay van ban');
  }

  function update(headers) {
    if (!byId.has(headers.docid)) return fail('21', 'Khong tim thay van ban');
    status.set(headers.docid, headers.status);
    return ok(null);
  }

  return {
    routes: {
      'GET /getReceivedEdocList': guarded(list),
      'GET /getEdoc': guarded(edoc),
      'POST /updateStatus': guarded(update),
    },
  };
}
