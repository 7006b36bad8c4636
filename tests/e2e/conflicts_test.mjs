// Goal: a source that contradicts itself gains nobody a point and costs nobody else one (decision 0015).
// Method: one city twice, with and without the tricks of sandbox/world/cases_conflicts.mjs. Of every case the honest
// line, then the same item held, with the check that failed; all other lines of its people, and every other person's
// sheet byte for byte, are the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importCity, must, score, startCity } from "./lib.mjs";

const short = (l) => [`${l.completed}/${l.assigned}`, l.late ? `L${l.late}` : "", l.quality_failures ? `F${l.quality_failures}` : "",
  l.carried_over ? "C" : "", l.no_deadline ? "N" : ""].filter(Boolean).join(" ");

async function told(t, more) {
  const city = await startCity({ seed: 1, officials: 50, ...more });
  t.after(city.stop);
  importCity(city);
  must(city.config, "sync");
  const period = city.city.periods.at(-1);
  const cases = await (await fetch(`${city.city.truth}/truth/cases`)).json();
  const cards = new Map(score(city.config, period).subjects.map((card) => [card.id, card]));
  return { city, period, cards, conflicts: Object.entries(cases).filter(([, c]) => c.honest) };
}

const lineOf = (cards, person, item) => cards.get(person).lines.find((l) => l.label === item);

test("conflicts: nobody gains, nobody else loses", async (t) => {
  const honest = await told(t, { honest: true });
  const tricked = await told(t, {});
  const { cards } = tricked;
  assert.ok(tricked.conflicts.length >= 30);
  const held = tricked.conflicts.filter(([, c]) => c.class === "held");
  const parties = new Set(held.flatMap(([, c]) => c.people));
  const named = new Set([...honest.conflicts, ...tricked.conflicts].flatMap(([, c]) => [...c.items, ...c.honest.map((h) => h.item)]));

  await t.test("every case has its honest line without the trick", () => {
    for (const [name, c] of honest.conflicts)
      for (const { item, person, line } of c.honest) {
        const found = lineOf(honest.cards, person, item);
        assert.equal(found ? short(found) : null, line, `${name} of ${person}`);
        assert.ok(!honest.cards.get(person).held.includes(item), name);
      }
  });

  await t.test("with the trick it is held for each of its people, and gives no line", () => {
    for (const [name, c] of held)
      for (const person of c.people)
        for (const item of c.items) {
          assert.ok(cards.get(person).held.includes(item), `${name}: ${item} of ${person}`);
          assert.equal(lineOf(cards, person, item), undefined, name);
          assert.equal(cards.get(person).status, "awaiting_data");
          assert.equal(cards.get(person).total, null);
        }
  });

  await t.test("what only looks like a conflict has its line", () => {
    const free = tricked.conflicts.filter(([, c]) => c.class !== "held");
    assert.ok(free.length >= 6);
    for (const [name, c] of free)
      for (const { item, person, line } of c.honest) assert.equal(short(lineOf(cards, person, item)), line, name);
  });

  await t.test("other lines of its people are the same", () => {
    for (const person of parties) {
      // What a line takes of a provisional total depends on what is held.
      const shown = ({ lost, ...line }) => JSON.stringify(line);
      const others = (all) => all.get(person).lines.filter((l) => !named.has(l.label)).map(shown).sort();
      assert.ok(others(cards).length > 0);
      assert.deepEqual(others(cards), others(honest.cards));
    }
  });

  await t.test("nobody else's sheet changes by a byte", () => {
    assert.equal(cards.size, honest.cards.size);
    for (const [person, card] of cards) {
      if (!parties.has(person)) assert.equal(JSON.stringify(card), JSON.stringify(honest.cards.get(person)), person);
    }
  });

  await t.test("explain names the conflict on each piece of evidence, and says it", () => {
    for (const person of parties) {
      const explained = JSON.parse(must(tricked.city.config, "explain", person, "--period", tricked.period, "--json"));
      const text = must(tricked.city.config, "explain", person, "--period", tricked.period);
      for (const [name, c] of held.filter(([, x]) => x.people.includes(person)))
        for (const item of c.items) {
          const { held: reasons, evidence } = explained.items[item];
          const failed = evidence.flatMap((e) => e.checks).filter((r) => r.check === "uniqueness" && r.state === "failed");
          assert.ok(failed.length > 0, name);
          for (const row of failed) assert.ok(reasons.some((r) => r.split(":")[0] === row.reason), name);
          assert.ok(text.includes(`${item}: `), name);
        }
      assert.match(text, /KHÔNG ĐẠT: không xung đột \(/);
    }
  });

  await t.test("explain says of each check what it found and why, and of what was not made that it was not", () => {
    const seen = new Map();
    for (const person of cards.keys()) {
      const { items } = JSON.parse(must(tricked.city.config, "explain", person, "--period", tricked.period, "--json"));
      for (const e of Object.values(items).flatMap((item) => item.evidence)) {
        assert.deepEqual([...new Set(e.checks.map((row) => row.check))],
          ["integrity", "origin", "person", "unit", "uniqueness", "backing", "read_back"]);
        for (const row of e.checks) {
          assert.ok(row.reason, JSON.stringify(row));
          seen.set(`${row.check} ${row.state}`, (seen.get(`${row.check} ${row.state}`) ?? new Set()).add(row.reason));
        }
      }
    }
    const reasons = (key) => [...(seen.get(key) ?? [])].sort();
    assert.deepEqual(reasons("integrity passed"), ["proof_opens"]);
    assert.deepEqual(reasons("origin passed"), ["assigned_by_another", "hub_rewrites", "said_by_the_beneficiary", "system_of_record"]);
    assert.deepEqual(reasons("read_back not_made"), ["no_result"]);
    assert.deepEqual(reasons("read_back passed"), []);
    assert.ok(reasons("person passed").length && reasons("person failed").length && reasons("unit passed").length);
    assert.ok(reasons("backing failed").includes("in_conflict") && reasons("backing passed").includes("passes"));
    for (const reason of ["two_officials", "completed_before_assigned", "reopened", "ids_overlap", "assigned_rewritten", "due_rewritten",
      "completed_rewritten", "shared_result", "result_in_conflict"]) assert.ok(reasons("uniqueness failed").includes(reason), reason);
    // One item, opened: a row for each check of each record.
    const [, { items: [item], people: [person] }] = held[0];
    const opened = must(tricked.city.config, "explain", person, "--period", tricked.period, "--item", item);
    assert.match(opened, /  toàn vẹn: đạt · băm lại khớp.* · leaf \d+/);
    assert.match(opened, /  không xung đột: KHÔNG ĐẠT · nguồn sửa hạn .* · 2026-06-15T10:00:00.000000Z > 2026-06-20T10:00:00.000000Z/);
    assert.match(opened, /  đọc lại từ nguồn: chưa làm · chưa có kết quả đọc lại/);
  });
});
