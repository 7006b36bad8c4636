// The same citizen reports with guids and camelCase keys (dialect P3), ISO dates without zone.

import { chance, hash32 } from '../world/rng.mjs';
import { clockOf, dateOf } from '../world/time.mjs';
import { saidReports } from './reports.mjs';
import { wireText } from './text.mjs';

const iso = (seconds) => `${dateOf(seconds)}T${clockOf(seconds)}`;

const guidOf = (city, text) => {
  const h = (salt) => hash32(`${city.seed} guid ${text} ${salt}`).toString(16).padStart(8, '0');
  const hex = h(1) + h(2) + h(3) + h(4);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

export function p3Reports(city) {
  const of = (r) => {
    const done = r.listed !== 'open' && r.answered !== null;
    return {
      guid: guidOf(city, r.id),
      maPhanAnh: r.id,
      tieuDePhanAnh: wireText('Phản ánh tại tuyến phố', city.seed, `p3 ${r.n}`),
      tenChuDe: 'Chủ đề',
      guidChuDe: r.category === null ? (chance(city.seed, 'p3c', r.n) < 0.5 ? null : '') : `chu-de-${r.category}`,
      thoiGianGui: iso(r.received),
      tenKhuVuc: 'Khu vực mô phỏng',
      maDonViXuLy: r.org,
      diaDiemPhanAnh: 'Số 1 phố Mô Phỏng',
      mapDiaDiemPhanAnh: '',
      noiDungPhanAnh: `Nội dung phản ánh mô phỏng số ${r.n}`,
      tenNguoiTraLoi: done ? 'Người trả lời' : null,
      thoiGianTraLoi: done ? iso(r.answered) : null,
      noiDungXuLy: done ? 'Đã xử lý xong' : '',
      ...(done && r.duplicate_of ? { trungVoi: r.duplicate_of } : {}),
      fileDinhKemsPhanAnh: [],
      fileDinhKemsXuLy: [],
    };
  };
  const list = saidReports(city).map((r) => ({ date: dateOf(r.received), at: r.received, record: () => of(r) }));
  for (const bad of city.bad.filter((b) => b.platform === 'citizen_reports')) {
    const id = bad.record.PhanAnhID;
    list.push({
      date: bad.date,
      at: Date.parse(`${bad.date}T08:00:00+07:00`) / 1000,
      record: () => ({
        guid: guidOf(city, `bad ${id}`),
        ...(id === undefined ? {} : { maPhanAnh: id }),
        thoiGianGui: id === undefined ? `${bad.date}T08:00:00` : '2026-02-30T08:00:00',
        maDonViXuLy: bad.org,
      }),
    });
  }
  return list.sort((a, b) => a.at - b.at);
}
