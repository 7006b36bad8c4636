// Pulling again adds nothing but receipts, and a pull that is killed ends in the same store.
// MC_KILLS chooses how many seeded kills (20 in CI, 200 on demand).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { binary, importCity, must, query, run, startCity, summary } from "./lib.mjs";
import { logFile } from "./logs.mjs";

const kills = Number(process.env.MC_KILLS ?? 20);
const tables = JSON.parse(readFileSync(new URL("./store_content.json", import.meta.url), "utf8"));

// What the store holds, apart from salts, keys, times of ours and the order of leaves.
const content = (dir) => Object.fromEntries(Object.entries(tables).map(([name, sql]) => [name, query(dir, sql)]));
const leaves = (city) => summary(city, city.city.periods.at(-1)).ledger.size;

function clean(city) {
  const report = run(city.config, "fsck");
  assert.equal(report.code, 0, report.stdout + report.stderr);
}

test("a second sync adds one receipt leaf per source and nothing else", async (t) => {
  const city = await startCity({ seed: 5 });
  t.after(city.stop);
  importCity(city);
  must(city.config, "sync");
  const before = content(city.dir), size = leaves(city);
  assert.ok(before.evidence.length > 1000);
  const again = JSON.parse(must(city.config, "sync", "--json"));
  assert.deepEqual(content(city.dir), before);
  assert.equal(leaves(city), size + 4);
  for (const source of again.sources) {
    assert.equal(source.new + source.revised + source.quarantined, 0, source.source);
    assert.equal(source.fetched, source.duplicate, source.source);
  }
  assert.ok(again.sources.some((source) => source.fetched > 0), "nothing was read again, so nothing was shown");
  clean(city);
});

// A small generator, so that a failing kill can be replayed by its number.
function seeded(seed) {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

async function syncUntil(config, milliseconds) {
  const child = spawn(binary, ["--config", config, "sync"], { stdio: ["ignore", logFile(), logFile()] });
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  const code = await new Promise((done) => child.on("exit", done));
  clearTimeout(timer);
  return code;
}

test(`${kills} kills in the middle of a sync end in the store of a sync that was let be`, async (t) => {
  // Nothing is corrected in between: what is shown once only may be shown to a sync that is killed.
  const city = await startCity({ seed: 6, honest: true });
  t.after(city.stop);
  importCity(city);
  const fresh = join(city.dir, "fresh.db"), db = join(city.dir, "minhchung.db");
  copyFileSync(db, fresh);
  const start = Date.now();
  must(city.config, "sync");
  const whole = Date.now() - start;
  const wanted = content(city.dir);

  const random = seeded(6);
  let died = 0;
  while (died < kills) {
    for (const suffix of ["", "-wal", "-shm"]) if (existsSync(db + suffix)) rmSync(db + suffix);
    copyFileSync(fresh, db);
    // Several deaths on one store, then a sync that is let be.
    for (let i = 0; i < 5 && died < kills; ++i) {
      if ((await syncUntil(city.config, 20 + random() * whole)) === 0) break;
      ++died;
      clean(city);
    }
    must(city.config, "sync");
    clean(city);
    assert.deepEqual(content(city.dir), wanted, `after kill ${died}`);
  }
});
