// Goal: several gateways on one database lose and double nothing, and a dead one's sources are taken over within one
// lease.
// Method: three `serve` on one PostgreSQL, each with a folder of its own as on machines of their own; the one that waits
// with a page to write is killed (SIGKILL) with its page unwritten. Outside oracles: /truth, which reads nothing of the
// product, and the rows of a store in a file into which the same city was synced by one gateway.
// MC_GATEWAYS=officials:months chooses the city (200:2 in CI; 5000:8 makes about a million records).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { binary, edit, importCity, must, query, run, startCity, truth } from "./lib.mjs";
import { keepLog } from "./logs.mjs";
import { postgresMissing, startPostgres } from "./postgres.mjs";

const [officials, months] = (process.env.MC_GATEWAYS ?? "200:2").split(":").map(Number);
const names = ["g1", "g2", "g3"];
const lease = 5; // seconds
const pause = 2; // of a gateway that was told that another one collects, and its next look
const pageWait = 60_000, endWait = 3_600_000;

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
async function until(what, most, ready) {
  const end = Date.now() + most;
  while (true) {
    const value = await ready();
    if (value) return value;
    assert.ok(Date.now() < end, `${what}: not within ${most} ms`);
    await sleep(50);
  }
}

// Rows that do not tell who collected them, and when; hex in both databases' words.
const rows = {
  records: (hex) => `SELECT register_id, native_id, ${hex("digest")}, source, stream, length FROM records ORDER BY 1, 2, 3`,
  evidence: (hex) =>
    `SELECT e.register_id, e.native_id, e.revision, e.latest, e.kind, e.assurance, e.source, ${hex("r.digest")} FROM evidence e ` +
    "JOIN records r ON r.leaf_index = e.record_leaf ORDER BY 1, 2, 3",
};
const inFile = (dir) => Object.fromEntries(Object.entries(rows).map(([name, sql]) =>
  [name, query(dir, sql((column) => `lower(hex(${column}))`)).trimEnd()]));
const inPostgres = (ask) => Object.fromEntries(Object.entries(rows).map(([name, sql]) =>
  [name, ask(sql((column) => `encode(${column}, 'hex')`))]));

function startGateway(city, name, uri) {
  const dir = join(city.dir, name);
  mkdirSync(dir);
  const config = join(dir, "gateway.jsonc");
  writeFileSync(config, readFileSync(city.config));
  edit(config, (settings) => Object.assign(settings, { store: `${uri}?application_name=${name}`, lease_ttl_secs: lease }));
  const child = spawn(binary, ["--config", config, "serve"], { stdio: ["ignore", "ignore", "pipe"] });
  const gateway = { name, config, child, log: "" };
  child.stderr.on("data", (text) => {
    gateway.log += text;
    keepLog(text);
  });
  return gateway;
}

// Holds the ledger's row, as a writer does, until it is let go.
async function holdLedger(postgres, database) {
  postgres.ask(database, "CREATE TABLE IF NOT EXISTS test_hold (n INTEGER)");
  const holder = spawn("psql", ["-XAtq", postgres.uri(database)], { stdio: ["pipe", "pipe", "inherit"] });
  const held = new Promise((done) => holder.stdout.once("data", done));
  holder.stdin.write("BEGIN; SELECT 'held' FROM ledger WHERE id = 1 FOR UPDATE;\n");
  await held;
  return () => new Promise((done) => {
    holder.on("exit", done);
    holder.stdin.end("ROLLBACK;\n");
  });
}

test("three gateways, one killed with a page in its hands", { skip: postgresMissing() }, async (t) => {
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  postgres.make("mc");
  const ask = (sql) => postgres.ask("mc", sql);
  // It corrects nothing in between: what is shown once only may be shown to the one that is killed.
  const city = await startCity({ seed: 21, officials, months, honest: true });
  t.after(city.stop);
  importCity(city);
  must(city.config, "sync");
  const expected = inFile(city.dir);
  const total = expected.records.split("\n").length;

  const shared = join(city.dir, "shared.jsonc");
  writeFileSync(shared, readFileSync(city.config));
  edit(shared, (settings) => (settings.store = postgres.uri("mc")));
  importCity({ dir: city.dir, config: shared });
  const gateways = names.map((name) => startGateway(city, name, postgres.uri("mc")));
  t.after(() => gateways.forEach(({ child }) => child.kill("SIGKILL")));

  // A gateway whose run has pages behind it and one in its hands, waiting for its turn to write.
  await until("the first pages", pageWait, () => Number(ask("SELECT coalesce(sum(fetched), 0) FROM runs WHERE state = 'open'")) > 0);
  const letGo = await holdLedger(postgres, "mc");
  const collecting = "SELECT substring(l.holder FROM '[^/]+$') FROM leases l JOIN runs r ON r.source = l.source AND r.state = 'open' " +
    "AND r.fetched > 0 WHERE l.until > extract(epoch FROM clock_timestamp()) * 1000000";
  const waiting = "SELECT application_name FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'BEGIN%ledger%'";
  const name = await until("a gateway with a page in its hands", pageWait, () =>
    ask(`${waiting} AND application_name IN (${collecting}) LIMIT 1`));
  const victim = gateways.find((each) => each.name === name);
  victim.child.kill("SIGKILL");
  const orphans = ask(`SELECT source, fence FROM leases WHERE holder LIKE '%/${name}'`).split("\n").map((line) => line.split("|"));
  const unfinished = orphans.filter(([source]) => Number(ask(`SELECT count(*) FROM runs WHERE source = '${source}' AND state = 'open'`)) > 0);
  assert.ok(unfinished.length > 0);
  await letGo();
  const died = Date.now();

  let longest = 0;
  for (const [source, fence] of unfinished) {
    await until(`${source} taken over`, pageWait, () => Number(ask(`SELECT fence FROM leases WHERE source = '${source}'`)) > Number(fence));
    longest = Math.max(longest, Date.now() - died);
    assert.ok(!ask(`SELECT holder FROM leases WHERE source = '${source}'`).endsWith(name));
  }
  t.diagnostic(`${unfinished.length} sources of ${name} taken over after at most ${longest} ms, lease ${lease} s; ${total} records`);
  assert.ok(longest <= (lease + pause) * 1000, `${longest} ms`);

  const sources = Number(ask("SELECT count(DISTINCT source) FROM leases"));
  await until("every source collected to its end", endWait, async () => {
    await sleep(300);
    return Number(ask("SELECT count(DISTINCT source) FROM runs WHERE state = 'complete'")) === sources &&
      ask("SELECT count(*) FROM runs WHERE state = 'open'") === "0";
  });
  for (const { child } of gateways) child.kill("SIGTERM");
  await Promise.all(gateways.map(({ child }) => child.exitCode ?? child.signalCode ?? new Promise((done) => child.on("exit", done))));

  // Each exactly once, and nothing else.
  const stored = inPostgres(ask);
  for (const table of Object.keys(rows)) assert.ok(stored[table] === expected[table], `${table} differ`);
  const fsck = run(shared, "fsck");
  assert.equal(fsck.code, 0, fsck.stdout + fsck.stderr);
  for (const period of city.city.periods) {
    const told = await truth(city.city, period);
    const file = join(city.dir, "summary.json");
    must(shared, "summary", "--period", period, "--out", file);
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")).items, told.items);
  }
});
