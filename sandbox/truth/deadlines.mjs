// The deadline in force at an instant, and how many before it were missed (section 4a
// "Period" and "Late"; decision 0001, 5, 11 and 21).

import { addDays, dateOf, endOf, isBare } from '../world/time.mjs';

const passed = (due, when) => due !== null && when > endOf(due);

// Late: after the deadline; a completion known as a date is compared by dates.
export function isLate(completed, due) {
  if (due === null) return false;
  return isBare(completed) ? completed > dateOf(due) : completed > endOf(due);
}

// The earlier of two deadlines, either of which may be missing.
function earlier(a, b) {
  if (a === null || b === null) return a ?? b;
  return endOf(b) < endOf(a) ? b : a;
}

// Applies changes in time order. A change: {at, apply(dues) -> dues, start?, ends?, forgives}.
// `dues` holds one deadline per source of the item; the earliest of them is in force.
function walk(dues, changes, open) {
  const inForce = (d) => d.reduce(earlier, null);
  let missed = 0,
    state = dues;
  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    const before = inForce(state);
    const next = change.apply(state);
    const renewed = endOfOrNull(inForce(next)) !== endOfOrNull(before);
    if (renewed && change.setsNew && passed(before, change.start ?? change.at) && open(change.at)) missed++;
    state = next;
  }
  return { due: inForce(state), missed };
}

const endOfOrNull = (moment) => (moment === null ? null : endOf(moment));

// An extension: a new deadline from its own time on.
export const extensionOf = (slot, at, due) => ({
  at,
  setsNew: true,
  apply: (d) => d.map((old, i) => (i === slot ? due : old)),
});

// A day that moves by whole days is a day again.
const DAY = 86400;
const later = (due, seconds) =>
  isBare(due) && seconds % DAY === 0 ? addDays(due, seconds / DAY) : endOf(due) + seconds;

// A wait: with a new deadline that one is in force from the wait's end; without one the
// clock stood for as long as the wait lasted, unless the deadline had passed before.
export function waitOf(slot, { start, end }, newDue) {
  const moved = (old) => (old === null || passed(old, start) ? old : later(old, end - start));
  const apply = (d) => d.map((old, i) => (i === slot && newDue !== null ? newDue : moved(old)));
  return { at: end, start, setsNew: newDue !== null, apply };
}

// `completedAt`: when the item was wholly completed, or null.
export function deadlineInForce(dues, changes, completedAt) {
  return walk(dues, changes, (when) => completedAt === null || endOf(completedAt) > when);
}
