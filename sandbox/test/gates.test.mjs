// Gates in /truth: the planted one closes in its unit and month only, the one at its threshold stays open, and one
// bad record more would close it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { closedGates } from '../truth/gates.mjs';
import { countable, truthFor } from '../truth/index.mjs';
import { makeWorld } from '../world/index.mjs';
import { endOfPeriod, lastDay } from '../world/time.mjs';

for (const [seed, officials] of [
  [1, 48],
  [2, 50],
  [3, 400],
]) {
  test(`planted gates, seed ${seed}, ${officials} officials`, () => {
    const city = makeWorld({ seed, officials });
    const [first, second, third] = city.periods;
    const world = countable(city);
    const closed = (period) => closedGates(world, period, lastDay(period)).filter((g) => g.unit !== 'dept-20');
    assert.deepEqual(closed(first), [{ register: 'hanoiwork', unit: city.staffed[3].unit.id }]);
    assert.deepEqual(closed(second), []);
    assert.deepEqual(closed(third), []);
    const unit = city.staffed[1].unit.id;
    const more = { ...world, bad: [...world.bad, { counts: { register: 'ihanoi', unit, month: second } }] };
    assert.deepEqual(closedGates(more, second, lastDay(second)), [{ register: 'ihanoi', unit }]);
    const { sheets } = truthFor(city, first, endOfPeriod(first));
    const gated = sheets.filter((s) => s.gated);
    assert.ok(gated.length >= 8);
    for (const s of gated) assert.deepEqual([s.status, s.total, s.class_by_score], ['awaiting_data', null, null]);
    assert.ok(new Set(sheets.map((s) => s.total?.exact)).size > 10); // the others still differ
  });
}

test('the largest city that may be asked for has a unit for everybody', () => {
  const { staffed } = makeWorld({ seed: 21, officials: 5000, months: 1 });
  assert.equal(new Set(staffed.flatMap(({ posts }) => posts.map((post) => post.person))).size, 5000);
  assert.equal(new Set(staffed.map(({ unit }) => unit.id)).size, staffed.length);
});

test('what is known of no unit is measured against the whole register', () => {
  const tasks = Array.from({ length: 198 }, () => ({ unit: 'u', created: Date.parse('2026-06-10T01:00:00Z') / 1000 }));
  const bad = (n) => Array.from({ length: n }, () => ({ counts: { register: 'hanoiwork', unit: null, month: '2026-06' } }));
  const world = (n) => ({ tasks, reports: [], dossiers: [], documents: [], statuses: [], bad: bad(n) });
  assert.deepEqual(closedGates(world(2), '2026-06', '2026-06-30'), []);
  assert.deepEqual(closedGates(world(3), '2026-06', '2026-06-30'), [{ register: 'hanoiwork', unit: null }]);
});
