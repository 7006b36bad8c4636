// Records that no reader should accept: a handful per platform. They belong to nobody in
// /truth; whoever reads them must set them aside and go on.

import { codeOf } from './places.mjs';
import { packedTime } from '../render/text.mjs';
import { periodOf } from './time.mjs';

// A unit in which nobody has a post: what is lost there stops nobody.
const quietUnit = (city) => city.unitById.get('dept-20');

// Where a bad record counts, as far as it can still be read: a unit or none; a month, or none where its time
// cannot be read and it counts in the month in which it is first seen.
const counts = (register, unit, moment) => ({ register, unit, month: moment === null ? null : periodOf(moment) });

function badMessages(stage) {
  const { city } = stage;
  const when = stage.at(0, 7, '11:11:11');
  const document = (n, date) => ({
    n: 900000 + n,
    issuer: 'G22',
    number: `${n}/HONG`,
    date,
    type: 'Công văn',
    due: null,
    receivers: ['H26.101'],
    task_codes: [],
    sent_at: when,
    copies: 1,
  });
  const quiet = quietUnit(city);
  const status = (n) => ({
    n: 900000 + n,
    code: '06',
    from: codeOf(quiet),
    issuer: 'G22',
    number: `${n}/HONG`,
    date: stage.day(0, 6),
    at: when,
    staff: null,
    arrives: when,
  });
  const add = (name, messageType, more) =>
    city.bad.push({
      platform: 'documents',
      name,
      messageType,
      from: 'G22',
      to: 'H26.101',
      at: when,
      counts: counts('edoc', more.status ? quiet.id : null, when),
      ...more,
    });
  const date = stage.day(0, 6);
  add('impossible promulgation date', 'edoc', {
    document: document(1, date),
    spoil: (xml) => xml.replace(/(<edXML:PromulgationDate>)[^<]*/, '$12014/02/30'),
  });
  add('cut off', 'edoc', { document: document(2, date), spoil: (xml) => xml.slice(0, 700) });
  add('unknown status', 'status', {
    status: status(3),
    spoil: (xml) => xml.replace(/(<edXML:StatusCode>)[^<]*/, '$199'),
  });
  add('impossible time', 'status', {
    status: status(4),
    spoil: (xml) => xml.replace(/(<edXML:Timestamp>)[^<]*/, '$12026/02/30 25:00:00'),
  });
}

function badDossiers(stage) {
  const { city } = stage;
  const at = stage.at(0, 7, '11:12:13');
  const quiet = quietUnit(city);
  const dossier = (n, more) => ({
    MaHoSo: `${codeOf(quiet)}-990101-${n}`,
    MaHoSoKhac: '',
    MaTTHC: '1.001193',
    TenTTHC: '',
    NgayTiepNhan: packedTime(at),
    NgayHenTra: packedTime(at + 86400),
    TrangThaiHoSo: '4',
    NgayTra: '',
    NgayKetThucXuLy: '',
    DonViXuLy: quiet.name,
    DanhSachHoSoBoSung: [],
    ...more,
  });
  const add = (stream, unit, moment, record) =>
    city.bad.push({ platform: 'public_service', stream, at, counts: counts('dvc', unit, moment), record });
  add('dossiers', quiet.id, null, dossier('90001', { NgayTiepNhan: '20140230101010' }));
  add('dossiers', quiet.id, at, dossier('90002', { TrangThaiHoSo: '99' }));
  add('dossiers', quiet.id, at, dossier('', { MaHoSo: '' }));
  add('steps', null, at, {
    MaHoSo: `${codeOf(quiet)}-990101-90004`,
    NguoiXuLy: 'Không Rõ',
    ThoiDiemXuLy: packedTime(at),
    TrangThai: '99',
  });
}

function badReports(stage) {
  const { city } = stage;
  const quiet = quietUnit(city);
  const org = codeOf(quiet);
  const date = stage.day(0, 7);
  const record = (more) => ({
    PhanAnhID: '990001',
    ChuyenMucID: '1',
    TieuDe: 'Phản ánh',
    NoiDungPhanAnh: '',
    NgayPhanAnh: `${date} 08:00:00`,
    NgayTraLoi: null,
    NoiDungTraLoi: '',
    DanhSachFileDinhKem: [],
    DanhSachFileDinhKem_Kq: [],
    ...more,
  });
  const add = (list, moment, r) =>
    city.bad.push({
      platform: 'citizen_reports',
      org,
      list,
      date,
      counts: counts('ihanoi', quiet.id, moment),
      record: r,
    });
  const { PhanAnhID, ...nameless } = record({});
  add('open', date, nameless);
  add('handled', null, record({ PhanAnhID: '990002', NgayPhanAnh: '2026-02-30 08:00:00' }));
}

function badTasks(stage) {
  const { city } = stage;
  const at = stage.at(0, 7, '11:14:15');
  const day = stage.day(0, 7).replaceAll('-', '/');
  const quiet = quietUnit(city);
  const record = (more) => ({
    Id: 1,
    SoNhiemVu: '1',
    MaNV: 'NV-XX-900001',
    NoiDungTheoDoi: 'Hỏng',
    LoaiNhiemVuId: 'NV01',
    MaDonViTheoDoi: codeOf(quiet),
    DonViTheoDoi: quiet.name,
    NguoiGiaoId: 'a',
    CanBoId: 'b',
    HanXuLy: null,
    HanXuLy_: null,
    NgayTao: `${day} 08:00:00`,
    NgayTao_: '',
    NgayHoanThanh: null,
    NgayHoanThanh_: null,
    MaTrangThai: 'DANG_THUC_HIEN',
    KetQuaThucHien: [],
    LichSuBaoCao: [],
    LichSuTraLai: [],
    LichSuGiaHan: [],
    ThuHoi: null,
    NghiemThu: null,
    ...more,
  });
  const add = (moment, r) =>
    city.bad.push({ platform: 'hanoiwork', at, counts: counts('hanoiwork', quiet.id, moment), record: r });
  add(at, record({ MaNV: '' }));
  add(null, record({ MaNV: 'NV-XX-900002', NgayTao: '2014/02/30 08:00:00', NgayTao_: '30/02/2014 08:00' }));
  add(at, record({ MaNV: 'NV-XX-900003', MaTrangThai: 'TRANG_THAI_99' }));
}

export function plantBadRecords(stage) {
  badMessages(stage);
  badDossiers(stage);
  badReports(stage);
  badTasks(stage);
}
