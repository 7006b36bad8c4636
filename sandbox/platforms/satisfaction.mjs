// What citizens say, in three lists: `loai` = hoso, phananh, donvi; by the day on which it was said.

import { dayOf, ratingsOf } from '../world/ratings.mjs';
import { chance } from '../world/rng.mjs';
import { json } from './http.mjs';
import { dashTime } from '../render/text.mjs';

// Points come as numbers and as texts.
const number = (city, id, value) => (chance(city.seed, 'rating text', id) < 0.5 ? value : String(value));

const RENDER = {
  hoso: (city, r) => ({
    MaPhieu: r.id,
    MaHoSo: r.dossier,
    MaDonVi: r.dossier.startsWith('H26') ? r.dossier.split('-')[0] : '',
    NgayDanhGia: dashTime(r.at),
    YKien: 'Ý kiến mô phỏng',
    ChiTiet: r.points.map(([code, points]) => ({ MaTieuChi: code, Diem: number(city, `${r.id} ${code}`, points) })),
  }),
  phananh: (city, r) => ({
    MaPhieu: r.id,
    PhanAnhID: r.report,
    MaDonVi: r.org,
    NgayDanhGia: dashTime(r.at),
    MucDoHaiLong: number(city, r.id, r.mark),
  }),
  donvi: (city, r) => ({
    MaPhieu: r.id,
    MaDonVi: r.org,
    NgayDanhGia: dashTime(r.at),
    CauHoi: [{ Ma: '1', RatTot: number(city, r.id, r.shares[0]), Tot: r.shares[1], KhongTot: r.shares[2] }],
  }),
};

export function satisfactionPlatform(city, secret) {
  const { dossiers, reports, units } = ratingsOf(city);
  const lists = { hoso: dossiers, phananh: reports, donvi: units };

  function list(query) {
    const kind = query.get('loai'),
      from = query.get('tuNgay') ?? '',
      to = query.get('denNgay') ?? '';
    const page = Number(query.get('trang') ?? '1'),
      size = Number(query.get('soLuong') ?? '20');
    if (!lists[kind] || !from || !to || !(page >= 1) || !(size >= 1)) return json({ message: 'Sai tham số' }, 400);
    const found = lists[kind].filter((r) => dayOf(r) >= from && dayOf(r) <= to).sort((a, b) => a.at - b.at);
    const rows = found.slice((page - 1) * size, page * size);
    return json({ data: { total: found.length, items: rows.map((r) => RENDER[kind](city, r)) } });
  }

  return { header: 'authorization', credential: `Bearer ${secret}`, routes: { 'GET /api/danh-gia': list } };
}
