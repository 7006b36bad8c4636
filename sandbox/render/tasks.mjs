// Tasks in the `qlnv` shape. Each date stands twice, once for machines and once for show,
// and which field holds which varies. HanXuLy is the deadline as first set; later ones
// stand in LichSuGiaHan.

import { chance } from '../world/rng.mjs';
import { codeOf } from '../world/places.mjs';
import { TASK_TYPES } from '../world/products.mjs';
import { dateOf } from '../world/time.mjs';
import { notation, showDate, showMinute, slashDate, slashTime, wireText } from './text.mjs';

const STATES = {
  DANG_THUC_HIEN: 'Đang thực hiện',
  CHO_XAC_NHAN: 'Chờ xác nhận',
  HOAN_THANH: 'Hoàn thành',
  TRA_LAI: 'Trả lại',
  THU_HOI: 'Thu hồi',
};

function stateOf(task) {
  if (task.recall) return 'THU_HOI';
  if (task.acceptance) return 'HOAN_THANH';
  const claim = task.claims[task.claims.length - 1];
  const back = task.returns[task.returns.length - 1];
  if (back && (!claim || claim.at <= dateOf(back.at))) return 'TRA_LAI';
  return claim ? 'CHO_XAC_NHAN' : 'DANG_THUC_HIEN';
}

// [machine form, display form] in the order in which this task writes them.
function twice(city, task, field, moment) {
  if (!moment) return [null, chance(city.seed, 'tn', task.n) < 0.5 ? null : ''];
  const pair = [slashDate(moment), showDate(moment)];
  return chance(city.seed, 'tt', field, task.n) < 0.5 ? pair : pair.reverse();
}

function resultField(city, task, ref, i) {
  if (ref.kind === 'dossier') return { Loai: 'HoSo', MaHoSo: ref.id };
  if (ref.kind === 'report')
    return { Loai: 'PhanAnh', PhanAnhID: chance(city.seed, 'tr', task.n, i) < 0.5 ? Number(ref.id) : ref.id };
  const blank = chance(city.seed, 'tb', task.n, i) < 0.05 ? ' ' : '';
  return {
    Loai: 'VanBan',
    SoKyHieu: ref.number,
    NgayBanHanh: slashDate(ref.date),
    ...(ref.issuer ? { MaDonVi: notation(city, `tm ${task.n} ${i}`, ref.issuer) + blank } : {}),
  };
}

const results = (city, task, claim) => claim.results.map((ref, i) => resultField(city, task, ref, i));

function history(city, task) {
  return {
    LichSuBaoCao: task.claims
      .slice(0, -1)
      .map((c) => ({ NgayHoanThanh: slashDate(c.at), KetQuaThucHien: results(city, task, c) })),
    LichSuTraLai: task.returns.map((r) => ({
      ThoiGian: slashTime(r.at),
      NguoiTraId: r.by.account,
      LyDoMa: r.reason,
      LyDo: 'Trả lại',
    })),
    LichSuGiaHan: task.extensions.map((e) => ({
      ThoiGian: slashTime(e.at),
      NguoiGiaHanId: e.by.account,
      HanMoi: slashDate(e.due),
    })),
    ThuHoi: task.recall && {
      ThoiGian: slashTime(task.recall.at),
      NguoiThuHoiId: task.recall.by.account,
      LyDo: 'Thu hồi',
    },
    NghiemThu: task.acceptance && acceptance(task.acceptance),
  };
}

function acceptance(a) {
  return {
    ThoiGian: slashTime(a.at),
    NguoiNghiemThuId: a.by.account,
    ...(a.delivered ? { NgayBanGiao: slashDate(a.delivered) } : {}),
    ...(a.quantity ? { SoLuong: String(a.quantity) } : {}),
  };
}

function people(city, task) {
  const unit = city.unitById.get(task.unit);
  return {
    NguoiGiaoId: task.assigner?.account ?? null,
    NguoiGiaoViec: task.assigner ? 'Lãnh đạo giao việc' : null,
    DonViTheoDoi: wireText(unit.name, city.seed, `td ${task.n}`),
    MaDonViTheoDoi: codeOf(unit),
    CanBoId: task.lead.account,
    ChuyenVienTheoDoi: wireText(
      city.personById.get(task.lead.person)?.name ?? 'Tài khoản lạ',
      city.seed,
      `tc ${task.n}`,
      0.2,
    ),
    DonViPhoiHop: task.coordinators.map((c) => ({
      MaDonVi: c.code,
      TenDonVi: city.nameOfCode(c.code),
      CanBoId: c.account ?? '',
    })),
  };
}

function renderTask(city, task) {
  const [due, dueShown] = twice(city, task, 'due', task.due);
  const claim = task.claims[task.claims.length - 1];
  const [done, doneShown] = twice(city, task, 'done', claim?.at);
  const state = stateOf(task);
  const id = 1718000000000 + task.n;
  return {
    Id: chance(city.seed, 'ti', task.n) < 0.5 ? id : String(id),
    SoNhiemVu: String(task.n),
    MaNV: task.code,
    NoiDungTheoDoi: `Nhiệm vụ mô phỏng số ${task.n}`,
    LoaiNhiemVuId: task.type,
    LoaiNhiemVu: wireText(TASK_TYPES[task.type]?.name ?? 'Khác', city.seed, `tl ${task.n}`),
    ...people(city, task),
    HanXuLy: due,
    HanXuLy_: dueShown,
    NgayTao: slashTime(task.created),
    NgayTao_: showMinute(task.created),
    NgayHoanThanh: done,
    NgayHoanThanh_: doneShown,
    TinhHinhThucHien: '',
    TrangThai: STATES[state],
    MaTrangThai: state,
    SoKyHieuVanBan: task.instruction?.number ?? '',
    NgayVanBan: task.instruction?.date ? slashDate(task.instruction.date) : null,
    TrichYeuVanBan: task.instruction ? 'Văn bản giao việc' : '',
    ...(task.quantity === 1 ? {} : { SoLuong: task.n % 2 ? task.quantity : String(task.quantity) }),
    KetQuaThucHien: claim ? results(city, task, claim) : [],
    ...history(city, task),
  };
}

// What was said first stands in front, also where the correction is of an earlier day.
const shownAt = (task) => Math.min(task.created, task.now?.created ?? task.created);

// [{date, record, before}] by day of creation; before: said first, and otherwise since.
export function taskRecords(city) {
  const said = city.tasks.flatMap((task) => [
    ...(task.said_before ?? []).map((before) => ({ ...task, ...before, before: true, now: task })),
    task,
  ]);
  const list = said.map((task) => ({
    at: shownAt(task),
    date: dateOf(shownAt(task)),
    before: Boolean(task.before),
    record: () => renderTask(city, task),
  }));
  for (const bad of city.bad.filter((b) => b.platform === 'hanoiwork'))
    list.push({ at: bad.at, date: dateOf(bad.at), record: () => bad.record });
  return list.sort((a, b) => a.at - b.at);
}
