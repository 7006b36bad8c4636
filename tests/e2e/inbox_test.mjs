// Push through the built program: what was answered with 202 survives a kill -9, becomes evidence
// once, and the same key gets the same bytes again.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { binary, must, root } from "./lib.mjs";

async function serve(config) {
  const child = spawn(binary, ["--config", config, "serve"], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (text) => (log += text));
  const port = await new Promise((done, fail) => {
    child.stdout.on("data", (text) => /:(\d+) /.test(String(text)) && done(/127\.0\.0\.1:(\d+) /.exec(String(text))[1]));
    child.on("exit", (code) => fail(new Error(`serve ended with ${code}: ${log}`)));
  });
  const end = (signal) => new Promise((done) => {
    child.removeAllListeners("exit");
    child.on("exit", () => done(log));
    child.kill(signal);
  });
  return { url: `http://127.0.0.1:${port}/api/v1/inbox/pushed`, end };
}

test("pushed records survive a kill and are counted once", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const folder of ["manifests", "rules"]) mkdirSync(join(dir, folder));
  for (const key of ["sealing", "person", "log"]) writeFileSync(join(dir, `${key}.key`), "ab".repeat(32), { mode: 0o600 });
  const manifest = {
    schema: "minhchung/manifest@1", id: "pushed", register: "pushed", title: "Đẩy", owner: "-", legal_basis: "-", assumptions: [],
    kind: "inbox", streams: [{ id: "all" }], records: { format: "ndjson", key: ["PhanAnhID"] },
    limits: {}, lag_limit_minutes: 1440, expected_interval_minutes: 1440,
  };
  writeFileSync(join(dir, "manifests/pushed.json"), JSON.stringify(manifest));
  const rules = JSON.parse(readFileSync(join(root, "mapping/rules/citizen_reports.json"), "utf8"));
  writeFileSync(join(dir, "rules/pushed.json"), JSON.stringify({ ...rules, source: "pushed" }));
  const config = join(dir, "gateway.jsonc");
  const save = (sources) => writeFileSync(config, JSON.stringify({
    store: "mc.db", log_origin: "test.example/log", policies: join(root, "policies"), manifests: "manifests", rules: "rules",
    keys: { sealing: "file:sealing.key", person_hmac: "file:person.key", log_signing: "file:log.key" },
    listen: { port: 0 }, sources,
  }));
  save({});
  const made = JSON.parse(must(config, "--json", "inbox", "token"));
  assert.match(made.token, /^[0-9a-f]{64}$/);
  save({ pushed: { inbox_token_sha256: made.inbox_token_sha256 } });

  const report = (id) => JSON.stringify({ PhanAnhID: id, NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" });
  const push = (url, key, body, more = {}) => fetch(url, {
    method: "POST", body,
    headers: { Authorization: `Bearer ${made.token}`, "Idempotency-Key": key, "Content-Type": "application/x-ndjson", ...more },
  });
  let server = await serve(config);
  assert.equal((await push(server.url, "k", report("1"), { Authorization: "Bearer no" })).status, 401);
  const first = await push(server.url, "k1", `${report("7001")}\n${report("7002")}\nnot json\n`, { "Minhchung-Record-Count": "3" });
  assert.equal(first.status, 202);
  const bytes = await first.text();
  const log = await server.end("SIGKILL");
  for (const hidden of [made.token, "7001"]) assert.ok(!log.includes(hidden), hidden);

  const sync = () => JSON.parse(must(config, "--json", "sync")).sources[0];
  const read = sync();
  assert.deepEqual([read.fetched, read.new, read.quarantined, read.control_total, read.offered], [3, 2, 1, 3, 3]);
  server = await serve(config);
  const again = await push(server.url, "k1", `${report("7001")}\n${report("7002")}\nnot json\n`, { "Minhchung-Record-Count": "3" });
  assert.equal(await again.text(), bytes);
  assert.equal((await push(server.url, "k2", report("7002"))).status, 202);
  await server.end("SIGTERM");
  const second = sync();
  assert.deepEqual([second.fetched, second.duplicate, second.new], [1, 1, 0]);
  assert.equal(sync().fetched, 0);
  assert.deepEqual(JSON.parse(must(config, "--json", "fsck")).faults, []);
});
