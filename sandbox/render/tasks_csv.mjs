// The same tasks as a sheet with a header row, for units that export lists: one row per task,
// what a task has several of as texts joined with `##`, each of parts joined with `|`.

import { taskRecords } from './tasks.mjs';

const COLUMNS = {
  'Mã nhiệm vụ': (t) => t.MaNV,
  'Loại nhiệm vụ': (t) => t.LoaiNhiemVuId,
  'Mã đơn vị': (t) => t.MaDonViTheoDoi,
  'Đơn vị chủ trì': (t) => t.DonViTheoDoi,
  'Tài khoản chủ trì': (t) => t.CanBoId,
  'Tài khoản giao': (t) => t.NguoiGiaoId ?? '',
  'Ngày giao': (t) => t.NgayTao,
  'Hạn xử lý': (t) => t.HanXuLy ?? '',
  'Trạng thái': (t) => t.TrangThai ?? t.MaTrangThai,
};

export const quoted = (text, delimiter) =>
  [delimiter, '"', '\n', '\r'].some((c) => text.includes(c)) ? `"${text.replaceAll('"', '""')}"` : text;

export function taskSheet(city, delimiter = ';') {
  const line = (cells) => cells.map((c) => quoted(String(c ?? ''), delimiter)).join(delimiter);
  const rows = taskRecords(city).map((r) => line(Object.values(COLUMNS).map((read) => read(r.record()))));
  return `\ufeff${[line(Object.keys(COLUMNS)), ...rows].join('\r\n')}\r\n`;
}
