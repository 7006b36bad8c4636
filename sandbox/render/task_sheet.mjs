// The same tasks as units export them: a list with a header row, one row per task. What a task
// has several of stands in one cell, entries joined with `##`, their parts with `|`.

import { chance } from '../world/rng.mjs';
import { taskRecords } from './tasks.mjs';
import { workbook } from './xlsx.mjs';

const KINDS = { VanBan: 'Văn bản', HoSo: 'Hồ sơ', PhanAnh: 'Phản ánh' };

const parts = (separator, ...texts) =>
  texts
    .map((t) => String(t ?? ''))
    .join(separator)
    .replace(new RegExp(`(${separator === '|' ? '\\|' : separator})+$`), '');
const entries = (list, write) => (list ?? []).map(write).join('##');
const result = (separator) => (r) =>
  parts(separator, KINDS[r.Loai], r.SoKyHieu ?? r.MaHoSo ?? r.PhanAnhID, r.NgayBanHanh, r.MaDonVi);
const one = (value, write) => (value ? write(value) : '');
const either = (t, field) => t[field] || t[`${field}_`] || '';

const COLUMNS = {
  'Mã nhiệm vụ': (t) => t.MaNV,
  'Loại nhiệm vụ': (t) => t.LoaiNhiemVuId,
  'Mã đơn vị': (t) => t.MaDonViTheoDoi,
  'Đơn vị chủ trì': (t) => t.DonViTheoDoi,
  'Tài khoản chủ trì': (t) => t.CanBoId,
  'Tài khoản giao': (t) => t.NguoiGiaoId,
  'Đơn vị phối hợp': (t) => entries(t.DonViPhoiHop, (c) => parts('|', c.MaDonVi, c.TenDonVi, c.CanBoId)),
  'Văn bản giao': (t) => t.SoKyHieuVanBan,
  'Ngày văn bản': (t) => t.NgayVanBan,
  'Ngày giao': (t) => t.NgayTao,
  'Hạn xử lý': (t) => either(t, 'HanXuLy'),
  'Trạng thái': (t) => t.TrangThai ?? (t.MaTrangThai === 'DANG_THUC_HIEN' ? 'Đang thực hiện' : t.MaTrangThai),
  'Số lượng': (t) => t.SoLuong,
  'Ngày hoàn thành': (t) => either(t, 'NgayHoanThanh'),
  'Kết quả': (t) => entries(t.KetQuaThucHien, result('|')),
  'Báo cáo trước': (t) =>
    entries(t.LichSuBaoCao, (c) => parts('|', c.NgayHoanThanh, c.KetQuaThucHien.map(result('~')).join(';;'))),
  'Trả lại': (t) => entries(t.LichSuTraLai, (r) => parts('|', r.ThoiGian, r.NguoiTraId, r.LyDoMa)),
  'Gia hạn': (t) => entries(t.LichSuGiaHan, (e) => parts('|', e.ThoiGian, e.NguoiGiaHanId, e.HanMoi)),
  'Thu hồi': (t) => one(t.ThuHoi, (r) => parts('|', r.ThoiGian, r.NguoiThuHoiId)),
  'Nghiệm thu': (t) => one(t.NghiemThu, (a) => parts('|', a.ThoiGian, a.NguoiNghiemThuId, a.NgayBanGiao, a.SoLuong)),
};
const DATES = new Set(['Ngày văn bản', 'Ngày giao', 'Hạn xử lý', 'Ngày hoàn thành']);

export const taskColumns = Object.keys(COLUMNS);
const rowsOf = (city) =>
  taskRecords(city).map((r) => {
    const task = r.record();
    return Object.values(COLUMNS).map((read) => String(read(task) ?? ''));
  });

export const quoted = (text, delimiter) =>
  [delimiter, '"', '\n', '\r'].some((c) => text.includes(c)) ? `"${text.replaceAll('"', '""')}"` : text;

export function taskSheet(city, delimiter = ';') {
  const line = (cells) => cells.map((c) => quoted(c, delimiter)).join(delimiter);
  return `\ufeff${[line(taskColumns), ...rowsOf(city).map(line)].join('\r\n')}\r\n`;
}

// As a workbook: most dates are serial numbers, some were typed as text; a note stands below.
export function taskWorkbook(city) {
  const cell = (text, name, row) => {
    if (!text) return null;
    if (DATES.has(name) && chance(city.seed, 'xs', name, row) < 0.8) return { date: text };
    if (name === 'Số lượng' && chance(city.seed, 'xq', row) < 0.5) return { number: text };
    return { text };
  };
  const rows = rowsOf(city).map((cells, row) => cells.map((text, i) => cell(text, taskColumns[i], row)));
  return workbook('Nhiệm vụ', [taskColumns.map((text) => ({ text })), ...rows], city.seed);
}
