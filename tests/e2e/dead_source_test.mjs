// Goal: killing a source changes no total and no class; the reason is in `explain`. A source that was dead and is back
// leaves no trace on any sheet; one that stays dead through the cut-off stops those whom its register feeds and
// nobody else; another source of the same register does not hide that it is dead, and keeps them going once the dead one is
// taken out of the settings.
// Method: each city is collected through a small proxy in front of one source, which lets a number of requests
// pass and then hangs up. The city's sources do not contradict themselves: one of the sandbox goes on offering what it
// corrected, so that a pull begun again reads the first version last.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { importCity, must, root, run, score, startCity } from "./lib.mjs";

const SOURCE = "public_service";
const REGISTER = "dvc";

// proxy.mjs in front of `target`, gone after the test: { url, allow(n), refused() }.
async function startProxy(t, target) {
  const child = spawn(process.execPath, [join(root, "tests/e2e/proxy.mjs"), target], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill());
  const line = await new Promise((done, fail) => {
    child.stdout.once("data", (text) => done(String(text)));
    child.once("exit", (code) => fail(new Error(`the proxy ended with ${code}`)));
  });
  const { url, control } = JSON.parse(line);
  const ask = async (body) => (await fetch(control, { method: body ? "POST" : "GET", body })).json();
  return { url, allow: (left) => ask(JSON.stringify({ left })), refused: async () => (await ask()).refused };
}

// The settings as JSON: make-config writes one comment line above them.
function settings(config, change) {
  const made = JSON.parse(readFileSync(config, "utf8").replace(/^\/\/.*$/m, ""));
  change(made);
  writeFileSync(config, JSON.stringify(made));
}

// A city whose SOURCE is asked through a proxy, with few records per page: there is a middle to die in.
async function proxiedCity(t) {
  const city = await startCity({ seed: 7, officials: 48, months: 2, honest: true });
  t.after(city.stop);
  const proxy = await startProxy(t, city.city.platforms[SOURCE].base_url);
  mkdirSync(join(city.dir, "manifests"));
  for (const file of readdirSync(join(root, "connectors")).filter((f) => f.endsWith(".json")))
    copyFileSync(join(root, "connectors", file), join(city.dir, "manifests", file));
  const manifest = JSON.parse(readFileSync(join(root, "connectors", `${SOURCE}.json`), "utf8"));
  Object.assign(manifest.limits, { max_attempts: 2, pages_per_pull: 1 });
  const save = (m) => writeFileSync(join(city.dir, "manifests", `${m.id}.json`), JSON.stringify(m));
  save(manifest);
  settings(city.config, (s) => {
    s.manifests = join(city.dir, "manifests");
    s.sources[SOURCE].base_url = proxy.url;
  });
  importCity(city);
  return { ...city, proxy, manifest, save };
}

const sheets = (city) => city.city.periods.map((period) => score(city.config, period));
// The quota is of those of a peer group who are scored: somebody who waits makes the group smaller.
const withoutQuota = ({ quota_note, class_after_quota, ...rest }) => rest;
const ownOf = ({ id, a, b, c, lines, held }) => ({ id, a, b, c, lines, held });
const changed = (now, before) => now.flatMap((scored, i) => scored.subjects
  .filter((sheet, j) => JSON.stringify(sheet) !== JSON.stringify(before[i].subjects[j])).map((sheet) => `${i} ${sheet.id} ${sheet.status_reason}`));
const explained = (city, person, period) => JSON.parse(must(city.config, "explain", person, "--period", period, "--json"));

// What the city says when nothing dies; and who is fed by the register.
async function undisturbed(t) {
  const city = await proxiedCity(t);
  must(city.config, "sync");
  const directory = JSON.parse(readFileSync(join(city.dir, "directory.json"), "utf8"));
  // Of every post held until the cut-off: who moved away goes on leading what was begun before.
  const fedIn = (period) => new Set(directory.memberships
    .filter((m) => m.fed_by.includes(REGISTER) && m.from <= `${period}-28`).map((m) => m.person));
  return { sheets: sheets(city), fedIn };
}

async function dies(city, after) {
  await city.proxy.allow(after);
  const ran = run(city.config, "sync");
  assert.equal(ran.code, 3, ran.stderr);
  assert.ok((await city.proxy.refused()) > 0);
}

test("a source that dies", { timeout: 900_000 }, async (t) => {
  const whole = await undisturbed(t);

  await t.test("and comes back: every sheet is byte for byte the same", async (t) => {
    const city = await proxiedCity(t);
    await dies(city, 5);
    const during = score(city.config, city.city.periods.at(-1));
    assert.notEqual(JSON.stringify(during.subjects), JSON.stringify(whole.sheets.at(-1).subjects));
    await dies(city, 0);
    await city.proxy.allow(null);
    must(city.config, "sync");
    assert.deepEqual(changed(sheets(city), whole.sheets), []);
    const [live] = JSON.parse(must(city.config, "--json", "quality")).quality.filter((q) => q.source === SOURCE);
    assert.ok(live.live.den >= 1);
    must(city.config, "fsck");
  });

  await t.test("through the cut-off: those whom it feeds wait, with the reason, and nobody else changes", async (t) => {
    const city = await proxiedCity(t);
    await dies(city, 5);
    for (const [i, period] of city.city.periods.entries()) {
      const before = new Map(whole.sheets[i].subjects.map((s) => [s.id, s]));
      const fed = whole.fedIn(period);
      let waiting = 0, untouched = 0;
      for (const sheet of score(city.config, period).subjects) {
        const was = before.get(sheet.id);
        if (sheet.status === "not_applicable") continue;
        if (fed.has(sheet.id)) {
          ++waiting;
          assert.equal(sheet.status, "awaiting_data", sheet.id);
          assert.ok(sheet.waiting.some((why) => why.includes(`sổ gốc "${REGISTER}" chưa được lấy đủ`)), sheet.id);
          assert.deepEqual([sheet.total, sheet.class_by_score, sheet.class_after_quota], [null, null, null]);
        } else {
          ++untouched;
          // Whoever manages somebody who waits, waits for them (4a "d"); what they lead themselves is as it was.
          const forOthers = sheet.waiting.length === 0 && /chờ dữ liệu của người dưới quyền/.test(sheet.status_reason ?? "");
          const part = forOthers ? ownOf : withoutQuota;
          assert.deepEqual(part(sheet), part(was));
          if (forOthers) assert.deepEqual([sheet.status, sheet.total, sheet.class_by_score], ["awaiting_data", null, null]);
        }
      }
      assert.ok(waiting > 10 && untouched > 10, `${waiting} wait, ${untouched} do not`);
    }
    const [person] = [...whole.fedIn(city.city.periods.at(-1))];
    const sheet = explained(city, person, city.city.periods.at(-1));
    assert.ok(JSON.stringify(sheet).includes("chưa được lấy đủ"));
    assert.ok(sheet.quality.numbers.some((row) => row.source === "documents"));
    must(city.config, "fsck");
  });

  await t.test("beside another source of its register: they wait, until the settings no longer name the dead one", async (t) => {
    const city = await proxiedCity(t);
    const second = `${SOURCE}_2`;
    city.save({ ...city.manifest, id: second });
    const rules = JSON.parse(readFileSync(join(root, "mapping/rules", `${SOURCE}.json`), "utf8"));
    mkdirSync(join(city.dir, "rules"));
    for (const file of readdirSync(join(root, "mapping/rules")))
      copyFileSync(join(root, "mapping/rules", file), join(city.dir, "rules", file));
    writeFileSync(join(city.dir, "rules", `${second}.json`), JSON.stringify({ ...rules, source: second }));
    settings(city.config, (s) => {
      s.rules = join(city.dir, "rules");
      s.sources[second] = { ...s.sources[SOURCE] };  // through the proxy as well, until one is set free
    });
    await dies(city, 3);
    const fed = whole.fedIn(city.city.periods.at(-1));
    const both = score(city.config, city.city.periods.at(-1)).subjects.filter((s) => fed.has(s.id));
    assert.ok(both.every((s) => ["awaiting_data", "not_applicable"].includes(s.status)));
    settings(city.config, (s) => (s.sources[second].base_url = city.city.platforms[SOURCE].base_url));
    await dies(city, 0);  // the first stays dead, the second is whole
    const one = score(city.config, city.city.periods.at(-1)).subjects.filter((s) => fed.has(s.id) && s.status !== "not_applicable");
    assert.ok(one.length > 10 && one.every((s) => s.waiting.some((why) => why.includes(`nguồn "${SOURCE}"`) && !why.includes(second))));
    settings(city.config, (s) => delete s.sources[SOURCE]);
    assert.deepEqual(changed(sheets(city), whole.sheets), []);
  });
});
