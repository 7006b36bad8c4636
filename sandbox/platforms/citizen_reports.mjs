// Citizen reports of one organisation, open or handled, by day of the report, in pages.

import { reportLists } from '../render/reports.mjs';
import { BOM } from '../render/text.mjs';
import { chance } from '../world/rng.mjs';
import { REPORT_CATEGORIES } from '../world/products.mjs';
import { json } from './http.mjs';
import { pageOf } from './public_service.mjs';

export function citizenReportsPlatform(city, secret) {
  const lists = reportLists(city);

  function byUnit(_, body) {
    const org = String(body.MaDinhDanh ?? '').trim();
    const from = String(body.TuNgay ?? '').replaceAll('/', '-'),
      to = String(body.DenNgay ?? '').replaceAll('/', '-');
    const page = Number(body.Page ?? '1'),
      size = Number(body.Perpage ?? '100');
    if (!org || !['0', '1'].includes(String(body.LoaiXuLy)) || !(page >= 1) || !(size >= 1))
      return json({ message: 'Sai tham số' }, 400);
    const all = lists.get(org)?.[String(body.LoaiXuLy) === '0' ? 'open' : 'handled'] ?? [];
    const list = all.filter((r) => r.date >= from && r.date <= to);
    const name = `${org} ${body.LoaiXuLy} ${from} ${page}`;
    const rows = pageOf(list, page, size, chance(city.seed, 'repeat', name) < 0.25);
    const reply = json({
      totalrow: chance(city.seed, 'total', name) < 0.3 ? String(list.length) : list.length,
      data: rows.map((r) => r.record()),
    });
    return chance(city.seed, 'bom', name) < 0.15 ? { ...reply, body: BOM + reply.body } : reply;
  }

  const categories = () =>
    json({
      data: Object.entries(REPORT_CATEGORIES).map(([id, c]) => ({ ChuyenMucID: id, TenChuyenMuc: c.name })),
    });
  return {
    header: 'token',
    credential: secret,
    routes: { 'POST /theodonvi': byUnit, 'GET /chuyenmuc': categories },
  };
}
