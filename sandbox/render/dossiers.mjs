// Dossiers and progress rows of the public service, objects as in DongBoHoSoMC and
// CapNhatTienDoHoSoMC: every scalar a string, what is missing is "".

import { chance, hash32 } from '../world/rng.mjs';
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

// Numbers of nobody: no province has 099, no old paper begins with 000, no phone with 0990.
export function numbersOf(city, n) {
  const digits = (name, count) =>
    String(hash32(`${city.seed} ${name} ${n}`) % 10 ** count).padStart(count, '0');
  return {
    phone: chance(city.seed, 'phone', n) < 0.6 ? `0990${digits('phone', 6)}` : '',
    paper: chance(city.seed, 'paper number', n) < 0.8 ? `099${digits('cccd', 9)}` : `000${digits('cmnd', 6)}`,
  };
}

// What a sender writes in place of what is missing or too long (world/sender.mjs).
const CUT = (text, at) => `${text.repeat(Math.ceil(at / text.length)).slice(0, at)}...`;
const PAPERS = [
  'unknown_person',
  'long_abstract',
  'no_abstract',
  'no_file_name',
  'several_urls',
  'no_result',
  'plain',
];

function paperOf(city, dossier) {
  if (!dossier.through_sender) return null;
  return dossier.paper ?? PAPERS[Math.floor(chance(city.seed, 'paper', dossier.n) * PAPERS.length)];
}

function abstractOf(city, dossier) {
  const paper = paperOf(city, dossier);
  if (paper === 'long_abstract') return CUT('Đề nghị giải quyết việc mô phỏng. ', 995);
  if (paper === 'no_abstract') return 'Dinhkem';
  return chance(city.seed, 'abstract', dossier.n) < 0.1 ? 'null' : '';
}

function papersOf(city, dossier) {
  const paper = paperOf(city, dossier);
  if (!paper) return { TaiLieuNop: [], DanhSachGiayToKetQua: [] };
  const url = (name) => `https://motcua.example/tep/${dossier.n}/${name}.pdf`;
  const names = { no_file_name: 'Dinhkem', long_file_name: CUT('don-mo-phong-', 3995) };
  const given = {
    TepDinhKemId: '',
    TenTepDinhKem: names[paper] ?? 'don.pdf',
    IsDeleted: 'False',
    MaThanhPhanHoSo: 'TP01',
    DuongDanTaiTepTin: paper === 'several_urls' ? `${url('don')}##${url('don-2')}` : url('don'),
  };
  const result = {
    TenGiayTo: paper === 'no_result' ? given.TenTepDinhKem : 'ket-qua.pdf',
    MaGiayToKetQua: 'KQ01',
    DuongDanTepTinKetQua: paper === 'no_result' ? given.DuongDanTaiTepTin : url('ket-qua'),
  };
  const unknown = [{ LoaiDinhDanh: '2', SoDinhDanh: '000000001' }];
  return {
    TaiLieuNop: [given],
    DanhSachGiayToKetQua: [result],
    ...(paper === 'unknown_person' ? { SoGiayToChuHoSo: '', DinhDanhCHS: unknown } : {}),
  };
}

const unitName = (city, dossier) => dossier.unit_written ?? city.unitById.get(dossier.unit).name;

function statusOf(dossier) {
  return dossier.sent_status ?? dossier.status ?? (dossier.rows.length ? dossier.rows[dossier.rows.length - 1].status : '1');
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
    SoDienThoai: numbersOf(city, dossier.n).phone,
    SoGiayToChuHoSo: numbersOf(city, dossier.n).paper,
    TrichYeuHoSo: abstractOf(city, dossier),
    NgayTiepNhan: orEmpty(dossier.received),
    NgayHenTra: orEmpty(dossier.due),
    TrangThaiHoSo: statusOf(dossier),
    NgayTra: orEmpty(dossier.returned),
    ThongTinTra: '',
    HinhThuc: '1',
    NgayKetThucXuLy: orEmpty(dossier.ended),
    DonViXuLy: wireText(unitName(city, dossier), city.seed, `dv ${dossier.n}`),
    GhiChu: '',
    DanhSachLePhi: [],
    DanhSachTepDinhKemKhac: [],
    DanhSachHoSoBoSung: supplements(dossier),
    ...papersOf(city, dossier),
  };
}

function renderRow(city, dossier, row, id, i) {
  return {
    MaHoSo: id,
    NguoiXuLy: wireText(row.label, city.seed, `row ${dossier.n} ${i}`, 0.15),
    ChucDanh: '',
    ThoiDiemXuLy: packedTime(row.at),
    PhongBanXuLy: '',
    NoiDungXuLy: wireText(row.says ?? 'Xử lý hồ sơ', city.seed, `says ${dossier.n} ${i}`, 0.15),
    TrangThai: row.sent ?? row.status,
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

const SAID_APART = 2; // seconds between two statements of one record

// What was said of a dossier before, and what is said now, each under its ids.
function addDossier(city, dossiers, d) {
  const said = [...(d.said_before ?? []).map((before) => ({ ...d, ...before })), d];
  const first = lastChange(d) - SAID_APART * (said.length - 1);
  said.forEach((version, i) => {
    const changed = first + SAID_APART * i;
    const other = d.other && d.named_by !== 'other' ? d.other : '';
    dossiers.push({ changed, record: () => renderDossier(city, version, d.id, other) });
    if (d.other)
      dossiers.push({ changed: changed + 30, record: () => renderDossier(city, version, d.other, d.id) });
  });
}

// [{changed, record}] for both services, by time of last change.
export function dossierRecords(city) {
  const dossiers = [],
    steps = [];
  for (const d of city.dossiers) {
    addDossier(city, dossiers, d);
    d.rows.forEach((row, i) => {
      const id = d.other && row.under_other ? d.other : d.id;
      steps.push({ changed: row.written ?? row.at, record: () => renderRow(city, d, row, id, i) });
    });
  }
  for (const bad of city.bad.filter((b) => b.platform === 'public_service')) {
    const list = bad.stream === 'steps' ? steps : dossiers;
    list.push({ changed: bad.at, record: () => bad.record });
  }
  const byTime = (a, b) => a.changed - b.changed;
  return { dossiers: dossiers.sort(byTime), steps: steps.sort(byTime) };
}
