// Gates (decision 0016): where so much was lost or unreadable that nobody may be graded on what is left. From the
// world: what stood in each register, and which bad records were planted where. The platforms hand over all that
// they count, so `complete` (0.995) closes nothing here; of bad records `correct` decides.

import { periodOf } from '../world/time.mjs';
import { versions } from './conflicts.mjs';

// The least share of readable records of a register, unit and month; exactly it is enough.
const LEAST = { num: 99, den: 100 };

// Good records of the month, each time that something was said of it: [register, unit or null].
function* goodRecords(world, period, day) {
  const { dir } = world;
  const of = (moment) => periodOf(moment) === period;
  for (const t of world.tasks.flatMap(versions)) if (of(t.created)) yield ['hanoiwork', t.unit];
  for (const r of world.reports.flatMap(versions)) if (of(r.received)) yield ['ihanoi', r.unit];
  for (const d of world.dossiers) {
    for (const said of versions(d)) if (of(said.received)) yield ['dvc', d.unit];
    for (const row of d.rows) if (of(row.at)) yield ['dvc', null];
  }
  for (const d of world.documents) if (of(d.date)) yield ['edoc', dir.unitByCode(d.issuer, day)];
  for (const s of world.statuses) if (of(s.at)) yield ['edoc', dir.unitByCode(s.from, day)];
}

function tally() {
  const counts = new Map();
  return (register, unit, what) => {
    const key = `${register} ${unit ?? ''}`;
    if (!counts.has(key)) counts.set(key, { register, unit: unit ?? null, good: 0, bad: 0 });
    if (what) counts.get(key)[what]++;
    return counts;
  };
}

const tooFew = (good, all) => good * LEAST.den < all * LEAST.num;

// [{register, unit}]: unit null closes the whole register. What is known of no unit is measured against all of it.
export function closedGates(world, period, day) {
  const count = tally();
  for (const [register, unit] of goodRecords(world, period, day)) count(register, unit, 'good');
  for (const { counts } of world.bad ?? [])
    if (counts.month === period) count(counts.register, counts.unit, 'bad');
  const rows = [...count('', null).values()].filter((r) => r.register);
  const closed = rows.filter((r) => r.unit && tooFew(r.good, r.good + r.bad));
  for (const { register, bad } of rows.filter((r) => !r.unit)) {
    const all = rows.filter((r) => r.register === register).reduce((n, r) => n + r.good + r.bad, 0);
    if (tooFew(all - bad, all)) closed.push({ register, unit: null });
  }
  return closed.map(({ register, unit }) => ({ register, unit }));
}

export const closes = (gate, post) =>
  post.fed_by.includes(gate.register) && (gate.unit === null || gate.unit === post.unit);
