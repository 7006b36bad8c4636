// Every official's sheet equals the sandbox's /truth, which is computed from the simulated
// world before any message is rendered and reads nothing of the product.
// MC_TRUTH="seed:officials[:register=dialect+...],..." chooses the cities; the default is the one
// for CI. A register that speaks another dialect changes no sheet: beside /truth, every city is compared byte
// for byte with the first one of its seed, sheets of every month and items as `explain` shows them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importCity, must, score, startCity, summary, truth } from "./lib.mjs";

const chosen = process.env.MC_TRUTH ?? "1:50,2:50,3:50,1:400,1:50:documents=vxp,1:50:documents=lgsp," +
  "1:50:citizen_reports=open311+public_service=national,1:50:citizen_reports=open311_xml,2:50:citizen_reports=p3," +
  "2:50:public_service=adapter,3:50:public_service=bus,2:50:public_service=adapter_files," +
  "1:50:hanoiwork=csv,2:50:hanoiwork=xlsx+satisfaction=sheets";
const cities = chosen.split(",").map((text) => {
  const [seed, officials, dialects = ""] = text.split(":");
  return [Number(seed), Number(officials), dialects.replaceAll("+", ",")];
});

const ratio = (card, name) => card.exact?.[name] ?? null;

// Both sides in one shape; only what decides a grade.
function ofProduct(card) {
  const lines = card.lines.map((l) => ({
    key: l.label, product: l.product, coefficient: l.coefficient, assigned: l.assigned, completed: l.completed,
    late: l.late, quality_failures: l.quality_failures, carried_over: l.carried_over, no_deadline: l.no_deadline,
  }));
  return {
    person: card.id, status: card.status, a: ratio(card, "a"), b: ratio(card, "b"), c: ratio(card, "c"), d: ratio(card, "d"),
    dd: ratio(card, "dd"), e: ratio(card, "e"), results_points: ratio(card, "results_points"), total: ratio(card, "total"),
    total_text: card.total, class_by_score: card.class_by_score, lines: lines.sort((x, y) => (x.key < y.key ? -1 : 1)),
    held: (card.held ?? []).map((h) => h.key ?? h).sort(),
    claims_not_counting: (card.claims_not_counting ?? []).map((h) => h.key ?? h).sort(),
  };
}

function ofTruth(sheet) {
  const { person, status, a, b, c, d, dd, e, class_by_score } = sheet;
  return {
    person, status, a, b, c, d, dd, e, results_points: sheet.results_points?.exact ?? null, total: sheet.total?.exact ?? null,
    total_text: sheet.total?.text ?? null, class_by_score, lines: sheet.lines, held: [...sheet.held].sort(),
    claims_not_counting: [...sheet.claims_not_counting].sort(),
  };
}

let atThreshold = 0; // cities in which the planted unit is exactly there

// Planted: a gate that stops one unit in the first month, and one that is exactly at its threshold in the second.
function checkGates(city, scored, sheets) {
  const gated = new Set(sheets.filter((s) => s.gated).map((s) => s.person));
  const closed = scored.quality.closed;
  for (const card of scored.subjects) {
    if (card.status === "not_applicable") continue;
    const told = card.waiting.filter((why) => why.startsWith("số đo "));
    assert.equal(told.length > 0, gated.has(card.id), card.id);
    for (const why of told) assert.match(why, /^số đo Đúng của nguồn "\w+", đơn vị .+, kỳ \d{4}-\d\d là \d+\/\d+ \([\d,]+%\), dưới ngưỡng 99%: /);
  }
  const period = city.periods.indexOf(scored.period);
  if (period === 0) {
    assert.ok(gated.size >= 8 && gated.size < sheets.length / 2, `${gated.size} of ${sheets.length}`);
    assert.ok(closed.some((g) => g.number === "correct" && g.register === "hanoiwork" && g.den - g.num === 1));
  }
  if (period === 1) {
    assert.equal(gated.size, 0);
    assert.ok(!closed.some((g) => g.register === "ihanoi"));
    // In some seeds one of the hundred is shown once more in other bytes: a record more, and still enough.
    const planted = scored.quality.numbers.filter((n) => n.register === "ihanoi" && n.unit && n.correct?.den >= 100);
    assert.equal(planted.length, 1);
    const { num, den } = planted[0].correct;
    assert.ok(num < den && num * 100 >= den * 99, `${num}/${den}`);
    if (den === 100) ++atThreshold;
  }
}

function compare(cards, sheets) {
  const byPerson = new Map(cards.map((card) => [card.id, ofProduct(card)]));
  let different = 0;
  for (const sheet of sheets) {
    try {
      assert.deepEqual(byPerson.get(sheet.person), ofTruth(sheet));
    } catch (error) {
      if (++different <= Number(process.env.MC_SHOW ?? 3)) console.error(sheet.person, error.message);
    }
  }
  assert.equal(different, 0, `${different} of ${sheets.length} sheets differ`);
  assert.equal(cards.length, sheets.length);
}

// What is said of a run and of its bytes, the numbers on them, and what citizens say, which counts nowhere.
const OF_THE_RUN = new Set(["checkpoint", "satisfaction", "quality"]);
const OF_THE_BYTES = new Set(["checks", "leaf", "marks", "record", "revision", "sha256", "source"]);
const without = (names) => (name, value) => (names.has(name) ? undefined : value);
// A gate's reason names the source, which is another one in another dialect.
const sheetsOf = (scored) => JSON.stringify(scored, without(OF_THE_RUN), 1).replace(/(số đo Đúng của nguồn )\\"\w+\\"/g, "$1");

// Items of every tenth person, with what each piece of evidence states.
function itemsOf(city, subjects, period) {
  const items = {};
  for (const { id } of subjects.filter((_, i) => i % 10 === 0)) {
    const explained = JSON.parse(must(city.config, "explain", id, "--period", period, "--json"));
    for (const [key, item] of Object.entries(explained.items)) {
      const evidence = item.evidence.map((e) => JSON.stringify(e, without(OF_THE_BYTES))).sort();
      items[key] = { ...item, evidence };
    }
  }
  assert.ok(Object.keys(items).length > 20);
  return JSON.stringify(items, without(OF_THE_BYTES), 1);
}

const firstOfSeed = new Map();

// The first city of a seed speaks each register's default dialect.
function compareWithFirst(what, text) {
  if (!firstOfSeed.has(what)) firstOfSeed.set(what, text);
  assert.ok(firstOfSeed.get(what) === text, `${what} is not as in the first dialect`);
}

for (const [seed, officials, dialects] of cities) {
  test(`seed ${seed}, ${officials} officials ${dialects}: every sheet equals /truth`, async (t) => {
    const city = await startCity({ seed, officials, dialects });
    t.after(city.stop);
    importCity(city);
    must(city.config, "sync");
    for (const period of city.city.periods) {
      await t.test(period, async () => {
        const expected = await truth(city.city, period);
        const scored = score(city.config, period);
        compare(scored.subjects, expected.sheets);
        checkGates(city.city, scored, expected.sheets);
        compareWithFirst(`sheets of ${seed}:${officials} in ${period}`, sheetsOf(scored));
        if (officials <= 50 && period === city.city.periods.at(-1))
          compareWithFirst(`items of ${seed}:${officials} in ${period}`, itemsOf(city, scored.subjects, period));
        const counts = summary(city, period);
        assert.deepEqual(counts.items, expected.items);
        assert.equal(counts.scorecards.total, expected.sheets.length);
      });
    }
  });
}

test("a gate at exactly its threshold was met", () => assert.ok(atThreshold > 0));
