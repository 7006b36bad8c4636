// Goal: the log's key is changed, and nothing that was published before or after stops verifying; each
// reader needs only the keys that it trusts.
// Method: bundles and exports from before, during and after the overlap of two keys, read by `verify`,
// by Go (logcheck), by the openssl lines of the bundle's README and by a witness.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { edit, must, pushOneReport, pushedInstallation, root, run, startWitness } from "./lib.mjs";

const logcheck = process.env.MC_LOGCHECK ?? join(root, "build/dev/tests/foreign/logcheck");

async function installation(t) {
  const home = pushedInstallation(t);
  await pushOneReport(home);
  must(home.config, "sync");
  writeFileSync(join(home.dir, "new.key"), "cd".repeat(32), { mode: 0o600 });
  const leaf = Array.from({ length: 8 }, (_, i) => String(i)).find((i) => run(home.config, "prove", "evidence", i, "--out", join(home.dir, "x.zip")).code === 0);
  return { ...home, leaf, newKey: `file:${join(home.dir, "new.key")}` };
}

const keyOf = (home) => JSON.parse(must(home.config, "--json", "log", "key")).verifier_key;
const rotate = (home) => run(home.config, "--json", "log", "rotate", home.newKey);
const use = (home, former) => edit(home.config, (settings) => {
  settings.keys.log_signing = "file:new.key";
  delete settings.keys.log_signing_former;
  if (former) settings.keys.log_signing_former = "file:log.key";
});

// A bundle and an export under the head of now.
function publish(home, name) {
  must(home.config, "sync");
  must(home.config, "prove", "evidence", home.leaf, "--out", join(home.dir, `${name}.zip`));
  must(home.config, "log", "export", join(home.dir, name));
  return readFileSync(join(home.dir, name, "checkpoint"), "utf8");
}
const lines = (checkpoint) => checkpoint.split("\n").filter((line) => line.startsWith("— ")).length;

test("old and new bundles verify, each with the keys that its reader trusts", async (t) => {
  const home = await installation(t);
  const old = keyOf(home);
  assert.equal(lines(publish(home, "before")), 1);

  assert.equal(run(home.config, "log", "rotate", "cd".repeat(32)).code, 2); // never the key itself
  const rotated = JSON.parse(rotate(home).stdout);
  assert.equal(lines(rotated.checkpoint), 2);
  const stale = run(home.config, "sync"); // the settings still name the old key
  assert.equal(stale.code, 2);
  assert.match(stale.stderr, /store_log.*set keys.log_signing to the newest/);

  use(home, true);
  const now = keyOf(home);
  assert.equal(now, rotated.verifier_key);
  assert.equal(lines(publish(home, "overlap")), 2);
  const { findings } = JSON.parse(run(home.config, "--json", "doctor").stdout);
  assert.deepEqual(["store", "log_head"].map((check) => findings.find((finding) => finding.check === check).state), ["ok", "ok"]);
  must(home.config, "fsck");
  use(home, false);
  assert.equal(lines(publish(home, "after")), 1);
  must(home.config, "fsck");

  // verify
  const verify = (name, ...keys) => {
    const result = run(home.config, "--json", "verify", join(home.dir, `${name}.zip`), ...keys.flatMap((key) => ["--key", key]));
    const verdict = JSON.parse(result.stdout);
    assert.equal(result.code, verdict.valid ? 0 : 1);
    return verdict.valid || verdict.fault.code;
  };
  const stranger = old.replace(/\+[^+]{8}\+.*/, "+36e6c709+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs");
  const expected = { before: [true, "other_key"], overlap: [true, true], after: ["other_key", true] };
  for (const [name, [byOld, byNew]] of Object.entries(expected)) {
    assert.equal(verify(name, old), byOld, name);
    assert.equal(verify(name, now), byNew, name);
    assert.equal(verify(name, old, now), true, name);
    assert.equal(verify(name, stranger, now, old), true, name);
    assert.equal(verify(name, stranger), "other_key", name);
    assert.equal(verify(name), true, name);
  }

  // Go, with consistency from an older head that the same key signed.
  const go = (...args) => spawnSync(logcheck, ["log", ...args.map((arg) => (arg.includes("+") ? arg : join(home.dir, arg)))]).status;
  assert.equal(go(old, "overlap", "before/checkpoint"), 0);
  assert.equal(go(now, "after", "overlap/checkpoint"), 0);
  assert.equal(go(old, "after"), 1);
  assert.equal(go(now, "before"), 1);

  // The lines of the README.
  const openssl = (name, key) => {
    const folder = join(home.dir, `${name}-${key === old ? "old" : "new"}`);
    mkdirSync(folder);
    assert.equal(spawnSync("unzip", ["-q", join(home.dir, `${name}.zip`), "-d", folder]).status, 0);
    const script = /```sh\n([^`]*)```/.exec(readFileSync(join(folder, "README.md"), "utf8"))[1];
    return spawnSync("sh", ["-ec", script], { cwd: folder, env: { ...process.env, KEY: key } }).status === 0;
  };
  assert.deepEqual([openssl("before", old), openssl("overlap", old), openssl("overlap", now), openssl("after", now), openssl("after", old)],
    [true, true, true, true, false]);

  // The leaf that states the change, for strangers.
  const { keys } = JSON.parse(must(home.config, "--json", "log", "keys"));
  assert.deepEqual(keys.map((key) => key.verifier_key), [old, now]);
  assert.deepEqual(JSON.parse(keys[1].object), { before: old, key: now });
  const commitment = createHash("sha256").update(Buffer.from(keys[1].salt, "hex")).update(keys[1].object).digest("hex");
  assert.deepEqual([JSON.parse(keys[1].bytes).commitment, JSON.parse(keys[1].bytes).kind], [commitment, "log_key"]);
  assert.match(keys[1].proof, new RegExp(`^c2sp.org/tlog-proof@v1\nindex ${keys[1].leaf}\n`));
  assert.equal(rotate(home).code, 2); // this key signed before
});

test("a witness that knows the old key follows through the overlap, and the new one after it was told", async (t) => {
  const home = await installation(t);
  const old = keyOf(home);
  const witness = await startWitness(t, "witness.test/w1", old);
  edit(home.config, (settings) => (settings.witnesses = { inspector: { key: witness.key, url: witness.url } }));
  const signing = () => JSON.parse(run(home.config, "--json", "log", "sign").stdout);
  assert.equal(signing().witnesses[0].cosigned, true);
  assert.equal(rotate(home).code, 0);
  use(home, true);
  must(home.config, "sync");
  assert.equal(signing().witnesses[0].cosigned, true);
  use(home, false);
  must(home.config, "sync");
  assert.equal(signing().witnesses[0].error.code, "witness_key_unknown");

  const told = await startWitness(t, "witness.test/w1", old, keyOf(home));
  edit(home.config, (settings) => (settings.witnesses.inspector.url = told.url));
  assert.equal(signing().witnesses[0].cosigned, true);
  must(home.config, "fsck");
});
