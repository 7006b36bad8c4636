// No recording in the tests holds a secret or a personal number of the city that it was made of. The
// city is made again from its row in cities.json, with the numbers that it sent.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { secretOf } from "../../sandbox/city.mjs";
import { numbersOf } from "../../sandbox/render/dossiers.mjs";
import { makeWorld } from "../../sandbox/world/index.mjs";
import { root } from "./lib.mjs";

const here = join(root, "tests/golden/recordings");
const cities = JSON.parse(readFileSync(join(here, "cities.json"), "utf8"));
const SOURCES = ["documents", "public_service", "citizen_reports", "hanoiwork"];
const DIGITS = /(?<![0-9])(?:0[0-9]{11}|[0-9]{9}|0[0-9]{9})(?![0-9])/g;

const filesOf = (name) =>
  readdirSync(join(here, name, "exchanges")).map((file) => readFileSync(join(here, name, "exchanges", file), "utf8"));

for (const [name, { seed, officials, months, end, source }] of Object.entries(cities)) {
  test(`${name}: nothing of the city that opens a door or names a person`, () => {
    const world = makeWorld({ seed, officials, months, end });
    const numbers = new Set(world.dossiers.flatMap((d) => Object.values(numbersOf(world, d.n))).filter(Boolean));
    assert.ok(numbers.size > 100);
    const text = filesOf(name).join("\n");
    assert.ok(text.length > 1000);
    for (const which of SOURCES) assert.ok(!text.includes(secretOf(world, which)), `the secret of ${which}`);
    assert.ok(!/"authorization"|"x-secretkey"|"session":\s*"sandbox-/i.test(text));
    const found = text.match(DIGITS) ?? [];
    for (const number of found) assert.ok(!numbers.has(number), "a number of the city's people");
    // The numbers were there, and others stand for them.
    if (source === "public_service" || source === "dossiers_2025") assert.ok(found.some((n) => n.length === 12));
  });
}

test("every recording has a row, or is older than the rows", () => {
  const folders = readdirSync(here, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name);
  assert.deepEqual(folders.filter((f) => !cities[f]), ["citizen_reports"]);
});
