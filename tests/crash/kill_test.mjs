// Goal: a process that is killed at any moment loses nothing that it acknowledged, doubles nothing, leaves a store that
// fsck finds whole, and the next one goes on from there.
// Method: seeded kill -9 of the real program, half of them by the clock and half by the shim inside the k-th call that
// changes a file: before it, after it, or in the middle of a write. The oracle is outside of what was killed: for `sync`
// the store of a sync that was let be, and a journal of every record that was ever read from the store after a kill; for
// `serve` the journal of the pushes that were answered 202.
//   MC_CRASH_KILLS  how many (50 in CI, 1,000 on demand: tests/crash/README.md)    MC_CRASH_SEED  another course
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { edit, importCity, must, pushedInstallation, query, run, startCity, tokenOf } from "../e2e/lib.mjs";
import { fault, listening, seed, seeded, start, told } from "./lib.mjs";

const kills = Number(process.env.MC_CRASH_KILLS ?? 50);
const ofServe = Math.round(kills * 0.4), ofSync = kills - ofServe;
const deeds = ["kill_before", "kill_after", "kill_torn"];
const tables = JSON.parse(readFileSync(new URL("../e2e/store_content.json", import.meta.url), "utf8"));
const content = (dir) => Object.fromEntries(Object.entries(tables).map(([name, sql]) => [name, query(dir, sql)]));
const lines = (text) => text.split("\n").filter(Boolean);

console.log(`# seed ${seed}: ${ofSync} kills of sync, ${ofServe} of serve`);

function clean(config, note) {
  const report = run(config, "fsck");
  assert.equal(report.code, 0, `${note}: ${report.stdout}${report.stderr}`);
}

// A child that is to die in a call which it may never make is given this long at most.
function killedWithin(process, milliseconds) {
  const timer = setTimeout(() => process.child.kill("SIGKILL"), milliseconds);
  return process.ended.finally(() => clearTimeout(timer));
}

test(`${ofSync} kills of sync end in the store of a sync that was let be`, async (t) => {
  const random = seeded(seed);
  // Nothing is corrected in between: what is shown once only may be shown to a sync that is killed.
  const city = await startCity({ seed: 6, officials: 48, months: 1, honest: true });
  t.after(city.stop);
  importCity(city);
  const fresh = join(city.dir, "fresh.db"), db = join(city.dir, "minhchung.db"), teller = join(city.dir, "told");
  copyFileSync(db, fresh);
  const begun = Date.now();
  const whole = await start(city.config, ["sync"], { env: fault({ under: city.dir, told: teller }) }).ended;
  const took = Date.now() - begun;
  assert.equal(whole.code, 0, whole.stderr);
  const calls = told(teller).counted;
  assert.ok(calls > 1000, `the shim saw ${calls} calls`);
  const wanted = content(city.dir);
  const by = { call: 0, clock: 0 };

  for (let died = 0; died < ofSync;) {
    for (const suffix of ["", "-wal", "-shm"]) if (existsSync(db + suffix)) rmSync(db + suffix);
    copyFileSync(fresh, db);
    const journal = new Set();
    // Several deaths on one store, then a sync that is let be.
    for (let i = 0; i < 6 && died < ofSync; ++i) {
      const byCall = random() < 0.5, at = 1 + Math.floor((random() * calls) / 2), deed = deeds[Math.floor(random() * 3)];
      const note = `seed ${seed}, kill ${died + 1}, ${byCall ? `${deed} at call ${at}` : "by the clock"}`;
      const sync = start(city.config, ["sync"], { env: byCall ? fault({ under: city.dir, at, deed }) : process.env });
      const { code } = await killedWithin(sync, byCall ? 60_000 : 10 + (random() * took) / 2);
      if (code === 0) break;
      assert.equal(code, null, `${note}: it ended by itself`);
      ++died;
      ++by[byCall ? "call" : "clock"];
      clean(city.config, note);
      const held = lines(query(city.dir, "SELECT register_id || ' ' || native_id || ' ' || hex(digest) FROM records"));
      assert.equal(new Set(held).size, held.length, `${note}: a record stands twice`);
      const now = new Set(held);
      for (const record of journal) assert.ok(now.has(record), `${note}: ${record} was there and is lost`);
      for (const record of held) journal.add(record);
    }
    must(city.config, "sync");
    clean(city.config, `seed ${seed}, after kill ${died}`);
    assert.deepEqual(content(city.dir), wanted, `seed ${seed}, after kill ${died}`);
  }
  assert.ok(kills < 20 || (by.call > 0 && by.clock > 0), JSON.stringify(by));
  console.log(`# sync: ${by.call} kills inside a call, ${by.clock} by the clock`);
});

const sql = (dir, text) => execFileSync("sqlite3", [join(dir, "mc.db"), text], { encoding: "utf8" });

// Pushes one report until it is answered; what was answered 202 is acknowledged. False: the server is gone.
async function push(port, token, id) {
  try {
    const sent = await fetch(`http://127.0.0.1:${port}/api/v1/inbox/pushed`, {
      method: "POST", body: JSON.stringify({ PhanAnhID: id, NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" }),
      headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": id, "Content-Type": "application/x-ndjson" },
    });
    await sent.text();
    assert.equal(sent.status, 202);
    return true;
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return false;
  }
}

test(`${ofServe} kills of serve: what was answered 202 is kept, once`, async (t) => {
  const random = seeded(seed + 1);
  const at = pushedInstallation(t);
  edit(at.config, (settings) => (settings.sources.pushed.interval_minutes = 1));
  const acknowledged = [];
  let next = 0, died = 0;
  while (died < ofServe) {
    const byCall = random() < 0.7, call = 1 + Math.floor(random() * 160), deed = deeds[Math.floor(random() * 3)];
    const note = `seed ${seed}, kill ${died + 1}, ${byCall ? `${deed} at call ${call}` : "by the clock"}`;
    // A pull at each start, beside the pushes: what was pulled before is due again.
    const now = (Date.now() - 1000) * 1000;
    if (died > 0 && acknowledged.length > 0) {
      sql(at.dir, `UPDATE source_status SET next_try = ${now}`);
    }
    const server = start(at.config, ["serve"], { env: byCall ? fault({ under: at.dir, at: call, deed }) : process.env });
    const timer = byCall ? null : setTimeout(() => server.child.kill("SIGKILL"), 30 + random() * 300);
    const port = await listening(server);
    const token = port && (await tokenOf(`http://127.0.0.1:${port}`, at).catch(() => null));  // null: the server is gone
    while (token && (await push(port, token, String(next)))) acknowledged.push(String(next++));
    const { code } = await server.ended;
    clearTimeout(timer);
    assert.equal(code, null, `${note}: it ended by itself: ${server.out.stderr}`);
    ++died;
    // Killed before the store was made whole, there is none: nothing was acknowledged, and the next start makes it.
    const unmade = acknowledged.length === 0 && /\[no_store\]/.test(run(at.config, "fsck").stderr);
    if (existsSync(join(at.dir, "mc.db")) && !unmade) clean(at.config, note);
  }
  must(at.config, "sync");
  clean(at.config, "at the end");
  const held = lines(sql(at.dir, "SELECT native_id FROM records"));
  assert.equal(new Set(held).size, held.length, "a record stands twice");
  const now = new Set(held);
  for (const id of acknowledged) assert.ok(now.has(id), `push ${id} was acknowledged and is lost`);
  // The one in flight at a kill may be there; it was sent again under its key, and is there once.
  assert.ok(held.length <= next + 1);
  assert.ok(kills < 20 || acknowledged.length > ofServe, `${acknowledged.length} pushes acknowledged`);
  const pulled = Number(sql(at.dir, "SELECT count(*) FROM runs"));
  console.log(`# serve: ${died} kills, ${acknowledged.length} pushes acknowledged, ${pulled} runs`);
});
