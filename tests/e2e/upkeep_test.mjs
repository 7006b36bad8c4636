// Goal: `upkeep` makes no store, deletes nothing unless the settings and --confirm say so, touches no evidence, and
// refuses a damaged store; `fsck` and `doctor` make no tables in an empty database either.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { edit, must, pushedInstallation, pushOneReport, run } from "./lib.mjs";
import { postgresMissing, startPostgres } from "./postgres.mjs";

// Two sessions that ended long ago (they keep no code), of which the newest row stays; a key read long ago and a newer one.
const old = [
  "INSERT INTO sessions VALUES (BYTES'01', 'p', 'i', 'l', NULL, 0, 0, 1, 1, 1, BYTES'', BYTES'00', BYTES'00', NULL, NULL)",
  "INSERT INTO sessions VALUES (BYTES'02', 'p', 'i', 'l', NULL, 0, 0, 2, 1, 2, BYTES'', BYTES'00', BYTES'00', NULL, NULL)",
  "INSERT INTO session_logouts VALUES (BYTES'03', 1)",
  "INSERT INTO inbox VALUES (0, 'pushed', 'old', 'text/plain', BYTES'00', 1, 0, NULL, NULL, NULL, NULL)",
];

const kept = ["leaves", "records", "payloads", "evidence", "rejections", "runs", "run_quality", "leases", "cursors", "audit", "heads", "salts"];

// What upkeep does to the store behind `config`; sql(text) asks it.
function walk(config, sql, bytes) {
  for (const text of old) sql(text.replace(/BYTES'(\d*)'/g, (_, hex) => bytes(hex)));
  const count = (table) => Number(sql(`SELECT count(*) FROM ${table}`));
  const proof = () => kept.map((table) => [table, count(table)]);
  const rows = () => [count("sessions"), count("session_logouts"), count("inbox")];
  const before = proof();
  assert.ok(before.find(([table]) => table === "leases")[1] > 0);
  const was = rows();
  const upkeep = (...more) => JSON.parse(must(config, "--json", "upkeep", ...more));

  const looked = upkeep();
  assert.equal(looked.confirmed, false);
  assert.deepEqual(looked.retention.ended_sessions, { allowed: false, rows: 1, logouts: 1 });
  assert.deepEqual(looked.retention.pushed_keys, { allowed: false, days: 30, rows: 1 });
  assert.equal(upkeep("--confirm").confirmed, true); // the settings keep everything
  assert.deepEqual(rows(), was);

  edit(config, (all) => (all.retention = { ended_sessions: true, pushed_key_days: 40 }));
  const text = must(config, "upkeep");
  assert.match(text, /Phiên đăng nhập đã kết thúc hơn một giờ: 1 dòng, sẽ xóa/);
  assert.match(text, /cũ hơn 40 ngày: 1 dòng, sẽ xóa/);
  assert.match(text, /Chưa làm gì/);
  assert.deepEqual(rows(), was);
  assert.match(must(config, "upkeep", "--confirm"), /1 dòng, ĐÃ XÓA/);
  assert.deepEqual(rows(), [was[0] - 1, was[1] - 1, was[2] - 1]);
  assert.equal(sql("SELECT version FROM sessions").trim(), "2");
  assert.deepEqual(proof(), before);
  must(config, "fsck");
}

test("upkeep of a store in a file", async (t) => {
  const home = pushedInstallation(t);
  const file = join(home.dir, "mc.db");
  const sql = (text) => execFileSync("sqlite3", [file, text], { encoding: "utf8" });
  for (const more of [[], ["--confirm"]]) {
    const none = run(home.config, "upkeep", ...more);
    assert.equal(none.code, 2, none.stderr);
    assert.match(none.stderr, /no_store/);
    assert.ok(!existsSync(file));
  }
  await pushOneReport(home);
  must(home.config, "sync");
  walk(home.config, sql, (hex) => `x'${hex}'`);
  const tidied = must(home.config, "upkeep", "--confirm");
  assert.match(tidied, /không thấy sai lệch.*cắt về 0/s);

  edit(home.config, (all) => (all.retention.pushed_key_days = 29));
  assert.equal(run(home.config, "upkeep").code, 2);
  edit(home.config, (all) => delete all.retention);

  sql("UPDATE leaves SET bytes = zeroblob(80) WHERE leaf_index = (SELECT max(leaf_index) FROM leaves)");
  const refused = run(home.config, "upkeep", "--confirm");
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /store_damaged/);
});

test("upkeep of a store in a database; what only looks makes no tables there", { skip: postgresMissing() }, async (t) => {
  const home = pushedInstallation(t);
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  postgres.make("mc");
  edit(home.config, (all) => (all.store = postgres.uri("mc")));
  const tables = () => postgres.ask("mc", "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace");
  for (const words of [["fsck"], ["upkeep"], ["upkeep", "--confirm"]]) {
    const none = run(home.config, ...words);
    assert.equal(none.code, 2, none.stderr);
    assert.match(none.stderr, /no_store.*(import|sync)/s);
  }
  const doctor = JSON.parse(run(home.config, "--json", "doctor").stdout);
  const store = doctor.findings.find(({ check }) => check === "store");
  assert.deepEqual([store.state, store.code], ["warning", "no_store"]);
  assert.equal(tables(), "0");

  await pushOneReport(home);
  must(home.config, "sync");
  walk(home.config, (text) => postgres.ask("mc", text), (hex) => `'\\x${hex}'::bytea`);
  const shown = JSON.parse(must(home.config, "--json", "upkeep"));
  assert.ok(shown.tables.every(({ analyzed_at: at }) => at !== null));
});
