// Goal: every planted case exists for several seeds, and /truth shows for each of them the
// line that was worked out by hand when the case was written.
// Method: compare class at the last cut-off and the line of each named month.

import assert from 'node:assert/strict';
import test from 'node:test';

import { classesAt, truthFor } from '../truth/index.mjs';
import { makeWorld } from '../world/index.mjs';
import { endOfPeriod } from '../world/time.mjs';

const short = (l) =>
  [
    `${l.completed}/${l.assigned}`,
    l.late ? `L${l.late}` : '',
    l.quality_failures ? `F${l.quality_failures}` : '',
    l.carried_over ? 'C' : '',
    l.no_deadline ? 'N' : '',
  ]
    .filter(Boolean)
    .join(' ');

function shown(truth, person, key) {
  const sheet = truth.sheets.find((s) => s.person === person);
  if (sheet.held.includes(key)) return 'held';
  const line = sheet.lines.find((l) => l.key === key);
  return line ? short(line) : null;
}

function checkCase(city, truths, classes, name, planted) {
  for (const key of planted.items) {
    if (planted.class) assert.equal(classes.get(key) ?? 'none', planted.class, `${name}: class of ${key}`);
    for (const person of planted.people) {
      for (const [month, line] of Object.entries(planted.expect)) {
        const period = city.lastPeriods[Number(month) + 2];
        assert.equal(
          shown(truths.get(period), person, key),
          line,
          `${name}: ${key} of ${person} in ${period}`,
        );
      }
    }
  }
}

for (const seed of [1, 2, 3]) {
  test(`planted cases, seed ${seed}, 50 officials`, async (t) => {
    const city = makeWorld({ seed, officials: 50 });
    const truths = new Map(city.lastPeriods.map((p) => [p, truthFor(city, p, endOfPeriod(p))]));
    const classes = classesAt(city, endOfPeriod(city.lastPeriods[2]));
    assert.ok(Object.keys(city.cases).length > 120);
    for (const [name, planted] of Object.entries(city.cases)) {
      await t.test(name, () => checkCase(city, truths, classes, name, planted));
    }
  });
}
