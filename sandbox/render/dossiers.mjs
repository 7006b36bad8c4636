// Dossiers and progress rows of the public service, objects as in DongBoHoSoMC and
// CapNhatTienDoHoSoMC: every scalar a string, what is missing is "".

import { chance } from '../world/rng.mjs';
import { PROCEDURES } from '../world/products.mjs';
import { ROOT_CODE } from '../world/places.mjs';
import { packedTime, wireText } from './text.mjs';

const orEmpty = (moment) => (moment === null || moment === undefined ? '' : packedTime(moment));

// One procedure in three notations.
function procedureCode(city, dossier) {
  const x = chance(city.seed, 'procedure', dossier.n);
  if (x < 0.4) return `${dossier.procedure}.000.00.00.${ROOT_CODE}`;
  return x < 0.7 ? `${dossier.procedure}.${ROOT_CODE}` : dossier.procedure;
}

function supplements(dossier) {
  return dossier.supplements.map((s, i) => ({
    HoSoBoSungId: `${dossier.n}-${i + 1}`,
    NguoiYeuCauBoSung: 'Cán bộ một cửa',
    NoiDungBoSung: 'Bổ sung giấy tờ',
    NgayBoSung: orEmpty(s.requested),
    NguoiTiepNhanBoSung: '',
    ThongTinTiepNhan: '',
    NgayTiepNhanBoSung: orEmpty(s.received),
    TrangThaiBoSung: s.received ? '1' : '0',
    NgayHenTraTruoc: orEmpty(dossier.due),
    NgayHenTraMoi: orEmpty(s.new_due),
  }));
}

function statusOf(dossier) {
  return dossier.status ?? (dossier.rows.length ? dossier.rows[dossier.rows.length - 1].status : '1');
}

// `id`, `other`: one dossier may be listed under both of its ids.
function renderDossier(city, dossier, id, other) {
  const procedure = PROCEDURES[dossier.procedure];
  return {
    MaHoSo: id,
    MaHoSoKhac: other,
    MaTTHC: procedureCode(city, dossier),
    TenTTHC: wireText(procedure?.name ?? '', city.seed, `tt ${dossier.n}`),
    MaLinhVuc: 'LV01',
    TenLinhVuc: 'Lĩnh vực mô phỏng',
    SoBienNhan: '',
    ChuHoSo: `Công dân mô phỏng ${dossier.n}`,
    LoaiDoiTuong: '1',
    MaDoiTuong: '',
    ThongTinKhac: '',
    Email: '',
    Fax: '',
    SoDienThoai: '',
    TrichYeuHoSo: chance(city.seed, 'abstract', dossier.n) < 0.1 ? 'null' : '',
    NgayTiepNhan: orEmpty(dossier.received),
    NgayHenTra: orEmpty(dossier.due),
    TrangThaiHoSo: statusOf(dossier),
    NgayTra: orEmpty(dossier.returned),
    ThongTinTra: '',
    HinhThuc: '1',
    NgayKetThucXuLy: orEmpty(dossier.ended),
    DonViXuLy: wireText(city.unitById.get(dossier.unit).name, city.seed, `dv ${dossier.n}`),
    GhiChu: '',
    TaiLieuNop: [],
    DanhSachLePhi: [],
    DanhSachTepDinhKemKhac: [],
    DanhSachHoSoBoSung: supplements(dossier),
    DanhSachGiayToKetQua: [],
  };
}

function renderRow(city, dossier, row, id, i) {
  return {
    MaHoSo: id,
    NguoiXuLy: wireText(row.label, city.seed, `row ${dossier.n} ${i}`, 0.15),
    ChucDanh: '',
    ThoiDiemXuLy: packedTime(row.at),
    PhongBanXuLy: '',
    NoiDungXuLy: 'Xử lý hồ sơ',
    TrangThai: row.status,
    NgayBatDau: '',
    NgayKetThucTheoQuyDinh: orEmpty(dossier.due),
  };
}

function lastChange(dossier) {
  const times = [
    dossier.received,
    dossier.ended,
    dossier.returned,
    ...dossier.rows.map((r) => r.at),
    ...dossier.supplements.flatMap((s) => [s.requested, s.received]),
  ];
  return Math.max(...times.filter((t) => t !== null && t !== undefined));
}

// [{changed, record}] for both services, by time of last change.
export function dossierRecords(city) {
  const dossiers = [],
    steps = [];
  for (const d of city.dossiers) {
    dossiers.push({
      changed: lastChange(d),
      record: () => renderDossier(city, d, d.id, d.other && d.named_by !== 'other' ? d.other : ''),
    });
    if (d.other)
      dossiers.push({ changed: lastChange(d) + 30, record: () => renderDossier(city, d, d.other, d.id) });
    d.rows.forEach((row, i) => {
      const id = d.other && row.under_other ? d.other : d.id;
      steps.push({ changed: row.at, record: () => renderRow(city, d, row, id, i) });
    });
  }
  for (const bad of city.bad.filter((b) => b.platform === 'public_service')) {
    const list = bad.stream === 'steps' ? steps : dossiers;
    list.push({ changed: bad.at, record: () => bad.record });
  }
  const byTime = (a, b) => a.changed - b.changed;
  return { dossiers: dossiers.sort(byTime), steps: steps.sort(byTime) };
}
