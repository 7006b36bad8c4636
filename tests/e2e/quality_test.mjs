// Goal: by source, unit and month the numbers add up; a day of them is a leaf; a number that is not whole names what it lacks: `quality --list` has as many rows as are missing from it.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { importCity, must, query, run, startCity } from "./lib.mjs";

const json = (city, ...args) => JSON.parse(must(city.config, "--json", ...args));
const sum = (rows, number, part) => rows.reduce((n, row) => n + (row[number]?.[part] ?? 0), 0);

// Units and what is under none of them add up to the source.
function checkUnits(city, quality) {
  const { units } = json(city, "quality", "--units");
  for (const one of quality) {
    const rows = units.filter((u) => u.source === one.source);
    assert.ok(rows.length > 2, one.source);
    for (const number of ["correct", "clean"])
      for (const part of ["num", "den"]) assert.equal(sum(rows, number, part), one[number][part], `${one.source} ${number}`);
  }
  assert.match(must(city.config, "quality", "--units"), /hanoiwork +Ủy ban nhân dân /);
}

// A month has its own rows, fewer than all, and as many behind it as it lacks.
function checkPeriod(city) {
  const [first, last] = city.city.periods;
  const all = json(city, "quality").quality;
  for (const period of [first, last]) {
    const { quality, rows } = json(city, "quality", "--list", "--period", period);
    for (const one of quality) {
      const whole = all.find((q) => q.source === one.source);
      for (const number of ["correct", "clean"]) {
        assert.ok(one[number].den > 0 && one[number].den < whole[number].den, `${period} ${one.source} ${number}`);
        const named = rows.filter((row) => row.source === one.source && row.number === number);
        assert.equal(named.length, one[number].den - one[number].num, `${period} ${one.source} ${number}`);
      }
    }
  }
}

// A day's numbers are one leaf, once; no later sum is lost, and today cannot be closed.
async function checkDay(city, quality) {
  const closed = json(city, "quality", "--close-day");
  assert.equal(closed.added, true);
  assert.deepEqual(json(city, "quality", "--close-day"), { ...closed, added: false });
  const [object] = query(city.dir, `SELECT object FROM quality_days WHERE leaf_index = ${closed.leaf}`).trim().split("\n");
  const { day, rows } = JSON.parse(object);
  assert.equal(day, closed.day);
  for (const one of quality) {
    const own = rows.filter((row) => row.source === one.source);
    assert.equal(sum(own, "correct", "den"), one.correct.den);
    assert.equal(sum(own, "clean", "num"), one.clean.num);
    assert.ok(own.every((row) => row.period === "" || /^\d{4}-\d\d$/.test(row.period)));
  }
  assert.equal(run(city.config, "quality", "--close-day", "--day", "2999-01-01").code, 2);
  must(city.config, "fsck");
  assert.deepEqual(json(city, "fsck", "--rollups").faults, []);
  execFileSync("sqlite3", [`${city.dir}/minhchung.db`, "UPDATE quality_state SET num = num - 1 WHERE measure = 'correct' AND num > 5"]);
  const broken = run(city.config, "--json", "fsck", "--rollups");
  assert.equal(broken.code, 1);
  assert.ok(JSON.parse(broken.stdout).faults.every((f) => f.what === "quality_state"));
}

test("quality --list names as many rows as the numbers lack", { timeout: 120_000 }, async (t) => {
  const city = await startCity({ seed: 5, officials: 48, months: 2 });
  t.after(city.stop);
  importCity(city);
  must(city.config, "sync");
  const { quality, rows } = JSON.parse(must(city.config, "--json", "quality", "--list"));
  const of = (source, number) => rows.filter((row) => row.source === source && row.number === number);
  for (const one of quality) {
    for (const number of ["correct", "clean"]) {
      const named = of(one.source, number);
      assert.equal(named.length, one[number].den - one[number].num, `${one.source} ${number}`);
      assert.ok(named.every((row) => /^[0-9a-f]{16}$/.test(row.record) && row.reason), `${one.source} ${number}`);
    }
    const [missing] = of(one.source, "complete");
    assert.equal(Number(missing?.detail ?? 0), one.complete.den - one.complete.num);
    const [silent] = of(one.source, "live");
    assert.equal(Number(silent?.detail ?? 0), one.live.den - one.live.num);
  }
  checkUnits(city, quality);
  checkPeriod(city);

  // What is shown opens: a refused record with its bytes.
  const refused = rows.find((row) => row.number === "correct");
  assert.match(must(city.config, "quarantine", "show", refused.record), new RegExp(refused.reason));
  assert.match(must(city.config, "quality", "--list"), /hanoiwork +Đúng +[0-9a-f]{16} +NV-\S+ +ngày giờ sai/);
  assert.equal("rows" in JSON.parse(must(city.config, "--json", "quality")), false);
  await checkDay(city, quality);
});
