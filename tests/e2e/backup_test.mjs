// Goal: a store that is copied while it is written comes back whole elsewhere, every sheet byte by byte; a copy that was
// changed, is unfinished, of another log or older than what a witness saw never becomes the store by itself.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { binary, edit, importCity, must, pushedInstallation, pushOneReport, run, score, startCity, startWitness } from "./lib.mjs";
import { logFile } from "./logs.mjs";

const period = "2026-05";

// The same settings and keys with another place for the store.
function elsewhere({ dir, config }, name) {
  const settings = join(dir, `${name}.jsonc`);
  writeFileSync(settings, readFileSync(config));
  edit(settings, (all) => (all.store = `${name}.db`));
  return { config: settings, store: join(dir, `${name}.db`) };
}

const beside = (store) => ["", "-wal", "-shm", ".restoring", ".restoring-wal", ".restoring-shm"].filter((end) => existsSync(store + end));

// Refused with this code, and nothing in the store's place.
function refused(place, code, folder, ...more) {
  const result = run(place.config, "restore", folder, ...more);
  assert.ok([2, 3].includes(result.code), result.stdout + result.stderr);
  assert.match(result.stderr, new RegExp(code));
  assert.deepEqual(beside(place.store), []);
  return result;
}

test("copied while it is collected; put back elsewhere, it goes on to the same sheets", async (t) => {
  const city = await startCity({ seed: 5, officials: 48, months: 2, honest: true });
  t.after(() => city.stop());
  importCity(city);
  const sync = spawn(binary, ["--config", city.config, "sync"], { stdio: ["ignore", logFile(), logFile()] });
  const ended = new Promise((done) => sync.on("exit", done));
  const copies = [];
  while (sync.exitCode === null && copies.length < 50) {
    await new Promise((done) => setTimeout(done, 100)); // lets the end of the sync be seen
    const folder = join(city.dir, `copy-${copies.length}`);
    copies.push({ folder, ...JSON.parse(must(city.config, "--json", "backup", folder)) });
  }
  assert.equal(await ended, 0);
  const last = join(city.dir, "copy-last");
  must(city.config, "backup", last);
  const sheets = JSON.stringify(score(city.config, period).subjects);

  assert.deepEqual(readdirSync(last).sort(), ["backup.json", "store.db"]);
  const manifest = JSON.parse(readFileSync(join(last, "backup.json"), "utf8"));
  assert.equal(manifest.sha256, createHash("sha256").update(readFileSync(join(last, "store.db"))).digest("hex"));
  for (const file of ["backup.json", "store.db"]) assert.equal(statSync(join(last, file)).mode & 0o077, 0, file);
  for (const key of ["sealing", "log-signing", "person-hmac"]) {
    const hex = readFileSync(join(city.dir, "keys", key), "utf8").trim();
    for (const form of [hex, Buffer.from(hex, "hex")]) assert.ok(!readFileSync(join(last, "store.db")).includes(form), key);
  }

  const whole = elsewhere(city, "whole");
  must(whole.config, "restore", last);
  must(whole.config, "fsck");
  assert.equal(JSON.stringify(score(whole.config, period).subjects), sheets);

  // From the middle: what came after it is collected again.
  assert.ok(copies.length > 1, "no copy was made while it collected");
  const middle = elsewhere(city, "middle");
  must(middle.config, "restore", copies[Math.floor(copies.length / 2)].folder);
  must(middle.config, "sync");
  must(middle.config, "fsck");
  assert.equal(JSON.stringify(score(middle.config, period).subjects), sheets);
  refusedAsChanged(city, last);
});

// What an attacker or a bad disk makes of a copy, each refused by name.
function refusedAsChanged(city, folder) {
  const place = elsewhere(city, "changed");
  const store = join(folder, "store.db"), text = join(folder, "backup.json");
  const bytes = readFileSync(store), manifest = readFileSync(text, "utf8");
  const changed = Buffer.from(bytes);
  const statement = changed.indexOf('"kind":"');
  assert.ok(statement > 0);
  changed[statement + 8] ^= 1;
  writeFileSync(store, changed);
  refused(place, "backup_changed", folder);
  // With a digest to fit: what was changed is found in the store itself.
  writeFileSync(text, manifest.replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${createHash("sha256").update(changed).digest("hex")}"`));
  assert.match(refused(place, "backup_damaged", folder).stderr, /SAI LỆCH \S+ tại/);
  writeFileSync(store, bytes);
  for (const bad of [manifest.slice(0, -1), manifest + " ", manifest.replace('"size"', '"sise"'), manifest.replace('"bytes":', '"bytes":1')]) {
    writeFileSync(text, bad);
    refused(place, "bad_backup|backup_changed", folder);
  }
  writeFileSync(text, manifest);
  edit(place.config, (all) => (all.log_origin = "another.example/log"));
  refused(place, "other_log", folder);
  rmSync(text);
  refused(elsewhere(city, "changed"), "no_backup", folder);
  writeFileSync(text, manifest);
}

test("nothing is overwritten, and a failed copy leaves nothing", async (t) => {
  const home = pushedInstallation(t);
  await pushOneReport(home);
  must(home.config, "sync");
  const folder = join(home.dir, "copy");
  must(home.config, "backup", folder);
  assert.match(run(home.config, "backup", folder).stderr, /backup_exists/);
  assert.equal(run(home.config, "backup", join(home.dir, "no/such/folder")).code, 3);
  const before = readFileSync(join(home.dir, "mc.db"));
  const result = run(home.config, "restore", folder);
  assert.equal(result.code, 2);
  assert.match(result.stderr, /store_exists/);
  assert.ok(readFileSync(join(home.dir, "mc.db")).equals(before));

  // No store there: none is made, and no empty copy of it.
  const nowhere = elsewhere(home, "mistyped");
  assert.match(run(nowhere.config, "backup", join(home.dir, "empty")).stderr, /no_store/);
  assert.deepEqual([beside(nowhere.store), existsSync(join(home.dir, "empty"))], [[], false]);
  // What a killed restore left is named as that.
  writeFileSync(`${nowhere.store}.restoring`, "half");
  assert.match(run(nowhere.config, "restore", folder).stderr, /restore_unfinished.*remove it/);
  assert.equal(readFileSync(`${nowhere.store}.restoring`, "utf8"), "half");
});

test("a copy older than what a witness saw is put back only when asked for, and signs nothing", async (t) => {
  const home = pushedInstallation(t);
  const witness = await startWitness(t, "witness.test/w1", JSON.parse(must(home.config, "--json", "log", "key")).verifier_key);
  edit(home.config, (settings) => (settings.witnesses = { inspector: { key: witness.key, url: `${witness.url}/` } }));
  await witness.become("good");
  const unsigned = join(home.dir, "unsigned");
  must(home.config, "log", "keys"); // makes the store and signs nothing
  must(home.config, "backup", unsigned);
  const early = run(elsewhere(home, "early").config, "restore", unsigned);
  assert.deepEqual([early.code, /no_head/.test(early.stdout)], [3, true]);
  must(home.config, "sync");
  const old = join(home.dir, "old"), newest = join(home.dir, "newest");
  must(home.config, "backup", old);
  await pushOneReport(home);
  must(home.config, "sync");
  must(home.config, "log", "sign");
  must(home.config, "backup", newest);

  const place = elsewhere(home, "back");
  assert.equal(refused(place, "witness_rollback", old).code, 3);
  const taken = run(place.config, "restore", old, "--older");
  assert.equal(taken.code, 3);
  assert.match(taken.stdout, /ĐÃ THẤY NHIỀU HƠN BẢN NÀY/);
  must(place.config, "fsck"); // it can be read
  const grown = run(place.config, "sync"); // one receipt more, and nothing that the witness would sign
  assert.equal(grown.code, 3);
  assert.match(grown.stderr, /witness_(rollback|fork)/);

  const good = elsewhere(home, "good");
  const word = JSON.parse(must(good.config, "--json", "restore", newest));
  assert.deepEqual(word.witnesses, [{ contradicts: false, error: null, id: "inspector" }]);
  must(good.config, "sync");
  must(good.config, "log", "sign");

  await witness.become("down");
  const unasked = elsewhere(home, "unasked");
  const said = run(unasked.config, "restore", newest);
  assert.equal(said.code, 3); // put back, and what is not known is said
  assert.match(said.stdout, /CHƯA hỏi được/);
  must(unasked.config, "fsck");
});
