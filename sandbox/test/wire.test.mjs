// Goal: every byte that the platforms serve can be read once the known quirks are undone,
// the same seed gives the same bytes, and natural ids are what they should be.
// Method: render everything and read it with strict readers.

import assert from 'node:assert/strict';
import test from 'node:test';

import { citizenReportsPlatform } from '../platforms/citizen_reports.mjs';
import { documentsPlatform } from '../platforms/documents.mjs';
import { hanoiworkPlatform } from '../platforms/hanoiwork.mjs';
import { pageOf, publicServicePlatform } from '../platforms/public_service.mjs';
import { hubMessages } from '../render/edxml.mjs';
import { dossierRecords } from '../render/dossiers.mjs';
import { halfDecompose } from '../render/text.mjs';
import { hash32 } from '../world/rng.mjs';
import { assessmentsOf, directoryOf, makeWorld } from '../world/index.mjs';

const city = makeWorld({ seed: 1, officials: 50 });
const query = (values) => new URLSearchParams(values);
const read = (reply) => JSON.parse(reply.body.replace(/^\ufeff/, ''));

// Well-formed: every element closed in order, every prefix declared.
function assertXml(text) {
  const xml = text.slice(text.indexOf('<?xml'));
  const open = [];
  const declared = new Set(['xml', 'xmlns']);
  for (const [, close, name, rest, empty] of xml.matchAll(/<(\/?)([\w:]+)((?:\s[^<>]*?)?)(\/?)>/g)) {
    for (const [, prefix] of rest.matchAll(/xmlns:(\w+)=/g)) declared.add(prefix);
    for (const [, prefix] of ` ${name} ${rest}`.matchAll(/[\s](\w+):\w/g))
      if (prefix !== 'xlink') assert.ok(declared.has(prefix), prefix);
    if (close) assert.equal(open.pop(), name);
    else if (!empty) open.push(name);
  }
  assert.deepEqual(open, []);
}

test('every message is XML after the junk in front of it', () => {
  const bad = new Set(city.bad.filter((b) => b.platform === 'documents').map((b) => b.at));
  const quirks = { bom: 0, junk: 0, crlf: 0, xlink: 0, half: 0 };
  for (const m of hubMessages(city)) {
    const xml = m.write();
    if (bad.has(m.created)) continue;
    assertXml(xml);
    if (xml.startsWith('\ufeff')) quirks.bom++;
    if (xml.startsWith('1212')) quirks.junk++;
    if (xml.includes('\r\n')) quirks.crlf++;
    if (xml.includes('xlink:href')) quirks.xlink++;
    if (xml !== xml.normalize('NFC')) quirks.half++;
  }
  for (const [name, count] of Object.entries(quirks)) assert.ok(count > 0, name);
});

test('hub ids are unique and the list is complete', () => {
  const messages = hubMessages(city);
  assert.equal(new Set(messages.map((m) => m.docId)).size, messages.length);
  const hub = documentsPlatform(city, 's').routes['GET /v1/syncReceivedEdocList'];
  const listed = ['edoc', 'status'].flatMap(
    (messageType) => read(hub(query({ messageType, fromDate: '2026/01/01', toDate: '2026/12/31' }))).data,
  );
  assert.deepEqual(new Set(listed.map((m) => m.docId)), new Set(messages.map((m) => m.docId)));
});

test('half-decomposed text is neither NFC nor NFD and means the same', () => {
  const half = halfDecompose('Nguyễn Thị Tấn');
  assert.notEqual(half, half.normalize('NFC'));
  assert.notEqual(half, half.normalize('NFD'));
  assert.equal(half.normalize('NFC'), 'Nguyễn Thị Tấn');
  assert.ok(half.includes('â\u0301'));
});

test('pages cover the list, repeat rows, and the last one is served again', () => {
  const list = Array.from({ length: 25 }, (_, i) => i);
  const seen = [1, 2, 3].flatMap((k) => pageOf(list, k, 10, true));
  assert.deepEqual(new Set(seen), new Set(list));
  assert.deepEqual(pageOf(list, 2, 10, true).slice(0, 3), [8, 9, 10]);
  assert.deepEqual(pageOf(list, 4, 10, false), pageOf(list, 3, 10, false));
  assert.deepEqual(pageOf([], 1, 10, false), []);
});

function servicePages(service) {
  const route = publicServicePlatform(city, 's').routes['GET /api/hoso'];
  const pages = [];
  let total = 1;
  for (let k = 1; (k - 1) * 100 < total; k++) {
    const page = read(
      route(
        query({
          service,
          tuNgay: '20260101000000',
          denNgay: '20270101000000',
          trang: String(k),
          soLuong: '100',
        }),
      ),
    );
    total = Number(page.totalrow);
    pages.push(page);
  }
  return pages.flatMap((p) => p.data);
}

test('dossiers and rows: all served, all scalars strings, rows unique by number, time and status', () => {
  const dossiers = servicePages('DongBoHoSoMC');
  for (const d of dossiers)
    for (const v of Object.values(d)) assert.ok(typeof v === 'string' || Array.isArray(v));
  const { dossiers: all, steps } = dossierRecords(city);
  const drawnTwice = 2; // planted ids that stand for two dossiers
  const saidAgain = city.dossiers.reduce((n, d) => n + (d.said_before ?? []).length * (d.other ? 2 : 1), 0);
  assert.equal(new Set(dossiers.map((d) => d.MaHoSo)).size, all.length - drawnTwice - saidAgain);
  // Only a closing row that the sender wrote may have the name of another.
  const bySender = (r) => /^Kết thúc/.test(String(r.NoiDungXuLy).normalize('NFC'));
  const own = steps.map((s) => s.record()).filter((r) => !bySender(r));
  assert.ok(own.length < steps.length);
  const rows = own.map((r) => `${r.MaHoSo}|${r.ThoiDiemXuLy}|${r.TrangThai}`);
  assert.equal(new Set(rows).size, rows.length);
  assert.ok(servicePages('CapNhatTienDoHoSoMC').length >= rows.length);
});

test('reports and tasks are served whole', () => {
  const reports = citizenReportsPlatform(city, 's').routes['POST /theodonvi'];
  const ids = new Set();
  for (const MaDinhDanh of new Set(city.reports.map((r) => `${r.org} `))) {
    for (const LoaiXuLy of ['0', '1']) {
      const page = read(
        reports(null, {
          LoaiXuLy,
          MaDinhDanh,
          TuNgay: '2026-01-01',
          DenNgay: '2026-12-31',
          Page: '1',
          Perpage: '500',
        }),
      );
      for (const r of page.data) if (r.PhanAnhID && r.PhanAnhID !== '990002') ids.add(String(r.PhanAnhID));
    }
  }
  assert.equal(ids.size, city.reports.length);
  const tasks = hanoiworkPlatform(city, 's').routes['POST /qlvb/api/qlnv/nhiem-vu/get-all'];
  const answer = read(
    tasks(null, { Index: 1, Size: 100000, NgayTaoNhiemVu: { FromDate: '2026/01/01', ToDate: '2026/12/31' } }),
  );
  const page = answer.PageData ?? answer.Data?.PageData ?? answer.daTa.PageData;
  const bad = city.bad.filter((b) => b.platform === 'hanoiwork').length;
  assert.ok(page.length >= city.tasks.length + bad - 1);
});

test('bad records: a handful on every platform', () => {
  for (const name of ['documents', 'public_service', 'citizen_reports', 'hanoiwork']) {
    assert.ok(city.bad.filter((b) => b.platform === name).length >= 2, name);
  }
});

const fingerprint = (seed) => {
  const c = makeWorld({ seed, officials: 50 });
  const service = dossierRecords(c);
  const texts = [
    JSON.stringify(directoryOf(c)),
    JSON.stringify(assessmentsOf(c)),
    ...hubMessages(c).map((m) => m.docId + m.write()),
    ...[...service.dossiers, ...service.steps].map((r) => JSON.stringify(r.record())),
  ];
  return hash32(texts.join('\n'));
};

test('the same seed gives the same bytes, another seed others', () => {
  assert.equal(fingerprint(7), fingerprint(7));
  assert.notEqual(fingerprint(7), fingerprint(8));
});

test('issuer, number and date name one document', () => {
  const names = city.documents.map((d) => `${d.issuer}|${d.number}|${d.date}`);
  assert.equal(new Set(names).size, names.length);
});
