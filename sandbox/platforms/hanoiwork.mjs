// The task platform: tasks by day of creation, in pages.

import { taskRecords } from '../render/tasks.mjs';
import { BOM } from '../render/text.mjs';
import { chance } from '../world/rng.mjs';
import { rowsShown, withoutGhosts } from './faults.mjs';
import { json } from './http.mjs';
import { pageOf } from './public_service.mjs';

// The same answer in the three wrappings seen.
function wrap(city, name, answer) {
  const x = chance(city.seed, 'wrap', name);
  return x < 0.4 ? answer : x < 0.7 ? { Data: answer } : { daTa: answer };
}

export function hanoiworkPlatform(city, secret) {
  // Whoever reads for the first time reads while what was said first is corrected; later there is the correction alone.
  let tasks = taskRecords(city);
  const corrected = (from, to) => {
    tasks = tasks.filter((t) => !(t.before && t.date >= from && t.date <= to));
  };

  function getAll(_, body) {
    const from = String(body.NgayTaoNhiemVu?.FromDate ?? '').replaceAll('/', '-');
    const to = String(body.NgayTaoNhiemVu?.ToDate ?? '').replaceAll('/', '-');
    const index = Number(body.Index ?? 1),
      size = Number(body.Size ?? 10);
    if (!from || !to || !(index >= 1) || !(size >= 1)) return json({ Message: 'Sai tham số' }, 400);
    const all = rowsShown(city, 'hanoiwork', 'tasks', tasks);
    const list = all.filter((t) => t.date >= from && t.date <= to);
    const name = `${from} ${index}`;
    const rows = pageOf(list, index, size, chance(city.seed, 'repeat', name) < 0.25);
    const answer = {
      PageData: withoutGhosts(rows).map((t) => t.record()),
      TotalRows: list.length,
      CurrentPage: index,
      PageSize: size,
      TotalPage: Math.ceil(list.length / size),
    };
    const reply = json(wrap(city, name, answer));
    if (index * size >= list.length) corrected(from, to);
    return chance(city.seed, 'bom', name) < 0.15 ? { ...reply, body: BOM + reply.body } : reply;
  }

  return {
    header: 'authorization',
    credential: `Bearer ${secret}`,
    routes: { 'POST /qlvb/api/qlnv/nhiem-vu/get-all': getAll },
  };
}
