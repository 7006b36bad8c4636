// Bad input in each place: a clear message, the right exit code, good records kept, bad
// ones quarantined with their bytes, and the other sources never held up.
// A small server of the test plays the task platform and misbehaves; a dossier platform
// beside it is always well.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { binary, root, run } from "./lib.mjs";
import { keepLog } from "./logs.mjs";

const task = (code, more = {}) => ({
  Id: 1, MaNV: code, NoiDungTheoDoi: "Việc mẫu", LoaiNhiemVuId: "NV01", NguoiGiaoId: "tk-truong", CanBoId: "tk-an",
  MaDonViTheoDoi: "H26.1", NgayTao: "2026/06/05 08:00:00", HanXuLy: "2026/06/20", MaTrangThai: "DANG_THUC_HIEN", ...more,
});
const page = (tasks) => JSON.stringify({ PageData: tasks, TotalRows: tasks.length, CurrentPage: 1, PageSize: 100, TotalPage: 1 });
const good = page([task("NV-1"), task("NV-2")]);

function send(response, body, { status = 200, type = "application/json", length } = {}) {
  const bytes = Buffer.from(body);
  response.writeHead(status, { "Content-Type": type, "Content-Length": length ?? bytes.length });
  response.end(bytes);
}

// name -> what the platform does; what must be seen afterwards.
const faults = {
  "broken JSON": { answer: (r) => send(r, good.slice(0, -1) + ", oops"), code: 3, says: "bad_json", kept: 0 },
  "truncated body": {
    answer: (r) => {
      r.writeHead(200, { "Content-Type": "application/json", "Content-Length": good.length + 500 });
      r.write(good);
      setTimeout(() => r.destroy(), 20);
    },
    code: 3, says: "truncated_body", kept: 0,
  },
  "empty answer": { answer: (r) => send(r, ""), code: 3, says: "empty_answer", kept: 0 },
  "HTML error page with 200": { answer: (r) => send(r, "<!DOCTYPE html><html><body>Đăng nhập</body></html>", { type: "text/html" }), code: 3, says: "html", kept: 0 },
  "body over the limit": { answer: (r) => send(r, page([task("NV-1", { TrichYeuVanBan: "x".repeat(70 << 20) })])), code: 3, says: "body_too_large", kept: 0 },
  "server error": { answer: (r) => send(r, "{}", { status: 500 }), code: 3, says: "500", kept: 0 },
  "credentials refused": { answer: (r) => send(r, "{}", { status: 401 }), code: 3, says: "check the secret", kept: 0 },
  "a 3 MB field": { answer: (r) => send(r, page([task("NV-1"), task("NV-2", { TrichYeuVanBan: "x".repeat(3 << 20) })])), code: 0, kept: 1, quarantined: 1 },
  "wrong status code": { answer: (r) => send(r, page([task("NV-1"), task("NV-2", { MaTrangThai: "99" })])), code: 0, kept: 1, quarantined: 1 },
  "impossible date": { answer: (r) => send(r, page([task("NV-1"), task("NV-2", { HanXuLy: "2026/02/30" })])), code: 0, kept: 1, quarantined: 1 },
  "a record that is no object": { answer: (r) => send(r, page([task("NV-1"), 7])), code: 0, kept: 1, quarantined: 1 },
  "a record without a key": { answer: (r) => send(r, page([task("NV-1"), task("")])), code: 0, kept: 1, quarantined: 1 },
};

async function listen(server) {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${server.address().port}`;
}

// A gateway of its own with two sources; few attempts, so that a dead source ends soon.
function install(urls) {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-bad-"));
  mkdirSync(join(dir, "manifests"));
  for (const id of Object.keys(urls)) {
    const manifest = JSON.parse(readFileSync(join(root, `connectors/${id}.json`), "utf8"));
    Object.assign(manifest.limits, { max_attempts: 2, window_days: 366 });
    writeFileSync(join(dir, "manifests", `${id}.json`), JSON.stringify(manifest));
  }
  const key = (name, text) => {
    writeFileSync(join(dir, name), text);
    return `file:${join(dir, name)}`;
  };
  const secrets = { hanoiwork: "bearer", public_service: "session" };
  const sources = Object.fromEntries(
    Object.entries(urls).map(([id, base_url]) => [id, { base_url, secrets: { [secrets[id]]: key(`secret-${id}`, "bimat") }, start: "2026-06-01" }]));
  const config = {
    store: join(dir, "minhchung.db"),
    keys: { sealing: key("k1", "11".repeat(32)), person_hmac: key("k2", "22".repeat(32)), log_signing: key("k3", "33".repeat(32)) },
    log_origin: "test.minhchung.example/log",
    policies: join(root, "policies"), manifests: join(dir, "manifests"), rules: join(root, "mapping/rules"), sources,
  };
  writeFileSync(join(dir, "gateway.jsonc"), JSON.stringify(config));
  return { dir, config: join(dir, "gateway.jsonc") };
}

// The server of the test lives in this process, so the command must not block it.
function sync(config) {
  const child = spawn(binary, ["--config", config, "sync", "--json"]);
  let stdout = "", stderr = "";
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  return new Promise((done) => child.on("close", (code) => {
    keepLog(stdout + stderr);
    done({ code, stdout, stderr });
  }));
}

function wellBehaved(request, response) {
  const steps = request.url.includes("CapNhatTienDo");
  const row = { MaHoSo: "H26.1-260605-00001", NguoiXuLy: "Cán bộ A", ThoiDiemXuLy: "20260605090000", TrangThai: "2" };
  const dossier = { MaHoSo: "H26.1-260605-00001", MaTTHC: "1.001193", NgayTiepNhan: "20260605090000", NgayHenTra: "20260620170000", TrangThaiHoSo: "4", DonViXuLy: "UBND phường Một" };
  send(response, JSON.stringify({ error_code: "0", totalrow: 1, data: [steps ? row : dossier] }));
}

for (const [name, fault] of Object.entries(faults)) {
  test(name, async (t) => {
    const bad = createServer((request, response) => {
      request.resume();
      request.on("end", () => fault.answer(response));
    });
    const well = createServer(wellBehaved);
    const place = install({ hanoiwork: await listen(bad), public_service: await listen(well) });
    t.after(() => {
      bad.closeAllConnections();
      well.closeAllConnections();
      bad.close();
      well.close();
      rmSync(place.dir, { recursive: true, force: true });
    });
    const result = await sync(place.config);
    assert.equal(result.code, fault.code, result.stdout + result.stderr);
    const sources = Object.fromEntries(JSON.parse(result.stdout).sources.map((s) => [s.source, s]));
    assert.equal(sources.public_service.new, 2, "the other source was held up");
    assert.equal(sources.hanoiwork.new, fault.kept);
    assert.equal(sources.hanoiwork.quarantined, fault.quarantined ?? 0);
    if (fault.says) assert.match(result.stdout + result.stderr, new RegExp(fault.says));
    if (fault.quarantined) {
      const list = JSON.parse(run(place.config, "quarantine", "list", "--json").stdout);
      const entries = list.entries ?? list.quarantine ?? list;
      assert.equal(entries.length, fault.quarantined);
      assert.ok(entries[0].bytes > 0, "its bytes were not kept");
    }
    assert.equal(run(place.config, "fsck").code, 0);
  });
}

test("a source that is down", async (t) => {
  const well = createServer(wellBehaved);
  const place = install({ hanoiwork: "http://127.0.0.1:1", public_service: await listen(well) });
  t.after(() => {
    well.closeAllConnections();
    well.close();
    rmSync(place.dir, { recursive: true, force: true });
  });
  const result = await sync(place.config);
  assert.equal(result.code, 3);
  assert.match(result.stdout + result.stderr, /hanoiwork/);
  assert.match(result.stdout + result.stderr, /connect_refused/);
});
