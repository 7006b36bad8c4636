// Goal: a store that is damaged where its log ends is never written into: every command that would write says what is
// damaged, `serve` only reads, what is whole stays readable, and a copy put back in its place goes on.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { importCity, must, pushedInstallation, pushOneReport, query, run, score, startCity, startServer, tokenOf } from "./lib.mjs";

const period = "2026-05";
const harm = (file) => execFileSync("sqlite3", [file, "UPDATE leaves SET bytes = zeroblob(80) WHERE leaf_index = (SELECT max(leaf_index) FROM leaves)"]);

test("a damaged store is read and not written; a copy takes its place", async (t) => {
  const city = await startCity({ seed: 11, officials: 48, months: 2, honest: true });
  t.after(() => city.stop());
  importCity(city);
  must(city.config, "sync");
  const copy = join(city.dir, "copy"), file = join(city.dir, "minhchung.db");
  must(city.config, "backup", copy);
  const before = score(city.config, period);
  const rows = () => query(city.dir, "SELECT (SELECT count(*) FROM leaves), (SELECT count(*) FROM runs), (SELECT size FROM ledger), (SELECT max(size) FROM heads)");
  const whole = rows();
  harm(file);
  const last = Number(query(city.dir, "SELECT max(leaf_index) FROM leaves"));

  const person = before.subjects[0].id;
  const people = ["--requested-by", "a", "--approved-by", "b", "--reason", "r", "--category", "request"];
  for (const command of [
    ["sync"], ["read-back"], ["import", "directory", join(city.dir, "directory.json")], ["lock", "--period", period], ["log", "sign"],
    ["quality", "--close-day", "--day", "2026-05-04"], ["erase", person, ...people, "--confirm"], ["quarantine", "replay"],
    ["backup", join(city.dir, "copy-of-damage")], ["score", "--period", period, "--publish"],
  ]) {
    const refused = run(city.config, ...command);
    assert.equal(refused.code, 3, `${command.join(" ")}: ${refused.stderr}`);
    assert.match(refused.stderr, new RegExp(`SAI LỆCH leaf tại leaf ${last}: .*store_damaged.*fsck.*restore`, "s"));
  }
  assert.equal(rows(), whole);
  assert.ok(!existsSync(join(city.dir, "copy-of-damage")));

  assert.equal(JSON.stringify(score(city.config, period).subjects), JSON.stringify(before.subjects));
  must(city.config, "explain", person, "--period", period);
  must(city.config, "prove", "evidence", query(city.dir, "SELECT min(leaf_index) FROM evidence").trim(), "--out", join(city.dir, "proof.zip"));
  const fsck = run(city.config, "fsck");
  assert.equal(fsck.code, 1);
  assert.match(fsck.stdout, new RegExp(`leaf ${last}`));
  const doctor = JSON.parse(run(city.config, "--json", "doctor").stdout);
  assert.deepEqual(doctor.findings.filter((f) => f.check === "log_end").map((f) => [f.subject, f.state, f.code]), [[`leaf ${last}`, "fault", "store_damaged"]]);

  mkdirSync(join(city.dir, "kept"));
  renameSync(file, join(city.dir, "kept/minhchung.db"));
  must(city.config, "restore", copy);
  must(city.config, "sync");
  must(city.config, "fsck");
});

test("serve on a damaged store: not ready, takes nothing, collects nothing, shows the log", async (t) => {
  const home = pushedInstallation(t);
  await pushOneReport(home);
  must(home.config, "sync");
  const push = async (server) => fetch(`${server.url}/api/v1/inbox/pushed`, {
    method: "POST", body: JSON.stringify({ PhanAnhID: "2", NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" }),
    headers: { Authorization: `Bearer ${await tokenOf(server.url, home)}`, "Idempotency-Key": "k2", "Content-Type": "application/x-ndjson" },
  });
  const file = join(home.dir, "mc.db");
  const rows = () => execFileSync("sqlite3", ["-readonly", file, "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM leaves), (SELECT max(size) FROM heads)"], { encoding: "utf8" });
  harm(file);
  const before = rows();
  const server = await startServer(home.config);
  const statuses = {};
  for (const path of ["/healthz", "/readyz", "/metrics", "/log/checkpoint"]) statuses[path] = (await fetch(server.url + path)).status;
  const refused = await push(server);
  const stranger = await fetch(`${server.url}/api/v1/inbox/pushed`, { method: "POST", body: "{}" });
  const log = await server.end();
  assert.deepEqual(statuses, { "/healthz": 200, "/readyz": 503, "/metrics": 200, "/log/checkpoint": 200 });
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "600");
  assert.match((await refused.json()).detail, /damaged/);
  assert.equal(stranger.status, 401); // who is not known is told no more than before
  assert.match(log, /SAI LỆCH leaf tại leaf \d+.*store_damaged/s);
  assert.equal(rows(), before); // the scheduler did not start: a sound store's `serve` pulls at once
});
