// Goal: a store in PostgreSQL says what the same store in a file says, and its proofs hold offline.
// Method: two sandbox cities of one seed, one synced into SQLite and one into PostgreSQL; score sheets compared byte for
// byte but for the log's head, `fsck`, and the bundle of one evidence verified without any store.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { edit, importCity, must, run, startCity } from "./lib.mjs";
import { postgresMissing, startPostgres } from "./postgres.mjs";

const months = ["2026-05", "2026-06"];

// `sync` reports per source, without what tells the time.
const counts = (text) => JSON.parse(text).sources.map(({ source, fetched, new: added, revised, duplicate, quarantined }) =>
  ({ source, fetched, added, revised, duplicate, quarantined }));

// The head's hash and signature stand for salts, which are random.
const sheet = (config, period) =>
  must(config, "score", "--period", period, "--json").replace(/"checkpoint": *"[^"]*"/, "");

test("one city in SQLite and in PostgreSQL", { skip: postgresMissing() }, async (t) => {
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  postgres.make("mc");
  const city = () => startCity({ seed: 11, officials: 60, months: 2 });
  const [file, database] = await Promise.all([city(), city()]);
  t.after(() => [file, database].forEach((each) => each.stop()));
  edit(database.config, (settings) => (settings.store = postgres.uri("mc")));

  const synced = [file, database].map((each) => {
    importCity(each);
    return counts(must(each.config, "--json", "sync"));
  });
  assert.deepEqual(synced[1], synced[0]);
  assert.ok(synced[0].every(({ fetched }) => fetched > 0));
  for (const period of months) assert.equal(sheet(database.config, period), sheet(file.config, period));

  // Once more: nothing is new to either.
  const again = counts(must(database.config, "--json", "sync"));
  assert.ok(again.every(({ added, quarantined }) => added === 0 && quarantined === 0), JSON.stringify(again));

  assert.equal(run(database.config, "fsck").code, 0);
  assert.equal(run(database.config, "fsck", "--rollups").code, 0);

  const [ik] = postgres.ask("mc", "SELECT to_hex(ik) FROM records WHERE outcome = 'evidence' ORDER BY leaf_index LIMIT 1").split("\n");
  const bundle = join(database.dir, "evidence.zip");
  must(database.config, "prove", "evidence", ik.padStart(16, "0"), "--out", bundle);
  const key = JSON.parse(must(database.config, "--json", "log", "key")).verifier_key;
  assert.equal(run("/nowhere.jsonc", "verify", bundle, "--key", key).code, 0);
  assert.ok(readFileSync(bundle).length > 0);

  // What fsck says of a row that somebody changed by hand.
  postgres.ask("mc", "UPDATE evidence SET assurance = 'claimed' WHERE leaf_index = (SELECT min(leaf_index) FROM evidence WHERE assurance <> 'claimed')");
  assert.equal(run(database.config, "fsck").code, 1);
});

test("a database that is not there, refuses us or holds something else is told apart", { skip: postgresMissing() }, async (t) => {
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  const city = await startCity({ officials: 48, months: 1 });
  t.after(() => city.stop());
  const ask = (store, password) => {
    edit(city.config, (settings) => {
      settings.store = store;
      if (password) settings.store_password = password;
    });
    return run(city.config, "fsck");
  };
  const absent = ask(postgres.uri("nobody"));
  assert.equal(absent.code, 2, absent.stderr);
  const secret = ask("postgresql://u:hunter2@127.0.0.1/x");
  assert.equal(secret.code, 2);
  assert.ok(!`${secret.stdout}${secret.stderr}`.includes("hunter2"));
  const down = ask("postgresql://postgres@127.0.0.1:1/x");
  assert.equal(down.code, 3, down.stderr);
  postgres.make("other");
  postgres.ask("other", "CREATE TABLE things (id INTEGER)");
  assert.equal(ask(postgres.uri("other")).code, 2);
  assert.equal(postgres.ask("other", "SELECT count(*) FROM pg_class WHERE relname = 'meta'"), "0");
  // A password is taken from where the settings say, and appears nowhere.
  process.env.MC_TEST_STORE_PASSWORD = "hunter3";
  postgres.make("mine");
  const empty = ask(postgres.uri("mine"), "env:MC_TEST_STORE_PASSWORD");
  assert.equal(empty.code, 2, empty.stderr);
  assert.match(empty.stderr, /no_store/);
  importCity(city);
  const fine = run(city.config, "fsck");
  assert.equal(fine.code, 0, fine.stderr);
  assert.ok(![empty, fine].some(({ stdout, stderr }) => `${stdout}${stderr}`.includes("hunter3")));
});
