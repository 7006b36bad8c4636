// Goal: each further dialect says the same of the same world as the register's default one,
// and refuses what its real kin refuse. Method: ask the platforms' routes directly, read with
// the quirks undone, and compare ids and times with the default dialect's records.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { DIALECTS, chooseDialects } from '../platforms/dialects.mjs';
import { signedText } from '../platforms/vxp.mjs';
import { dossierRecords } from '../render/dossiers.mjs';
import { taskSheet, taskWorkbook } from '../render/task_sheet.mjs';
import { taskRecords } from '../render/tasks.mjs';
import { hubMessages } from '../render/edxml.mjs';
import { makeWorld } from '../world/index.mjs';

const city = makeWorld({ seed: 1, officials: 50 });
const query = (values) => new URLSearchParams(values);
const read = (reply) => JSON.parse(reply.body.replace(/^\ufeff/, '').replace(/"service_code":(0\d+)/g, '"service_code":"$1"'));
const served = city.reports.map((r) => r.id).sort();

function all(ask, size = 20) {
  const rows = [];
  for (let page = 1; page < 500; page++) {
    const got = ask(page, size);
    if (!got.length) return rows;
    rows.push(...got);
    if (got.length < size) return rows;
  }
  throw new Error('the pages do not end');
}

test('open311: every report once, windows of at most 90 days', () => {
  const route = DIALECTS.citizen_reports.open311.make(city, 'key').routes['GET /open311/v2/requests.json'];
  const window = (from, to, page, page_size) =>
    route(query({ start_date: from, end_date: to, page, page_size }));
  const rows = all((page, size) => read(window('2026-04-01T00:00:00+07:00', '2026-06-29T23:59:59+07:00', page, size)));
  const late = all((page, size) => read(window('2026-06-30T00:00:00+07:00', '2026-07-30T00:00:00+07:00', page, size)));
  const early = all((page, size) => read(window('2026-01-10T00:00:00+07:00', '2026-03-31T23:59:59+07:00', page, size)));
  const ids = new Set([...early, ...rows, ...late].map((r) => String(r.service_request_id)));
  for (const id of served) assert.ok(ids.has(id), id);
  assert.equal(window('2026-01-01T00:00:00+07:00', '2026-06-01T00:00:00+07:00', 1, 20).status, 400);
});

test('open311: JSON that is none where the specification has it so, and the same in XML', () => {
  const { routes } = DIALECTS.citizen_reports.open311.make(city, 'key');
  const ask = { start_date: '2026-04-01T00:00:00+07:00', end_date: '2026-06-29T00:00:00+07:00', page_size: 1000 };
  const text = routes['GET /open311/v2/requests.json'](query(ask)).body;
  assert.match(text, /"service_code":00\d/);
  assert.throws(() => JSON.parse(text));
  const xml = routes['GET /open311/v2/requests.xml'](query(ask)).body;
  const idsOfXml = [...xml.matchAll(/<service_request_id>(\d+)</g)].map((m) => m[1]);
  assert.deepEqual(idsOfXml, read({ body: text }).filter((r) => r.service_request_id).map((r) => String(r.service_request_id)));
});

test('p3: every report once', () => {
  const route = DIALECTS.citizen_reports.p3.make(city, 's').routes['GET /api/phananh/search'];
  const rows = all((page, size) =>
    read(route(query({ tuNgay: '2025-01-01', denNgay: '2026-12-31', pageIndex: page - 1, pageSize: size }))).data.items);
  const ids = rows.filter((r) => r.maPhanAnh && !r.maPhanAnh.startsWith('99')).map((r) => r.maPhanAnh);
  assert.deepEqual([...new Set(ids)].sort(), served);
  const saidAgain = city.reports.reduce((n, r) => n + (r.said_before ?? []).length, 0);
  assert.equal(ids.length, served.length + saidAgain);
});

test('task lists: the tasks of the platform, once each, as text and as a workbook', () => {
  const codes = taskRecords(city).map((t) => t.record().MaNV);
  const csv = taskSheet(city);
  const lines = csv.replace(/^\ufeff/, '').trimEnd().split('\r\n');
  assert.equal(lines.length, codes.length + 1);
  assert.deepEqual(lines.slice(1).map((l) => l.split(';')[0]), codes);
  const book = taskWorkbook(city);
  assert.equal(book.subarray(0, 4).toString('latin1'), 'PK\u0003\u0004');
  assert.deepEqual(book, taskWorkbook(city));
});

test('adapter: a session first, then the same dossiers under UPPER-CASE keys; the session ends', () => {
  const { routes } = DIALECTS.public_service.adapter.make(city, 'pw');
  const serve = (body) => read(routes['POST /mapi/g'](query({}), body));
  const login = (password) => read(routes['POST /mapi/login'](query({}), { username: 'minhchung', password }));
  assert.equal(login('no').session, undefined);
  const { session } = login('pw');
  const ask = { session, madonvi: '000.00.00.H26', tuNgay: '20250101000000', denNgay: '20270101000000', soLuong: '900' };
  let calls = 0;
  const rows = { LayDanhSachHoSo: 'dossiers', LayDanhSachTienDoHoSo: 'steps' };
  for (const [service, stream] of Object.entries(rows)) {
    const expected = dossierRecords(city)[stream].map((r) => r.record());
    const got = [];
    for (let page = 1; got.length < expected.length; page++) {
      const answer = serve({ ...ask, service, trang: String(page) });
      calls++;
      assert.ok(['0', '00', 0].includes(answer.error_code));
      assert.equal(Number(answer.totalrow), expected.length);
      got.push(...answer.result);
    }
    const ids = (list, key) => new Set(list.map((r) => r[key]));
    assert.deepEqual(ids(got, 'MAHOSO'), ids(expected, 'MaHoSo'));
    for (const row of got) for (const key of Object.keys(row)) assert.equal(key, key.toUpperCase());
    const [one] = got.filter((r) => r.DANHSACHHOSOBOSUNG?.length);
    if (one) assert.ok('NGAYBOSUNG' in one.DANHSACHHOSOBOSUNG[0]);
  }
  const list = { ...ask, service: 'LayDanhSachHoSo' };
  for (const bad of [{ service: 'DongBoHoSoMC' }, { madonvi: 'H26.101' }, { trang: 1 }]) {
    assert.equal(serve({ ...list, ...bad }).error_code, '-3');
    calls++;
  }
  while (serve(list).error_code !== '-1') assert.ok(++calls < 100);
  assert.equal(serve(list).error_code, '-1');
});

for (const name of ['bus', 'adapter_files'])
  test(`${name}: every dossier and row in its folder, dossiers once at receipt and once as they stand`, (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'mc-dossiers-'));
    t.after(() => rmSync(dir, { recursive: true }));
    DIALECTS.public_service[name].files(city, dir);
    const messages = (folder) =>
      readdirSync(join(dir, folder)).sort().map((file) => JSON.parse(readFileSync(join(dir, folder, file), 'utf8')));
    const rowsOf = (message) => (name === 'bus' ? message : message.data);
    const { dossiers, steps } = dossierRecords(city);
    const pushed = messages('dongbo').flatMap(rowsOf);
    const expected = dossiers.map((r) => r.record());
    assert.deepEqual(pushed.slice(-expected.length), expected);
    assert.ok(pushed.length > expected.length);
    assert.deepEqual(messages('tiendo').flatMap(rowsOf), steps.map((r) => r.record()));
    assert.ok(messages('tiendo').every((m) => rowsOf(m).length <= 10));
    if (name === 'adapter_files')
      assert.deepEqual([...new Set(messages('dongbo').map((m) => m.isUpdating))], ['False', 'True']);
  });

test('national: a token, then every dossier and row behind a cursor', () => {
  const { routes } = DIALECTS.public_service.national.make(city, 's');
  const grant = { client_id: 'minhchung', client_secret: 's', grant_type: 'client_credentials' };
  assert.equal(routes['POST /oauth2/token'](query({}), { ...grant, client_secret: 'x' }).status, 401);
  const { access_token } = read(routes['POST /oauth2/token'](query({}), grant)).data;
  for (const [path, stream] of [['ho-so', 'dossiers'], ['tien-do', 'steps']]) {
    let cursor = 'c0';
    const rows = [];
    while (cursor) {
      const ask = query({ from: '2025-01-01T00:00:00', to: '2027-01-01T00:00:00', limit: 70, cursor });
      const { data } = read(routes[`GET /api/v1/${path}`](ask, {}, { authorization: `Bearer ${access_token}` }));
      rows.push(...data.items);
      cursor = data.next;
    }
    assert.equal(rows.length, dossierRecords(city)[stream].length);
    assert.ok(rows.every((r) => stream === 'dossiers' || 'IDHoSo' in r));
  }
});

test('vxp: signed headers or nothing; an item leaves the list only by its transport status', () => {
  const { routes } = DIALECTS.documents.vxp.make(city, 's');
  const sign = (fields, secret = 's') => {
    const base = { systemid: 'H26.MC', timestamp: '10062026T083000+0123', ...fields };
    const headers = { ...base };
    for (const [n, v] of Object.entries(base)) headers[`xroadvnpt-${n}`] = v;
    headers['xroadvnpt-sign-header-key'] = Object.keys(base).join(';');
    headers['xroadvnpt-hash-header'] = createHmac('sha256', secret).update(signedText(headers)).digest('hex');
    return headers;
  };
  const call = (route, headers) => routes[route](query({}), {}, headers);
  const list = () => read(call('GET /getReceivedEdocList', sign({ servicetype: 'eDoc', messagetype: 'edoc' })));
  assert.equal(read(call('GET /getReceivedEdocList', sign({ messagetype: 'edoc' }, 'x'))).status, 'FAIL');
  const rows = list().data;
  assert.equal(rows.length, hubMessages(city).filter((m) => m.messageType === 'edoc').length);
  const id = rows[0].docId ?? rows[0].id;
  assert.match(call('GET /getEdoc', sign({ docid: id })).body, /edXML/);
  assert.equal(list().data.length, rows.length);
  call('POST /updateStatus', sign({ docid: id, status: 'done' }));
  assert.equal(list().data.length, rows.length - 1);
});

test('lgsp: login, three headers, the message inside JSON', () => {
  const { routes } = DIALECTS.documents.lgsp.make(city, 's');
  const body = { username: 'minhchung', password: 's', applicationCode: 'mc', otp: null, twoFactorProvider: null, typeObjs: [0, 1] };
  const { token } = read(routes['POST /v1/auth/login'](query({}), body)).data;
  const headers = { authorization: `Bearer ${token}`, 'x-systemid': 'H26.MC', 'x-secretkey': 's' };
  const ask = query({ messageType: 'edoc', fromDate: '2025/01/01', toDate: '2027/01/01' });
  assert.equal(routes['GET /v1/syncReceivedEdocList'](ask, {}, {}).status, 401);
  const list = read(routes['GET /v1/syncReceivedEdocList'](ask, {}, headers));
  assert.equal(list.count, list.data.length);
  const one = read(routes['GET /v1/getEdoc'](query({ docId: list.data[0].docId }), {}, headers));
  assert.match(one.data.edxml, /edXML/);
});

test('an unknown dialect is named with those that there are', () => {
  assert.equal(chooseDialects('').documents.id, 'documents');
  assert.equal(chooseDialects('documents=vxp').documents.id, 'documents_vxp');
  assert.throws(() => chooseDialects('documents=xyz'), /documents=lgsp/);
});
