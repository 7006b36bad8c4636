// The same dossiers in the shape of the national interface after 2025 (dialect 3): numbers
// where there were texts, ISO times without a zone, IdHoSo in status and IDHoSo in progress.

import { dossierRecords } from './dossiers.mjs';

// 20260610083000 -> 2026-06-10T08:30:00.000; what is no packed time stays as it is.
const iso = (packed) =>
  packed?.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6.000') ?? packed;
const number = (text) => (/^\d{1,2}$/.test(text ?? '') ? Number(text) : text);

function dossier(d) {
  const { MaHoSo, MaHoSoKhac, DonViXuLy } = d;
  return {
    IdHoSo: MaHoSo,
    MaHoSoKhac,
    MaDichVuCong: d.MaTTHC,
    TenDonViTiepNhan: DonViXuLy,
    LoaiDoiTuong: 1,
    TrangThai: number(d.TrangThaiHoSo),
    NgayTiepNhan: iso(d.NgayTiepNhan),
    NgayHenTra: iso(d.NgayHenTra),
    NgayKetThucXuLy: iso(d.NgayKetThucXuLy),
    NgayTra: iso(d.NgayTra),
    EformThongTinChiTiet: {},
    ThanhPhanHoSo: [],
    ThongTinNguoiNop: { SoDinhDanh: d.SoGiayToChuHoSo ?? '', SoDienThoai: d.SoDienThoai ?? '' },
    DanhSachHoSoBoSung: (d.DanhSachHoSoBoSung ?? []).map((s) => ({
      NgayBoSung: iso(s.NgayBoSung),
      NgayTiepNhanBoSung: iso(s.NgayTiepNhanBoSung),
      NgayHenTraMoi: iso(s.NgayHenTraMoi),
    })),
  };
}

const step = (s) => ({
  IDHoSo: s.MaHoSo,
  NguoiXuLy: s.NguoiXuLy,
  NoiDungXuLy: s.NoiDungXuLy,
  ThoiDiemXuLy: iso(s.ThoiDiemXuLy),
  TrangThai: number(s.TrangThai),
});

export function dossierRecords2025(city) {
  const { dossiers, steps } = dossierRecords(city);
  const as = (list, write) => list.map(({ changed, record }) => ({ changed, record: () => write(record()) }));
  return { dossiers: as(dossiers, dossier), steps: as(steps, step) };
}
