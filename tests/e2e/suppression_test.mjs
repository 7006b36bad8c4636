// Attacks of a platform or a unit on the ratio, played from the sandbox (POST /faults): what is hidden, held back,
// re-dated or shown twice. Held against the same city without the attack: nobody gains a point, nobody whose
// items were left alone is touched, and what was seen is told with source, unit and rows.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { importCity, must, run, score, startCity } from "./lib.mjs";

let city, period, base, late, good;

const setFaults = async (faults) => {
  const answer = await fetch(`${city.city.truth}/faults`, {
    method: "POST", body: JSON.stringify(faults), headers: { "Content-Type": "application/json" },
  });
  assert.equal(answer.status, 200, await answer.text());
};

// Another installation beside the same city, with an empty store.
function installation(t, name) {
  const config = join(city.dir, `${name}.jsonc`);
  const text = readFileSync(city.config, "utf8").replace(/"store":\s*"[^"]*"/, `"store": "${name}.db"`);
  writeFileSync(config, text);
  importCity({ dir: city.dir, config });
  t.after(() => setFaults([]));
  return config;
}

const findings = (config) => JSON.parse(must(config, "quality", "--findings", "--json")).findings;
const cardsOf = (scored) => new Map(scored.subjects.map((card) => [card.id, card]));
const valueOf = (text) => {
  if (text === null || text === undefined) return null;
  const [p, q = "1"] = text.split("/");
  return [BigInt(p), BigInt(q)];
};
const isHigher = (a, b) => a !== null && (b === null || a[0] * b[1] > b[0] * a[1]);

// A total that was not there before is a gain, too. Without a total there are no points: the ratios of somebody who
// waits are provisional, over what is on hand (blueprint 4a), and class nobody.
function assertNobodyGains(now) {
  const before = cardsOf(base);
  for (const card of now.subjects.filter((c) => c.total !== null)) {
    for (const name of ["a", "b", "c", "total"]) {
      const [is, was] = [card, before.get(card.id)].map((c) => valueOf(c.exact?.[name]));
      assert.ok(!isHigher(is, was), `${card.id} gains in ${name}: ${card.exact?.[name]} after ${before.get(card.id).exact?.[name]}`);
    }
  }
}

// A peer group of which somebody waits is smaller: the ceiling by quota and its note follow, and are no points.
const sheetOf = (card) => JSON.stringify({ ...card, quota_note: null, class_after_quota: null });

// What a manager's sheet says besides what it cannot say while somebody below waits.
const withoutWaiting = ({ d, total, results_points, status, status_reason, exact, class_by_score, class_after_gates, ...rest }) =>
  sheetOf({ ...rest, exact: { ...exact, d: null, total: null, results_points: null } });

// Everybody but `touched` has the same sheet, byte for byte; their managers wait while they do (blueprint 4a, d), and
// those who waited for something of their own wait for them too.
function assertOthersSame(now, touched) {
  const before = cardsOf(base);
  assert.equal(now.subjects.length, before.size);
  for (const card of now.subjects.filter((c) => !touched.includes(c.id))) {
    const was = before.get(card.id);
    const waits = card.status === "awaiting_data" && /dưới quyền/.test(card.status_reason ?? "") && touched.length > 0;
    const say = waits ? withoutWaiting : sheetOf;
    assert.equal(say(card), say(was), `${card.id} is touched`);
    if (waits) assert.equal(card.total, null);
  }
}

// And those at most wait.
function assertOnlyTouched(now, touched) {
  assertOthersSame(now, touched);
  const before = cardsOf(base);
  for (const card of now.subjects.filter((c) => touched.includes(c.id) && c.total !== null)) {
    assert.equal(card.exact.total, before.get(card.id).exact.total, `${card.id} loses`);
  }
}

const dossierRows = (id, fault) => ["dossiers", "steps"].map((stream) => ({
  platform: "public_service", stream, match: { MaHoSo: id }, ...fault,
}));
const cityNow = () => new Date(Date.now() + 7 * 3600_000 - 60_000).toISOString().replace(/\D/g, "").slice(0, 14);
const namesRow = (finding, id) => finding.source === "public_service" && finding.rows.some((row) => row.what === id);
const found = (config, kind, id) => findings(config).find((f) => f.kind === kind && namesRow(f, id));

// The first line of the period, on a sheet with a total, that fits.
function pick(fits) {
  for (const card of base.subjects.filter((c) => c.status === "scored" && c.class_by_score)) {
    const line = card.lines.find((l) => l.label.startsWith("dossier:dvc:") && !l.carried_over && fits(l));
    if (line) return { person: card.id, key: line.label, id: line.label.split(":")[2] };
  }
  throw new Error("the city has no such line");
}

before(async () => {
  city = await startCity({ seed: 1, officials: 50, faults: true, honest: true });
  const text = readFileSync(city.config, "utf8");
  writeFileSync(city.config, text.replace(/^\{/m, '{\n  "read_back": { "records": 10000 },'));
  importCity(city);
  must(city.config, "sync");
  period = city.city.periods.at(-1);
  base = score(city.config, period);
  late = pick((l) => l.late > 0);
  good = pick((l) => l.late === 0 && l.completed === "1");
});
after(() => city?.stop());

test("hide: a late dossier that disappears after it was seen keeps counting, and is named", async (t) => {
  t.after(() => setFaults([]));
  const unit = JSON.parse(must(city.config, "explain", late.person, "--period", period, "--json")).items[late.key];
  assert.ok(unit);
  for (const total of ["adjusted", "kept"]) {
    await setFaults(dossierRows(late.id, { kind: "hide", total }));
    run(city.config, "sync", "public_service");
    assertNobodyGains(score(city.config, period));
    assertOnlyTouched(score(city.config, period), []);
  }
  await setFaults(dossierRows(late.id, { kind: "hide", total: "adjusted" }));
  const { read_back } = JSON.parse(must(city.config, "read-back", "public_service", "--json")).sources[0];
  assert.ok(read_back.gone >= 2, `dossier and steps are gone: ${JSON.stringify(read_back)}`);
  assert.equal(read_back.differs, 0);
  assert.equal(read_back.match + read_back.gone, read_back.checked);
  const finding = found(city.config, "gone", late.id);
  assert.ok(finding, "no finding names it");
  assert.equal(finding.period, period);
  assert.notEqual(finding.unit, "");
  assertOnlyTouched(score(city.config, period), []);

  await setFaults([]);
  const again = JSON.parse(must(city.config, "read-back", "public_service", "--json")).sources[0].read_back;
  assert.equal(again.gone, 0);
  assert.equal(again.returned.length, read_back.gone);
  assert.equal(found(city.config, "gone", late.id), undefined);
  assert.match(must(city.config, "fsck"), /Không có sai lệch/);
});

test("hide: a dossier never shown but counted in the total lets nobody be scored by that pull", async (t) => {
  const config = installation(t, "never");
  await setFaults(dossierRows(late.id, { kind: "hide", total: "kept" }));
  run(config, "sync");
  const now = score(config, period);
  assertNobodyGains(now);
  const waiting = now.subjects.filter((c) => c.status === "awaiting_data").map((c) => c.id);
  assert.ok(waiting.includes(late.person), `${late.person} has a number from data with a hole`);
  assertOnlyTouched(now, waiting);
  const finding = findings(config).find((f) => f.kind === "total_short" && f.source === "public_service");
  assert.ok(finding, "the missing rows are not told");
  assert.ok(finding.count >= 1);
});

test("delay: a dossier shown only weeks after the cut-off counts by its times when it comes", async (t) => {
  const config = installation(t, "delay");
  await setFaults(dossierRows(late.id, { kind: "hide", total: "adjusted" }));
  must(config, "sync");
  must(config, "lock", "--period", period);
  await setFaults(dossierRows(late.id, { kind: "rewrite", changed: cityNow() }));
  must(config, "sync");
  const now = score(config, period);
  assertOnlyTouched(now, []);
  assertNobodyGains(now);
  const finding = found(config, "came_late", late.id);
  assert.ok(finding, "that it came late is not told");
  assert.equal(finding.period, period);
  const said = must(config, "explain", late.person, "--period", period);
  assert.match(said, /chốt/, "explain does not speak of the locked sheet");
});

test("re-date: a deadline that a revision moves behind the completion", async (t) => {
  const config = installation(t, "redate");
  must(config, "sync");
  for (const changed of [undefined, cityNow()]) {
    await setFaults([{ platform: "public_service", stream: "dossiers", kind: "rewrite", match: { MaHoSo: late.id },
      set: { NgayHenTra: "20260730170000" }, changed }]);
    must(config, "sync");
    if (!changed) {
      assertOnlyTouched(score(config, period), []);  // nothing tells it yet
      const { read_back } = JSON.parse(must(config, "read-back", "public_service", "--json")).sources[0];
      assert.equal(read_back.differs, 1, JSON.stringify(read_back));
      assert.ok(found(config, "changed_untold", late.id), "that it was changed untold is not told");
    }
    const now = score(config, period);
    assertNobodyGains(now);
    assertOnlyTouched(now, [late.person]);
    assert.ok(found(config, "dates_rewritten", late.id), "the rewritten date is not told");
  }
});

// The second id names the first, which does not name it: what is shown twice is held under both.
const shownAgain = (id, again) => [
  ...dossierRows(id, { kind: "again", set: { MaHoSo: again } }).filter((f) => f.stream === "steps"),
  { platform: "public_service", stream: "dossiers", kind: "again", match: { MaHoSo: id }, set: { MaHoSo: again, MaHoSoKhac: id } },
];

test("duplicate: one case under two ids, of which one names the other", async (t) => {
  const config = installation(t, "duplicate");
  await setFaults(shownAgain(good.id, `${good.id}9`));
  must(config, "sync");
  const now = score(config, period);
  assertNobodyGains(now);
  assertOnlyTouched(now, [good.person]);
  const finding = findings(config).find((f) => f.kind === "look_alike" && namesRow(f, good.id));
  assert.ok(finding, "two cases that look like one are not told");
  assert.ok(namesRow(finding, `${good.id}9`));
  assert.equal(finding.period, period);
});

test("split: one case in three, each naming the first", async (t) => {
  const config = installation(t, "split");
  await setFaults([...shownAgain(good.id, `${good.id}8`), ...shownAgain(good.id, `${good.id}9`)]);
  must(config, "sync");
  const now = score(config, period);
  assertNobodyGains(now);
  assertOnlyTouched(now, [good.person]);
  const finding = findings(config).find((f) => f.kind === "look_alike" && namesRow(f, good.id));
  assert.ok(finding, "three cases that look like one are not told");
  for (const id of [`${good.id}8`, `${good.id}9`]) assert.ok(namesRow(finding, id));
});

// What the wire gives no sign of but its looks counts as the two cases that it says it is; the finding is all there is.
test("duplicate: under two ids that do not name each other it cannot be told, and is named as looking alike", async (t) => {
  const config = installation(t, "alike");
  await setFaults(dossierRows(good.id, { kind: "again", set: { MaHoSo: `${good.id}9` } }));
  must(config, "sync");
  assertOthersSame(score(config, period), [good.person]);
  const finding = findings(config).find((f) => f.kind === "look_alike" && namesRow(f, good.id));
  assert.ok(finding && namesRow(finding, `${good.id}9`));
});
