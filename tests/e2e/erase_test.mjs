// One person of a sandbox city is erased, the whole way: every byte of theirs leaves the store's files, while `serve` has
// it open; old bundles, everybody else's and the locked score still verify; the city sends the same again, and the sums hold.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { importCity, must, query, run, score, startCity, startServer } from "./lib.mjs";

const period = "2026-05";
const people = ["--category", "request", "--reason", "đơn số 12", "--requested-by", "Nguyễn A", "--approved-by", "Trần B"];

// All bytes of the database, its write-ahead log and whatever else lies beside it.
const storeBytes = (dir) => Buffer.concat(["", "-wal", "-shm", "-journal"].map((part) => join(dir, `minhchung.db${part}`))
  .filter(existsSync).map((file) => readFileSync(file)));

const verify = (city, file, key) => JSON.parse(must(city.config, "--json", "verify", file, "--key", key));

test("one person is erased; every proof stands, and what went does not come back", async (t) => {
  const city = await startCity({ seed: 3, officials: 50, months: 2 });
  t.after(() => city.stop());
  importCity(city);
  must(city.config, "sync");
  must(city.config, "lock", "--period", period);
  const key = JSON.parse(must(city.config, "--json", "log", "key")).verifier_key;
  const sheets = score(city.config, period).subjects;
  const who = [...sheets].sort((a, b) => b.lines.length - a.lines.length)[0].id;
  const other = [...sheets].sort((a, b) => b.lines.length - a.lines.length)[1].id;
  const prove = (person, name) => {
    must(city.config, "prove", "score", person, "--period", period, "--out", join(city.dir, name));
    return join(city.dir, name);
  };
  const before = prove(who, "before.zip");

  const plan = JSON.parse(must(city.config, "--json", "erase", who, ...people));
  assert.ok(plan.records.length > 5);
  assert.equal(plan.erased, false);
  // What must be gone: native ids that nobody else's records mention, digests, and the evidence itself.
  const list = plan.records.map((record) => record.leaves[0]).join(",");
  const rows = query(city.dir, `SELECT r.native_id, hex(r.digest), hex(p.wrapped_key), hex(s.salt), hex(substr(p.box, 1, 28))
    FROM records r JOIN payloads p USING (leaf_index) JOIN salts s USING (leaf_index) WHERE leaf_index IN (${list})`)
    .trim().split("\n").map((line) => line.split("|"));
  const secrets = rows.flatMap((row) => row.slice(-4)).map((hex) => Buffer.from(hex, "hex"));
  const texts = query(city.dir, `SELECT canonical FROM evidence WHERE leaf_index IN (${list})`).trim().split("\n");
  assert.ok(texts.length > 3 && secrets.length > 20);
  const held = (bytes) => [...secrets, ...texts.map((text) => Buffer.from(text))].filter((trace) => bytes.includes(trace)).length;
  assert.equal(held(storeBytes(city.dir)), secrets.length + texts.length);

  const server = await startServer(city.config);
  let erased, open;
  try {
    erased = JSON.parse(must(city.config, "--json", "erase", who, ...people, "--confirm"));
    open = storeBytes(city.dir);
    assert.ok((await fetch(`${server.url}/healthz`)).ok);
  } finally {
    await server.end();
  }
  assert.equal(erased.wiped, true);
  assert.equal(held(open), 0);
  assert.equal(held(storeBytes(city.dir)), 0);
  must(city.config, "backup", join(city.dir, "copy"));
  assert.equal(held(readFileSync(join(city.dir, "copy/store.db"))), 0);
  for (const clear of ["đơn số 12", "Nguyễn A"]) assert.ok(!storeBytes(city.dir).includes(clear), clear);

  assert.equal(verify(city, before, key).valid, true);
  assert.equal(verify(city, prove(other, "other.zip"), key).valid, true);
  const after = verify(city, prove(who, "after.zip"), key);
  assert.equal(after.valid, true);
  assert.ok(after.erased.length > 3);
  assert.ok(after.erased.every((leaf) => leaf.erasure === erased.leaf && leaf.items.length > 0));
  const fsck = JSON.parse(must(city.config, "--json", "fsck"));
  assert.deepEqual(fsck.faults, []);
  assert.equal(fsck.erased, erased.leaves);
  const index = JSON.parse(must(city.config, "--json", "fsck", "--index"));
  assert.deepEqual(index.faults, []);
  assert.ok(index.not_comparable > 0);
  assert.match(must(city.config, "explain", who, "--period", period), new RegExp(`dữ liệu gốc đã xóa ngày .*, lá ${erased.leaf}`));

  // Everybody else's figures, and the same pull once more: nothing new, nothing back.
  const evidence = fsck.evidence;
  must(city.config, "sync");
  const again = JSON.parse(must(city.config, "--json", "fsck"));
  assert.deepEqual(again.faults, []);
  assert.equal(again.evidence, evidence);
  assert.equal(held(storeBytes(city.dir)), 0);
  const theirs = score(city.config, period).subjects;
  for (const sheet of sheets.filter((s) => s.id !== who)) {
    assert.deepEqual(theirs.find((s) => s.id === sheet.id).exact, sheet.exact, sheet.id);
  }
  assert.equal(run(city.config, "erase", who, ...people.slice(0, -1), "Nguyễn A").code, 2);
});
