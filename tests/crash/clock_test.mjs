// Goal: a wall clock that jumps while the real program runs loses and doubles nothing, holds no source back, and keeps
// nobody busy: forwards a day, back an hour, back to where it was.
// Method: `serve` under the shim, whose offset is changed between pushes; each push must be pulled within the time in
// which the scheduler looks again. Beside it a sync that is killed while the clock is ahead, and one after it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { edit, must, pushedInstallation, run, tokenOf } from "../e2e/lib.mjs";
import { fault, listening, start } from "./lib.mjs";

const hour = 3600, day = 24 * hour;
const inTime = 40_000; // ms; the scheduler looks again every 15 s
const sql = (dir, text) => execFileSync("sqlite3", [join(dir, "mc.db"), text], { encoding: "utf8" }).trim();

// User and system time of a process so far, in seconds (proc(5)).
const used = (pid) => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /, "").split(" ").slice(11, 13).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;

test("serve, while the clock jumps", async (t) => {
  const at = pushedInstallation(t);
  edit(at.config, (settings) => (settings.sources.pushed.interval_minutes = 1));
  const clock = join(at.dir, "clock");
  const jump = (seconds) => { const bytes = Buffer.alloc(8); bytes.writeBigInt64LE(BigInt(seconds) * 1_000_000n); writeFileSync(clock, bytes, { flag: "r+" }); };
  writeFileSync(clock, Buffer.alloc(8));
  const server = start(at.config, ["serve"], { env: fault({ under: "/nowhere", clock }) });
  t.after(() => server.child.kill("SIGKILL"));
  const port = await listening(server);
  assert.ok(port, server.out.stderr);
  let id = 0;
  const pushed = [];
  // What is pushed after a jump is pulled soon, though the plan was made by another clock.
  const pushAndSee = async (note) => {
    const sent = await fetch(`http://127.0.0.1:${port}/api/v1/inbox/pushed`, {
      method: "POST", body: JSON.stringify({ PhanAnhID: String(++id), NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" }),
      headers: { Authorization: `Bearer ${await tokenOf(`http://127.0.0.1:${port}`, at)}`, "Idempotency-Key": String(id), "Content-Type": "application/x-ndjson" },
    });
    assert.equal(sent.status, 202, note);
    pushed.push(String(id));
    const begun = Date.now();
    while (sql(at.dir, `SELECT count(*) FROM records WHERE native_id = '${id}'`) !== "1") {
      assert.ok(Date.now() - begun < inTime, `${note}: not pulled within ${inTime} ms; ${sql(at.dir, "SELECT next_try, last_try FROM source_status")}`);
      await new Promise((done) => setTimeout(done, 250));
    }
  };
  while (sql(at.dir, "SELECT count(*) FROM runs WHERE state = 'complete'") === "0") await new Promise((done) => setTimeout(done, 50));
  jump(day);
  await pushAndSee("a day ahead");
  jump(-hour);
  await pushAndSee("an hour back");
  const runs = Number(sql(at.dir, "SELECT count(*) FROM runs"));
  assert.ok(runs < 10, `${runs} runs: it runs in circles`);
  assert.ok(used(server.child.pid) < 10, `${used(server.child.pid)} s of processor time`);
  server.child.kill("SIGTERM");
  assert.equal((await server.ended).code, 0);

  // A sync that dies a day ahead leaves no lease that holds up the one of today.
  jump(day);
  const killed = start(at.config, ["sync"], { env: { ...fault({ under: at.dir, call: "sync", at: 4, deed: "kill_after", clock }) } });
  assert.equal((await killed.ended).signal, "SIGKILL");
  const begun = Date.now();
  must(at.config, "sync");
  assert.ok(Date.now() - begun < 20_000, "the lease of yesterday's tomorrow was waited for");
  assert.equal(run(at.config, "fsck").code, 0);
  assert.equal(sql(at.dir, "SELECT native_id FROM records ORDER BY leaf_index"), pushed.join("\n"));
});
