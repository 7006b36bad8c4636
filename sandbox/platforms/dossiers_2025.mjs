// The national interface after 2025 (dialect 3): OAuth2 client credentials with the answer
// in `data`, then lists by time of change behind an opaque cursor.

import { dossierRecords2025 } from '../render/dossiers_2025.mjs';
import { packedTime } from '../render/text.mjs';
import { hash32 } from '../world/rng.mjs';
import { json } from './http.mjs';

const isoOf = (packed) => packed.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6');

export function dossiers2025Platform(city, secret) {
  const records = dossierRecords2025(city);
  for (const list of Object.values(records)) for (const r of list) r.key = isoOf(packedTime(r.changed));
  const token = `mc-${hash32(`${city.seed} token 2025`).toString(16)}`;

  function issue(_, body) {
    if (body.client_id !== 'minhchung' || body.client_secret !== secret || body.grant_type !== 'client_credentials')
      return json({ error: 'invalid_client' }, 401);
    return json({ data: { access_token: token, expires_in: 3600, token_type: 'Bearer', scope: 'read' } });
  }

  const list = (stream) => (query, _, headers) => {
    if (headers.authorization !== `Bearer ${token}`) return json({ code: 401, message: 'Chưa xác thực' }, 401);
    const from = query.get('from') ?? '',
      to = query.get('to') ?? '',
      size = Number(query.get('limit') ?? '100');
    const start = Number((query.get('cursor') ?? 'c0').slice(1));
    if (!from || !to || !(size >= 1) || !(start >= 0)) return json({ code: 400, message: 'Sai tham số' }, 400);
    const all = records[stream].filter((r) => r.key >= from && r.key < to);
    const next = start + size < all.length ? `c${start + size}` : null;
    return json({
      code: 200,
      message: 'OK',
      data: { total: all.length, next, items: all.slice(start, start + size).map((r) => r.record()) },
    });
  };

  return {
    routes: {
      'POST /oauth2/token': issue,
      'GET /api/v1/ho-so': list('dossiers'),
      'GET /api/v1/tien-do': list('steps'),
    },
  };
}
