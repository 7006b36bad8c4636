// Goal: `serve` that is asked to end in the middle of a pull loses nothing: the first signal ends it in order, also
// while a source and clients hang; a second one ends it at once; the next pull goes on where it stood.
// Method: the built program against a task list that hangs at a page of our choosing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { binary, must, query, root } from "./lib.mjs";
import { logFile } from "./logs.mjs";

const pages = 5, rows = 20;
const inTime = 8_000; // ms for an end in order: a request is given up within a second, the rest is the machine's

// Answers page after page; the request for `hangAt` is kept waiting, with half an answer or none.
async function platform() {
  const state = { hangAt: 0, half: false, asked: [] };
  const task = (i) => ({
    MaNV: `NV-${i}`, LoaiNhiemVuId: "NV01", NguoiGiaoId: "acc-em", CanBoId: "acc-an", MaDonViTheoDoi: "H26.101",
    NgayTao: "2026/06/03 08:00:00", HanXuLy: "2026/06/20", MaTrangThai: "DANG_THUC_HIEN", KetQuaThucHien: [],
  });
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (text) => (body += text));
    request.on("end", () => {
      const page = JSON.parse(body).Index;
      state.asked.push(page);
      const list = page > pages ? [] : Array.from({ length: rows }, (_, i) => task((page - 1) * rows + i));
      const answer = JSON.stringify({ PageData: list, TotalRows: pages * rows, CurrentPage: page, PageSize: rows, TotalPage: pages });
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(answer) });
      if (page !== state.hangAt) return response.end(answer);
      if (state.half) response.write(answer.slice(0, answer.length / 2));
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  state.url = `http://127.0.0.1:${server.address().port}`;
  state.asks = async (page) => {
    while (!state.asked.includes(page)) await new Promise((done) => setTimeout(done, 10));
  };
  state.close = () => server.closeAllConnections?.() ?? server.close();
  return state;
}

// One installation with the task list alone: each answer is a page of the store.
function install(url) {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  mkdirSync(join(dir, "manifests"));
  for (const key of ["sealing", "person", "log"]) writeFileSync(join(dir, `${key}.key`), "ab".repeat(32), { mode: 0o600 });
  writeFileSync(join(dir, "bearer"), "s3cret", { mode: 0o600 });
  const manifest = JSON.parse(readFileSync(join(root, "connectors/hanoiwork.json"), "utf8"));
  Object.assign(manifest.limits, { records_per_page: rows, pages_per_pull: 1 });
  writeFileSync(join(dir, "manifests/hanoiwork.json"), JSON.stringify(manifest));
  const config = join(dir, "gateway.jsonc");
  writeFileSync(config, JSON.stringify({
    store: "minhchung.db", log_origin: "test.example/log", policies: join(root, "policies"), manifests: "manifests",
    rules: join(root, "mapping/rules"), listen: { port: 0 }, lease_ttl_secs: 1,
    keys: { sealing: "file:sealing.key", person_hmac: "file:person.key", log_signing: "file:log.key" },
    sources: { hanoiwork: { base_url: url, secrets: { bearer: "file:bearer" }, start: new Date().toISOString().slice(0, 10) } },
  }));
  return { dir, config };
}

// `ended` is the exit code, or the signal that a process got which did not end in time.
async function serve(t, config) {
  const child = spawn(binary, ["--config", config, "serve"], { stdio: ["ignore", "pipe", logFile()] });
  const ended = new Promise((done) => child.on("exit", (code, signal) => done(code ?? signal)));
  const late = setTimeout(() => child.kill("SIGKILL"), 4 * inTime);
  t.after(() => clearTimeout(late));
  const port = await new Promise((done, fail) => {
    child.stdout.on("data", (text) => /:(\d+) /.test(String(text)) && done(Number(/127\.0\.0\.1:(\d+) /.exec(String(text))[1])));
    ended.then((code) => fail(new Error(`serve ended with ${code}`)));
  });
  return { child, port, ended };
}

const held = (dir) => Number(query(dir, "SELECT count(*) FROM records"));
const lastRun = (dir) => query(dir, "SELECT state || ' ' || error_code FROM runs ORDER BY run DESC LIMIT 1").trim();
const clean = (config) => assert.deepEqual(JSON.parse(must(config, "--json", "fsck")).faults, []);

// Not the helper of lib.mjs, which would keep the platform of this process from answering.
async function sync(config) {
  const child = spawn(binary, ["--config", config, "--json", "sync"], { stdio: ["ignore", "pipe", logFile("inherit")] });
  let out = "";
  child.stdout.on("data", (text) => (out += text));
  const code = await new Promise((done) => child.on("close", done));
  assert.equal(code, 0, out);
  return JSON.parse(out).sources[0];
}

// The pull goes on at the page that was never committed, and ends with everything, each record once.
async function goesOn({ dir, config }, source, at) {
  source.hangAt = 0;
  source.asked.length = 0;
  const result = await sync(config);
  assert.equal(source.asked[0], at);
  assert.deepEqual([result.new, result.duplicate], [(pages - at + 1) * rows, 0]);
  assert.equal(held(dir), pages * rows);
  clean(config);
}

for (const half of [false, true]) {
  test(`one signal while the source hangs ${half ? "in the middle of an answer" : "before it answers"}`, async (t) => {
    const source = await platform();
    Object.assign(source, { hangAt: 3, half });
    const at = install(source.url);
    t.after(() => { source.close(); rmSync(at.dir, { recursive: true }); });
    const { child, ended } = await serve(t, at.config);
    await source.asks(3);
    const begun = Date.now();
    child.kill("SIGTERM");
    assert.equal(await ended, 0);
    assert.ok(Date.now() - begun < inTime, `it took ${Date.now() - begun} ms`);
    assert.equal(held(at.dir), 2 * rows);
    assert.equal(lastRun(at.dir), "failed interrupted");
    clean(at.config);
    await goesOn(at, source, 3);
  });
}

test("one signal while clients of its own hang", async (t) => {
  const source = await platform();
  const at = install(source.url);
  t.after(() => { source.close(); rmSync(at.dir, { recursive: true }); });
  const { child, port, ended } = await serve(t, at.config);
  await source.asks(pages);
  const clients = ["", "GET /readyz HTTP/1.1\r\n", "POST /api/v1/inbox/x HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"].map((text) => {
    const client = connect(port, "127.0.0.1", () => client.write(text));
    const drip = setInterval(() => client.write("X"), 100);
    client.on("error", () => {}).on("close", () => clearInterval(drip));
    return client;
  });
  assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
  const begun = Date.now();
  child.kill("SIGINT");
  assert.equal(await ended, 0);
  assert.ok(Date.now() - begun < inTime, `it took ${Date.now() - begun} ms`);
  for (const client of clients) client.destroy();
  clean(at.config);
});

test("a second signal ends it at once, and the next pull goes on", async (t) => {
  const source = await platform();
  source.hangAt = 4;
  const at = install(source.url);
  t.after(() => { source.close(); rmSync(at.dir, { recursive: true }); });
  const { child, ended } = await serve(t, at.config);
  await source.asks(4);
  // Two different ones, since two of a kind may become one on their way.
  child.kill("SIGTERM");
  child.kill("SIGINT");
  const code = await ended;
  assert.ok([128 + 2, 128 + 15].includes(code), `ended with ${code}`);
  assert.equal(held(at.dir), 3 * rows);
  assert.equal(lastRun(at.dir), "open"); // at once: not even a receipt
  clean(at.config);
  await goesOn(at, source, 4);
});
