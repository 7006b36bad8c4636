// Goal: every status and class of a sheet occurs, and most people are scored.
// Method: the people cast for each part, for three seeds at 50 officials.

import assert from 'node:assert/strict';
import test from 'node:test';

import { truthFor } from '../truth/index.mjs';
import { makeWorld } from '../world/index.mjs';
import { endOfPeriod } from '../world/time.mjs';

const EXPECTED = {
  sheet_insufficient_data: ['insufficient_data', null],
  sheet_awaiting_assessment: ['awaiting_assessment', null],
  sheet_leader_without_organising: ['awaiting_assessment', null],
  sheet_awaiting_data: ['awaiting_data', null],
  sheet_not_applicable: ['not_applicable', null],
  sheet_excellent: ['scored', 'excellent'],
  sheet_not_completed: ['scored', 'not_completed'],
  unit_with_one_person: ['awaiting_data', null],
};

for (const seed of [1, 2, 3]) {
  test(`statuses of sheets, seed ${seed}`, () => {
    const city = makeWorld({ seed, officials: 50 });
    const period = city.periods[2];
    const { sheets, items } = truthFor(city, period, endOfPeriod(period));
    const sheetOf = new Map(sheets.map((s) => [s.person, s]));
    for (const [name, [status, klass]] of Object.entries(EXPECTED)) {
      for (const person of city.cases[name].people) {
        const sheet = sheetOf.get(person);
        assert.deepEqual([sheet.status, sheet.class_by_score], [status, klass], name);
      }
    }
    const classes = new Set(sheets.map((s) => s.class_by_score));
    for (const klass of ['excellent', 'good', 'completed', 'not_completed'])
      assert.ok(classes.has(klass), klass);
    assert.ok(sheets.filter((s) => s.status === 'scored').length >= sheets.length * 0.6);
    const { total, ...parts } = items;
    assert.equal(
      Object.values(parts).reduce((a, b) => a + b),
      total,
    );
  });
}
