// The national adapter by the built program: what is wrong with a login is told at its step, a
// session that ends in mid-pull is asked for again, and neither it nor a password is ever written.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { must, run, startCity } from "./lib.mjs";

const SOURCE = "dossiers_adapter";

// Step at fault and code, of `sources check`.
function fault(config) {
  const { code, stdout } = run(config, "--json", "sources", "check", SOURCE);
  const [source] = JSON.parse(stdout).sources;
  assert.equal(code, source.ok ? 0 : 1);
  const last = source.steps.at(-1);
  return source.ok ? null : [last.step, last.error.code];
}

function filesBelow(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath ?? e.path, e.name));
}

test("a session: checked, refused, ended in mid-pull, never written", async (t) => {
  const city = await startCity({ seed: 2, officials: 50, dialects: "public_service=adapter" });
  t.after(city.stop);
  assert.equal(fault(city.config), null);
  for (const name of ["password", "username", "dstcode"]) {
    const file = join(city.dir, `keys/source-${SOURCE}-${name}`);
    const right = readFileSync(file);
    writeFileSync(file, "wrong-one");
    assert.deepEqual(fault(city.config), ["credentials", "login_refused"], name);
    writeFileSync(file, right);
  }
  const settings = readFileSync(city.config, "utf8");
  writeFileSync(city.config, settings.replace('"000.00.00.H26"', '"H26.999"'));
  assert.deepEqual(fault(city.config), ["shape", "source_error"]);
  writeFileSync(city.config, settings);

  const recording = join(city.dir, "recording");
  const { code, stdout, stderr } = run(city.config, "--json", "sync", "--record", recording, SOURCE);
  assert.equal(code, 0, stderr);
  const [source] = JSON.parse(stdout).sources;
  assert.equal(source.quarantined, city.city.bad_records[SOURCE]);
  const exchanges = filesBelow(join(recording, SOURCE, "exchanges")).map((file) => JSON.parse(readFileSync(file, "utf8")));
  const logins = exchanges.filter((e) => e.request.url.endsWith("/mapi/login"));
  const ended = exchanges.filter((e) => e.response.body.includes('"error_code":"-1"'));
  assert.ok(logins.length >= 3, `${logins.length} logins`);
  assert.equal(ended.length, logins.length - 1);
  const hidden = ["phien", city.city.platforms[SOURCE].secret, city.city.platforms[SOURCE].secrets.dstcode];
  for (const text of [stdout, stderr, ...filesBelow(recording).map((file) => readFileSync(file, "utf8"))]) {
    for (const secret of hidden) assert.ok(!text.includes(secret), secret);
  }
  assert.deepEqual(JSON.parse(must(city.config, "--json", "fsck")).faults, []);
});
