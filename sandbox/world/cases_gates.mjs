// Where a gate on the data closes, and where one is exactly at its threshold and stays open (decision 0016).

import { codeOf } from './places.mjs';
import { slashDate } from '../render/text.mjs';
import { periodOf } from './time.mjs';

const LEAST_OF_100 = 99; // readable records of a hundred

// One task of the front's that nobody can read, in the first of the three months.
function plantClosedGate(stage) {
  const { city } = stage;
  const unit = city.staffed[3].unit;
  const at = stage.at(-2, 7, '11:14:15');
  city.bad.push({
    platform: 'hanoiwork',
    at,
    counts: { register: 'hanoiwork', unit: unit.id, month: periodOf(at) },
    record: {
      Id: 2,
      SoNhiemVu: '2',
      MaNV: 'NV-XX-900004',
      NoiDungTheoDoi: 'Hỏng',
      LoaiNhiemVuId: 'NV01',
      MaDonViTheoDoi: codeOf(unit),
      DonViTheoDoi: unit.name,
      NguoiGiaoId: 'a',
      CanBoId: 'b',
      HanXuLy: null,
      NgayTao: `${slashDate(stage.day(-2, 7))} 08:00:00`,
      MaTrangThai: 'TRANG_THAI_99',
      KetQuaThucHien: [],
      LichSuBaoCao: [],
      LichSuTraLai: [],
      LichSuGiaHan: [],
      ThuHoi: null,
      NghiemThu: null,
    },
  });
}

// Reports to a unit until exactly 99 of each 100 of the month can be read; they are led by nobody.
function plantGateAtThreshold(stage) {
  const { city } = stage;
  const unit = city.staffed[1].unit;
  const month = periodOf(stage.day(-1, 1));
  const said = city.reports.flatMap((r) => [...(r.said_before ?? []).map((before) => ({ ...r, ...before })), r]);
  const have = said.filter((r) => r.unit === unit.id && periodOf(r.received) === month).length;
  const bad = Math.max(1, Math.ceil(have / LEAST_OF_100));
  for (let i = have; i < bad * LEAST_OF_100; i++) {
    const day = 1 + (i % 25);
    const received = stage.at(-1, day, '09:10:00') + i;
    city.report({ unit: unit.id, received, answered: stage.at(-1, day + 2, '15:20:00') });
  }
  for (let i = 0; i < bad; i++) {
    const date = stage.day(-1, 7);
    city.bad.push({
      platform: 'citizen_reports',
      org: codeOf(unit),
      list: 'open',
      date,
      counts: { register: 'ihanoi', unit: unit.id, month },
      record: {
        ChuyenMucID: '1',
        TieuDe: `Phản ánh không mã ${i}`,
        NoiDungPhanAnh: '',
        NgayPhanAnh: `${date} 08:0${i % 10}:00`,
        NgayTraLoi: null,
        NoiDungTraLoi: '',
        DanhSachFileDinhKem: [],
        DanhSachFileDinhKem_Kq: [],
      },
    });
  }
}

export function plantGates(stage) {
  plantClosedGate(stage);
  plantGateAtThreshold(stage);
}
