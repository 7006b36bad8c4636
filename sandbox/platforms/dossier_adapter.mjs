// The national adapter (dialect 1): a session from a login, then every service by POST to one
// address. Sessions end after a number of calls. error_code is "00", "0" or 0 when it is well.

import { dossierRecords } from '../render/dossiers.mjs';
import { packedTime } from '../render/text.mjs';
import { chance, hash32 } from '../world/rng.mjs';
import { json } from './http.mjs';
import { pageOf } from './public_service.mjs';

const SERVICES = { DongBoHoSoMC: 'dossiers', CapNhatTienDoHoSoMC: 'steps' };
const CALLS_PER_SESSION = 40;

export function dossierAdapterPlatform(city, secret) {
  const records = dossierRecords(city);
  for (const list of Object.values(records)) for (const r of list) r.key = packedTime(r.changed);
  let session = null,
    calls = 0,
    logins = 0;

  function login(_, body) {
    if (body.username !== 'minhchung' || body.password !== secret)
      return json({ error_code: 1, message: 'Sai tài khoản hoặc mật khẩu' });
    session = `phien-${hash32(`${city.seed} session ${++logins}`).toString(16)}`;
    calls = 0;
    return json({ session, error_code: 0 });
  }

  function serve(_, body) {
    if (!session || body.session !== session || ++calls > CALLS_PER_SESSION) {
      session = null;
      return json({ error_code: '-1', message: 'Phiên làm việc đã hết hạn' });
    }
    const stream = SERVICES[body.service];
    const { tuNgay: from, denNgay: to } = body;
    const page = Number(body.trang ?? '1'),
      size = Number(body.soLuong ?? '100');
    if (!stream || !/^\d{14}$/.test(from ?? '') || !/^\d{14}$/.test(to ?? '') || !(page >= 1) || !(size >= 1))
      return json({ error_code: '-3', message: 'Sai tham số' });
    const list = records[stream].filter((r) => r.key >= from && r.key < to);
    const name = `${stream} ${from} ${page}`;
    const x = chance(city.seed, 'adapter', name);
    const rows = pageOf(list, page, size, chance(city.seed, 'repeat', name) < 0.25);
    return json({
      error_code: x < 0.3 ? '0' : x < 0.6 ? '00' : 0,
      message: '',
      totalrow: x < 0.5 ? String(list.length) : list.length,
      result: rows.map((r) => r.record()),
    });
  }

  return {
    header: 'dstcode',
    credential: 'VN:GOV:000.00.00.H26:dvc',
    routes: { 'POST /mapi/login': login, 'POST /mapi/g': serve },
  };
}
