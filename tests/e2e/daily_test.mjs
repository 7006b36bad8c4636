// Goal: one command a day tells an operator what waits for somebody, and how the day went.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { importCity, must, run, startCity } from "./lib.mjs";

const cityDay = () => new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 10);
const daily = (config, ...args) => JSON.parse(must(config, "--json", "daily", ...args));

test("a day's text names what to do, and its numbers are those of the receipts", { timeout: 120_000 }, async (t) => {
  const city = await startCity({ seed: 5, officials: 48, months: 2 });
  t.after(city.stop);
  importCity(city);
  const before = cityDay();
  must(city.config, "sync");
  if (cityDay() !== before) return t.skip("the day ended during the test");
  const { sources } = JSON.parse(must(city.config, "--json", "sources", "list"));
  const first = daily(city.config, "--day", before);
  assert.deepEqual(first.tasks.filter((task) => task.code === "quarantine").map((task) => task.subject).sort(),
    sources.filter((s) => s.quarantined > 0).map((s) => s.source).sort());
  assert.deepEqual(first.collected.map((c) => [c.source, c.runs, c.failed]), sources.map((s) => [s.source, 1, 0]).sort());
  for (const c of first.collected) assert.equal(c.fetched, c.new + c.revised + c.duplicate + c.quarantined);
  assert.ok(first.tasks.some((task) => task.code === "unresolved" && task.urgency === "now"));
  assert.equal(first.ledger.unsigned, 0);
  assert.ok(!first.tasks.some((task) => task.code === "day_not_closed"));  // today is not over

  // A platform that went away.
  const settings = readFileSync(city.config, "utf8");
  const address = city.city.platforms.hanoiwork.base_url;
  assert.ok(settings.includes(`"${address}"`));
  writeFileSync(city.config, settings.replace(`"${address}"`, '"http://127.0.0.1:9"'));
  assert.equal(run(city.config, "sync", "hanoiwork").code, 3);
  const second = daily(city.config, "--day", before);
  const dead = second.tasks.find((task) => task.subject === "hanoiwork" && task.code.startsWith("source_"));
  assert.match(dead.text, /máy chủ không nhận kết nối/);
  assert.deepEqual(second.collected.filter((c) => c.failed > 0).map((c) => [c.source, c.runs]), [["hanoiwork", 2]]);

  // Yesterday nothing was collected; a day to come cannot be told.
  assert.deepEqual(daily(city.config).collected, []);
  assert.match(must(city.config, "daily"), /Không có lần thu thập nào kết thúc trong ngày/);
  const open = daily(city.config).tasks.find((task) => task.code === "day_not_closed");
  must(city.config, ...open.command.split(" ").slice(1)); // what it tells to do is what closes the day
  assert.ok(!daily(city.config).tasks.some((task) => task.code === "day_not_closed"));
  const refused = run(city.config, "daily", "--day", "2999-01-01");
  assert.deepEqual([refused.code, /bad_day/.test(refused.stderr)], [2, true]);
});
