// Citizens' field reports, in the shape of a provincial portal. The organisation stands
// only in the request.

import { chance } from '../world/rng.mjs';
import { dateOf } from '../world/time.mjs';
import { dashTime, doubleDash, falseZulu, showMinute, wireText } from './text.mjs';

function receivedText(city, report) {
  if (report.received % 60 === 0 && chance(city.seed, 'pa', report.n) < 0.3)
    return showMinute(report.received);
  return chance(city.seed, 'pb', report.n) < 0.25 ? doubleDash(report.received) : dashTime(report.received);
}

function answeredText(city, report) {
  if (report.answered === null) return chance(city.seed, 'pc', report.n) < 0.5 ? null : '';
  const x = chance(city.seed, 'pd', report.n);
  return x < 0.3
    ? falseZulu(report.answered)
    : x < 0.5
      ? doubleDash(report.answered)
      : dashTime(report.answered);
}

function categoryOf(city, report) {
  if (report.category === null) return chance(city.seed, 'pe', report.n) < 0.5 ? null : '';
  return chance(city.seed, 'pf', report.n) < 0.3 ? Number(report.category) : report.category;
}

// `handled`: the list of handled reports; the open list does not know the answer yet.
function renderReport(city, report, handled) {
  const duplicate =
    handled && report.duplicate_of ? { TrangThai: 'dong_trung', PhanAnhGoc: report.duplicate_of } : {};
  return {
    PhanAnhID: chance(city.seed, 'pg', report.n) < 0.4 ? Number(report.id) : report.id,
    ChuyenMucID: categoryOf(city, report),
    TieuDe: wireText('Phản ánh tại tuyến phố', city.seed, `ph ${report.n}`),
    NoiDungPhanAnh: `Nội dung phản ánh mô phỏng số ${report.n}`,
    NgayPhanAnh: receivedText(city, report),
    NgayTraLoi: handled ? answeredText(city, report) : null,
    NoiDungTraLoi: handled && report.answered !== null ? 'Đã xử lý xong' : '',
    DiaChiSuKien: 'Số 1 phố Mô Phỏng',
    KinhDo: chance(city.seed, 'pi', report.n) < 0.5 ? null : '105.85',
    ViDo: null,
    DanhSachFileDinhKem: [],
    DanhSachFileDinhKem_Kq: [],
    ...duplicate,
  };
}

// Every report as it was said, what was said first in front.
export const saidReports = (city) =>
  city.reports.flatMap((r) => [...(r.said_before ?? []).map((before) => ({ ...r, ...before })), r]);

// Organisation code -> {open, handled}: [{date, record}], by time of the report.
export function reportLists(city) {
  const byUnit = new Map();
  const listsOf = (org) => {
    if (!byUnit.has(org)) byUnit.set(org, { open: [], handled: [] });
    return byUnit.get(org);
  };
  for (const r of saidReports(city).sort((a, b) => a.received - b.received)) {
    const lists = listsOf(r.org);
    if (r.listed !== 'handled')
      lists.open.push({ date: dateOf(r.received), record: () => renderReport(city, r, false) });
    if (r.listed !== 'open')
      lists.handled.push({ date: dateOf(r.received), record: () => renderReport(city, r, true) });
  }
  for (const bad of city.bad.filter((b) => b.platform === 'citizen_reports')) {
    listsOf(bad.org)[bad.list].push({ date: bad.date, record: () => bad.record });
  }
  return byUnit;
}
