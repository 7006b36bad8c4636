// The national adapter (dialect 1): a session from a login, then every service by POST to one
// address, named in the body. Sessions end after a number of calls, in the middle of a pull.
// error_code is "00", "0" or 0 when it is well. The two list services are assumed (the
// public clients push, and look up by id); the pushing services are not served here.

import { adapterRecords } from '../render/dossiers_adapter.mjs';
import { packedTime } from '../render/text.mjs';
import { chance, hash32 } from '../world/rng.mjs';
import { json } from './http.mjs';
import { pageOf } from './public_service.mjs';

const SERVICES = { LayDanhSachHoSo: 'dossiers', LayDanhSachTienDoHoSo: 'steps' };
const CALLS_PER_SESSION = 9;
export const ADAPTER_UNIT = '000.00.00.H26';
export const ADAPTER_CODE = `VN:GOV:${ADAPTER_UNIT}:dvc`;

const isText = (value) => typeof value === 'string';

export function dossierAdapterPlatform(city, secret) {
  const records = adapterRecords(city);
  for (const list of Object.values(records)) for (const r of list) r.key = packedTime(r.changed);
  let session = null,
    calls = 0,
    logins = 0;

  function login(_, body) {
    if (body.username !== 'minhchung' || body.password !== secret)
      return json({ error_code: 1, message: 'Sai tai khoan hoac mat khau' });
    session = `phien/${hash32(`${city.seed} session ${++logins}`).toString(16)}+=`;
    calls = 0;
    const answer = json({ session, error_code: 0 });
    return { ...answer, body: answer.body.replaceAll('/', '\\/') };
  }

  function serve(_, body) {
    if (!session || body.session !== session || ++calls > CALLS_PER_SESSION) {
      session = null;
      return json({ error_code: '-1', message: 'Phien lam viec da het han' });
    }
    const stream = SERVICES[body.service];
    const { tuNgay: from, denNgay: to, trang, soLuong } = body;
    const page = Number(trang ?? '1'),
      size = Number(soLuong ?? '100');
    const good =
      stream &&
      Object.values(body).every(isText) &&
      body.madonvi === ADAPTER_UNIT &&
      /^\d{14}$/.test(from ?? '') &&
      /^\d{14}$/.test(to ?? '');
    if (!good || !(page >= 1) || !(size >= 1)) return json({ error_code: '-3', message: 'Sai tham so' });
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
    credential: ADAPTER_CODE,
    routes: { 'POST /mapi/login': login, 'POST /mapi/g': serve },
  };
}
