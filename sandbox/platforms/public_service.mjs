// The one-stop system: dossiers and progress rows by time of last change, in pages.

import { dossierRecords } from '../render/dossiers.mjs';
import { BOM, packedTime } from '../render/text.mjs';
import { chance } from '../world/rng.mjs';
import { rowsShown, withoutGhosts } from './faults.mjs';
import { json } from './http.mjs';

const SERVICES = { DongBoHoSoMC: 'dossiers', CapNhatTienDoHoSoMC: 'steps' };
const REPEATED_ROWS = 2;

// Page k of a list. Some pages begin with the last rows of the page before; a page past
// the end gives the last one again.
export function pageOf(list, page, size, repeat) {
  const last = Math.max(1, Math.ceil(list.length / size));
  const k = Math.min(Math.max(1, page), last);
  const from = (k - 1) * size;
  return list.slice(repeat && k === page ? Math.max(0, from - REPEATED_ROWS) : from, from + size);
}

function withQuirks(city, name, answer, total) {
  const x = chance(city.seed, 'answer', name);
  const code = x < 0.3 ? '0' : x < 0.6 ? '00' : 0;
  const reply = json({
    error_code: code,
    message: '',
    totalrow: x < 0.5 ? String(total) : total,
    data: answer,
  });
  return chance(city.seed, 'bom', name) < 0.2 ? { ...reply, body: BOM + reply.body } : reply;
}

export function publicServicePlatform(city, secret) {
  const records = dossierRecords(city);
  for (const list of Object.values(records)) for (const r of list) r.key = packedTime(r.changed);

  function read(query) {
    const stream = SERVICES[query.get('service')];
    const from = query.get('tuNgay') ?? '',
      to = query.get('denNgay') ?? '';
    const page = Number(query.get('trang') ?? '1'),
      size = Number(query.get('soLuong') ?? '100');
    const good =
      stream && /^\d{14}$/.test(from) && /^\d{14}$/.test(to) && page >= 1 && size >= 1 && size <= 500;
    if (!good) return json({ error_code: '-3', message: 'Sai tham số', data: [] });
    const all = rowsShown(city, 'public_service', stream, records[stream]);
    const list = all.filter((r) => r.key >= from && r.key < to);
    const name = `${stream} ${from} ${page}`;
    const rows = pageOf(list, page, size, chance(city.seed, 'repeat', name) < 0.25);
    return withQuirks(
      city,
      name,
      withoutGhosts(rows).map((r) => r.record()),
      list.length,
    );
  }

  return { header: 'session', credential: secret, routes: { 'GET /api/hoso': read } };
}
