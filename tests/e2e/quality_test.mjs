// Goal: a number that is not whole names what it lacks: `quality --list` has as many rows as are missing from it.
import { test } from "node:test";
import assert from "node:assert/strict";
import { importCity, must, startCity } from "./lib.mjs";

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
    assert.equal(of(one.source, "live").length, one.live.den - one.live.num);
  }
  // What is shown opens: a refused record with its bytes.
  const refused = rows.find((row) => row.number === "correct");
  assert.match(must(city.config, "quarantine", "show", refused.record), new RegExp(refused.reason));
  assert.match(must(city.config, "quality", "--list"), /hanoiwork +Đúng +[0-9a-f]{16} +NV-\S+ +ngày giờ sai/);
  assert.equal("rows" in JSON.parse(must(city.config, "--json", "quality")), false);
});
