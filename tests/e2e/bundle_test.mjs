// The promise to strangers, the whole way: a sandbox city is synced, scored and locked; a sheet with
// lines is proven, and verified in an empty folder with an empty environment, by us and by the
// bundle's own README. A score that was locked is the one that `score` prints.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { binary, importCity, must, run, score, startCity } from "./lib.mjs";
import { keepLog } from "./logs.mjs";

const period = "2026-05";

// A folder with this bundle alone, and no environment.
function stranger(t, bundle) {
  const dir = mkdtempSync(join(tmpdir(), "stranger-"));
  t.after(() => rmSync(dir, { recursive: true }));
  copyFileSync(bundle, join(dir, "b.zip"));
  return (...args) => {
    const said = spawnSync(binary, ["verify", "b.zip", ...args], { cwd: dir, env: {}, encoding: "utf8" });
    keepLog(said.stdout + said.stderr);
    return said;
  };
}

test("a city's sheets are locked, proven and verified by a stranger", async (t) => {
  const city = await startCity({ seed: 1, officials: 50, months: 2 });
  t.after(() => city.stop());
  importCity(city);
  must(city.config, "sync");
  const sheets = score(city.config, period).subjects;
  const locked = JSON.parse(must(city.config, "--json", "lock", "--period", period));
  assert.equal(locked.people, sheets.length);
  const key = JSON.parse(must(city.config, "--json", "log", "key")).verifier_key;
  const longest = [...sheets].sort((a, b) => b.lines.length - a.lines.length)[0];
  assert.ok(longest.lines.length > 0);

  for (const sheet of [longest, ...sheets.slice(0, 3)]) {
    const bundle = join(city.dir, "score.zip");
    must(city.config, "prove", "score", sheet.id, "--period", period, "--out", bundle);
    const verify = stranger(t, bundle);
    const verdict = verify("--json", "--key", key);
    assert.equal(verdict.status, 0, verdict.stdout + verdict.stderr);
    const said = JSON.parse(verdict.stdout);
    assert.deepEqual(said.completeness, { list_used_exactly: "proven", lists_leave_nothing_out: "not_proven_by_this_bundle" });
    assert.equal(said.key, "given");
    assert.match(verify().stdout, /CHÚ Ý: khóa của nhật ký lấy từ chính gói này/);
    const dir = mkdtempSync(join(tmpdir(), "auditor-"));
    t.after(() => rmSync(dir, { recursive: true }));
    const unzip = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])";
    assert.equal(spawnSync("python3", ["-c", unzip, bundle, dir]).status, 0);
    const card = JSON.parse(readFileSync(join(dir, "score.json"), "utf8"));
    assert.deepEqual([card.id, card.exact, card.lines.length], [sheet.id, sheet.exact, sheet.lines.length]);
    const readme = readFileSync(join(dir, "README.md"), "utf8");
    const python = spawnSync("python3", ["-I", "-"], { cwd: dir, input: readme.match(/```python\n([^]*?)```/)[1], encoding: "utf8" });
    assert.equal(python.status, 0, python.stderr);
    const shell = spawnSync("sh", ["-e", "-c", readme.match(/```sh\n([^]*?)```/)[1]], { cwd: dir, env: { ...process.env, KEY: key } });
    assert.equal(shell.status, 0, String(shell.stderr));
  }

  const index = JSON.parse(must(city.config, "--json", "fsck", "--index"));
  assert.deepEqual(index.faults, []);
  assert.equal(index.people, sheets.length);
  assert.deepEqual(JSON.parse(must(city.config, "--json", "fsck")).faults, []);
  must(city.config, "sync"); // whatever comes later changes no list
  assert.deepEqual(JSON.parse(must(city.config, "--json", "fsck", "--index")).faults, []);
});

// What fsck names when the rows of a locked period were changed behind its back.
const tampered = {
  "an entry deleted": ["DELETE FROM period_entries WHERE pseudonym = (SELECT min(pseudonym) FROM period_entries)", "period_root"],
  "an entry's commitment changed": ["UPDATE period_entries SET commitment = zeroblob(32) WHERE pseudonym = (SELECT min(pseudonym) FROM period_entries)", "period_root"],
  "an entry slipped in": ["INSERT INTO period_entries SELECT leaf_index, zeroblob(32), commitment, wrapped_key, box FROM period_entries LIMIT 1", "period_root"],
  "two openings swapped": ["UPDATE period_entries SET box = (SELECT box FROM period_entries ORDER BY pseudonym DESC LIMIT 1) WHERE pseudonym = (SELECT min(pseudonym) FROM period_entries)", "period_entry"],
  "the index deleted": ["DELETE FROM periods", "orphan"],
  "the index edited": ["UPDATE periods SET object = replace(object, '2026-05', '2026-04')", "period_commitment"],
  "the period key changed": ["UPDATE periods SET box = zeroblob(200)", "period"],
};

test("fsck names every change to the rows of a locked period", async (t) => {
  const city = await startCity({ seed: 1, officials: 48, months: 2 });
  t.after(() => city.stop());
  importCity(city);
  must(city.config, "sync", "hanoiwork");
  must(city.config, "lock", "--period", period, "--with-waiting");
  const store = join(city.dir, "minhchung.db");
  copyFileSync(store, `${store}.whole`);
  for (const [name, [sql, what]] of Object.entries(tampered)) {
    for (const part of ["-wal", "-shm"]) rmSync(store + part, { force: true });
    copyFileSync(`${store}.whole`, store);
    execFileSync("sqlite3", [store, sql]);
    const fsck = run(city.config, "--json", "fsck");
    assert.equal(fsck.code, 1, name);
    assert.ok(JSON.parse(fsck.stdout).faults.some((fault) => fault.what === what), `${name}: ${fsck.stdout}`);
  }
});

test("the evidence of a record is proven; a changed file has exit code 1, an unreadable one 2", async (t) => {
  const city = await startCity({ seed: 2, officials: 48, months: 1 });
  t.after(() => city.stop());
  importCity(city);
  must(city.config, "sync");
  const bundle = join(city.dir, "e.zip");
  const written = JSON.parse(must(city.config, "--json", "prove", "evidence", "20", "--out", bundle));
  assert.equal(written.sha256, createHash("sha256").update(readFileSync(bundle)).digest("hex"));
  const verify = stranger(t, bundle);
  assert.equal(verify().status, 0);
  const bytes = readFileSync(bundle);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(bundle, bytes);
  const changed = stranger(t, bundle)("--json");
  assert.equal(changed.status, 1);
  assert.equal(JSON.parse(changed.stdout).valid, false);
  assert.ok(JSON.parse(changed.stdout).fault.code);
  assert.equal(run(city.config, "verify", join(city.dir, "nothing.zip")).code, 2);
  assert.equal(run(city.config, "prove", "evidence", "nothing", "--out", bundle).code, 2);
});
