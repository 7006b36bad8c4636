// Goal: a million records, of which every fifth comes twice, through three gateways on one PostgreSQL, one of them killed
// with pages in its hands: each is there exactly once, and a dead gateway's sources are taken over within one lease.
// Method: six sources of formula_platform.mjs, two for each gateway to begin with. When two fifths of all rows were
// given out, the test holds the ledger, so that pages pile up in the gateways' hands, and kills one (SIGKILL) to which rows
// were given that no run has. Outside oracle: PostgreSQL computes every record by the formula and compares key and
// digest; nothing of the product is asked.
// MC_GATEWAYS_RECORDS=1000000 is the whole of it (a durable server on disk), on demand; 3,000 otherwise.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { expectedSql, planOf, rowsOf, sourceNames, startPlatform } from "./formula_platform.mjs";
import { binary, must, root, run } from "./lib.mjs";
import { postgresMissing, startPostgres } from "./postgres.mjs";

const records = Number(process.env.MC_GATEWAYS_RECORDS ?? 3000);
const large = records >= 100_000;
const names = ["g1", "g2", "g3"];
// Seconds. Longer than a page may wait for its turn at the ledger on a busy machine, or a living gateway loses it.
const lease = large ? 20 : 5;
// After it: a gateway that was told that another one collects pauses a second and looks again; then its turn at the
// ledger, behind a page of each source that is being collected, and what a busy machine adds. Less than another lease.
const margin = 5;
const startWait = 120_000, endWait = 7_200_000;

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
async function until(what, most, pause, ready) {
  const end = Date.now() + most;
  while (true) {
    const value = await ready();
    if (value) return value;
    assert.ok(Date.now() < end, `${what}: not within ${most} ms`);
    await sleep(pause);
  }
}
const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);

function manifest(source) {
  return {
    schema: "minhchung/manifest@1", id: source, register: source, rules: "hanoiwork", title: source, owner: "-", legal_basis: "-",
    assumptions: [], kind: "qlnv_tasks", endpoints: { read: { method: "POST", path: `/${source}/tasks` } }, streams: [{ id: "tasks" }],
    auth: { kind: "bearer", secret: "bearer" },
    limits: { records_per_page: large ? 500 : 20, records_per_commit: large ? 2000 : 80, window_days: 1, overlap_days: 0 },
    lag_limit_minutes: 1440, expected_interval_minutes: 1440,
  };
}

// Of one on a machine of its own, as far as this one can be several: its own folder, locks and credential.
function configure(dir, name, uri, platform, start) {
  mkdirSync(join(dir, name));
  for (const key of ["sealing", "person", "log"]) writeFileSync(join(dir, name, `${key}.key`), "ab".repeat(32), { mode: 0o600 });
  writeFileSync(join(dir, name, "bearer"), name, { mode: 0o600 });
  const config = join(dir, name, "gateway.jsonc");
  writeFileSync(config, JSON.stringify({
    store: `${uri}?application_name=${name}`, log_origin: "test.example/log", policies: join(root, "policies"),
    manifests: join(dir, "manifests"), rules: join(root, "mapping/rules"), lease_ttl_secs: lease, listen: { port: 0 },
    keys: { sealing: "file:sealing.key", person_hmac: "file:person.key", log_signing: "file:log.key" }, read_back: { records: 0 },
    sources: Object.fromEntries(sourceNames.map((source) =>
      [source, { base_url: platform.url, secrets: { bearer: "file:bearer" }, start, interval_minutes: 10080 }])),
  }));
  return config;
}

function serve(name, config) {
  const child = spawn(binary, ["--config", config, "serve"], { stdio: ["ignore", "ignore", "pipe"] });
  const gateway = { name, child, log: "" };
  child.stderr.on("data", (text) => (gateway.log += text));
  return gateway;
}

// As if each gateway had collected its share before and died: its own lease it takes at once, another's it waits for.
function shareOut(ask, dir) {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const rows = sourceNames.map((source, i) =>
    `('${source}', '${hostname()} ${boot} ${realpathSync(dir)}/${names[i % names.length]}', 0, extract(epoch FROM clock_timestamp()) * 1000000 + 3.6e9)`);
  ask(`INSERT INTO leases (source, holder, fence, until) VALUES ${rows.join(", ")}`);
}

// Asks for the ledger's row, as a writer does; `held` when it is its turn, then letGo().
function holdLedger(uri) {
  const holder = spawn("psql", ["-XAtq", uri], { stdio: ["pipe", "pipe", "inherit"] });
  const held = new Promise((done) => holder.stdout.once("data", done));
  holder.stdin.write("BEGIN; SELECT 'held' FROM ledger WHERE id = 1 FOR UPDATE;\n");
  const letGo = () => new Promise((done) => {
    holder.on("exit", done);
    holder.stdin.end("ROLLBACK;\n");
  });
  return { held, letGo };
}

// One look at all: leases, rows that runs have, runs that collect, gateways of which a session waits for the ledger.
const look = `SELECT json_build_object(
  'leases', (SELECT json_agg(json_build_object('source', source, 'name', substring(holder FROM '[^/]+$'), 'fence', fence,
    'left', until / 1e6 - extract(epoch FROM clock_timestamp()))) FROM leases),
  'written', (SELECT json_object_agg(source, rows) FROM (SELECT source, sum(fetched) AS rows FROM runs GROUP BY source) r),
  'begun', (SELECT json_agg(source) FROM runs WHERE state = 'open'),
  'stuck', (SELECT json_agg(DISTINCT application_name) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'BEGIN%ledger%'))`;

// Sources that are being collected by a gateway that waits for its turn, with rows in its hands that no run has. Only
// one that waits to prolong its lease has none; who else is on the way arrives between two looks.
async function inHands(ask, platform) {
  let before = -1, same = 0;
  return until("gateways with pages in their hands", startWait, 100, async () => {
    const { leases, written, begun, stuck } = JSON.parse(ask(look));
    const given = (await platform.told()).rows;
    const found = leases.filter((each) => stuck?.includes(each.name) && begun?.includes(each.source))
      .map((each) => ({ ...each, rows: given[each.source] - written[each.source] })).filter((each) => each.rows > 0);
    const rows = found.reduce((sum, each) => sum + each.rows, 0);
    same = rows === before ? same + 1 : 0;
    before = rows;
    return found.length > 0 && same >= 1 && { found, written };
  });
}

// Kills the gateway that has most in its hands. The ledger is held twice, the second time behind all who waited the
// first time: whoever writes a page in two steps, its position first, has by then taken one of them.
async function killInMidPage(ask, platform, gateways, uri) {
  const first = holdLedger(uri);
  await first.held;
  platform.open();
  await inHands(ask, platform);
  const second = holdLedger(uri);
  await until("the second hold in its queue", startWait, 20, () =>
    ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'psql' AND wait_event_type = 'Lock'") === "1");
  await first.letGo();
  await second.held;
  const { found, written } = await inHands(ask, platform);
  const most = found.reduce((a, b) => (b.rows > a.rows ? b : a));
  const victim = gateways.find(({ name }) => name === most.name);
  victim.child.kill("SIGKILL");
  return { victim, killed: Date.now(), written, inHand: found.filter((each) => each.name === victim.name), letGo: second.letGo };
}

async function takeovers(ask, { victim, killed, inHand }) {
  const after = {};
  await until("the dead one's sources taken over", startWait, 50, () => {
    for (const now of JSON.parse(ask(look)).leases) {
      const before = inHand.find((each) => each.source === now.source);
      if (before && now.fence > before.fence && now.name !== victim.name) after[now.source] ??= Date.now() - killed;
    }
    return Object.keys(after).length === inHand.length;
  });
  return Math.max(...Object.values(after)) / 1000;
}

// Each exactly once with the bytes that were given out, read in one piece of evidence each, and nothing else.
function compare(ask, plan) {
  ask(`CREATE UNLOGGED TABLE test_expected AS ${expectedSql(plan)}`);
  const count = (sql) => Number(ask(sql));
  assert.equal(count("SELECT count(*) FROM test_expected"), records);
  assert.equal(count("SELECT count(*) FROM records"), records);
  assert.equal(count("SELECT count(*) FROM (SELECT DISTINCT register_id, native_id, digest FROM records) r"), records);
  assert.equal(count("SELECT count(*) FROM (SELECT register_id, native_id, digest FROM test_expected EXCEPT " +
    "SELECT register_id, native_id, digest FROM records) r"), 0);
  assert.equal(count("SELECT count(*) FROM evidence"), records);
  assert.equal(count("SELECT count(*) FROM evidence e JOIN records r ON r.leaf_index = e.record_leaf AND r.native_id = e.native_id AND " +
    "r.register_id = e.register_id AND r.outcome = 'evidence' WHERE e.kind = 'task' AND e.revision = 1 AND e.latest = 1"), records);
  ask("DROP TABLE test_expected");
}

test(`${records} records, three gateways, one killed in mid-page`, { skip: postgresMissing() }, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const postgres = await startPostgres(large ? { fsync: true, settings: { shared_buffers: "1GB", max_wal_size: "8GB", wal_compression: "lz4" } } : {});
  t.after(() => postgres.stop());
  postgres.make("mc");
  const ask = (sql) => postgres.ask("mc", sql);
  const plan = planOf(records, large ? 2000 : 50);
  const rows = rowsOf(plan);
  const platform = await startPlatform(plan, names, Math.floor(rows * 0.4));
  t.after(() => platform.stop());
  mkdirSync(join(dir, "manifests"));
  for (const source of sourceNames) writeFileSync(join(dir, `manifests/${source}.json`), JSON.stringify(manifest(source)));

  const configs = names.map((name) => configure(dir, name, postgres.uri("mc"), platform, plan.start));
  must(configs[0], "sources", "list");  // makes the store
  shareOut(ask, dir);

  const began = Date.now();
  const gateways = names.map((name, i) => serve(name, configs[i]));
  t.after(() => gateways.forEach(({ child }) => child.kill("SIGKILL")));
  const logs = () => gateways.map(({ name, log }) => `--- ${name}\n${log}`).join("");
  await platform.gate;
  const { victim, killed, written, inHand, letGo } = await killInMidPage(ask, platform, gateways, postgres.uri("mc"));
  const askedBefore = (await platform.told()).asked;
  await letGo();
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  t.diagnostic(`after ${seconds(began)} s, ${sum(Object.values(written))} of ${rows} rows written: ${victim.name} killed with ` +
    inHand.map((each) => `${each.rows} rows of ${each.source} (lease: ${each.left.toFixed(1)} s left)`).join(", "));
  const takenOver = await takeovers(ask, { victim, killed, inHand });
  t.diagnostic(`its sources taken over after at most ${takenOver} s, lease ${lease} s`);
  assert.ok(takenOver <= lease + margin, `${takenOver} s; ${logs()}`);

  await until("every source collected to its end", endWait, large ? 2000 : 100, () => {
    assert.ok(gateways.every(({ child }) => child.exitCode === null), logs());
    return ask("SELECT count(DISTINCT source) FILTER (WHERE state = 'complete') || '|' || count(*) FILTER (WHERE state = 'open') FROM runs") ===
      `${sourceNames.length}|0`;
  });
  const took = (Date.now() - began) / 1000;
  const told = await platform.told();
  t.diagnostic(`${records} records in ${took.toFixed(0)} s from the start of the gateways: ${(records / took).toFixed(0)}/s, of ` +
    `${sum(Object.values(told.rows))} rows given out; by gateway ${JSON.stringify(told.callers)}`);
  assert.ok(rows - records >= 0.2 * rows, "a fifth of the rows comes twice");
  assert.ok(names.every((name) => told.callers[name] > 0), "each collected");
  for (const { child } of gateways) child.kill("SIGTERM");
  await Promise.all(gateways.map(({ child }) => child.exitCode ?? child.signalCode ?? new Promise((done) => child.on("exit", done))));
  compare(ask, plan);
  // What the dead one had in its hands was given out anew.
  for (const { source } of inHand) {
    assert.ok(Object.keys(askedBefore).some((page) => page.startsWith(source) && told.asked[page] > askedBefore[page]), source);
  }
  const checked = Date.now();
  const fsck = run(configs[0], "fsck");
  assert.equal(fsck.code, 0, fsck.stdout + fsck.stderr);
  t.diagnostic(`fsck clean in ${seconds(checked)} s; ${ask("SELECT pg_size_pretty(pg_database_size('mc'))")}`);
});
