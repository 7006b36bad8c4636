// What a source says at different times, or what two say, that cannot both be so: held, under nobody's judgement
// (decision 0015). Written from that page.

import { dateOf, isBare, periodOf } from '../world/time.mjs';
import { isLate } from './deadlines.mjs';

// Compared at the precision that both state.
export const same = (a, b) => (isBare(a) || isBare(b) ? dateOf(a) === dateOf(b) : a === b);
export const isBefore = (a, b) => (isBare(a) || isBare(b) ? dateOf(a) < dateOf(b) : a < b);

// Every version of a thing, oldest first; the last one is what stands.
export const versions = (thing) => [...(thing.said_before ?? []).map((v) => ({ ...thing, ...v })), thing];

// {value, rewritten} of one date over the versions: while two statements stand, the earlier one.
export function stated(thing, read, explained = () => false) {
  const said = versions(thing).map((v) => read(v) ?? null);
  const first = said.find((x) => x !== null) ?? null;
  const last = said[said.length - 1];
  if (first === null || (last !== null && same(first, last))) return { value: first, rewritten: false };
  if (last !== null && explained(last)) return { value: first, rewritten: false };
  return { value: last !== null && isBefore(last, first) ? last : first, rewritten: true };
}

const between = (list, a, b) => list.some((x) => !isBefore(x, a) && !isBefore(b, x));

const OPEN = new Set(['1', '2', '4', '5', '6']);
const CLOSED = new Set(['9', '10']);

// Shown open after an end, though no task that names it was sent back in between.
export function openedAgain(rows, end, returns) {
  const behind = rows.filter((r) => !isBefore(r.at, end));
  let closed = end;
  for (const row of behind) {
    if (CLOSED.has(row.status)) closed ??= row.at;
    if (!OPEN.has(row.status) || closed === null || !isBefore(closed, row.at)) continue;
    if (!between(returns, closed, row.at)) return true;
    closed = null;
  }
  return false;
}

// The row that closed it after it was last open.
export function closedAtLast(rows) {
  const last = rows.map((r) => r.status).findLastIndex((s) => OPEN.has(s));
  return rows.slice(last + 1).find((r) => CLOSED.has(r.status));
}

// Closed again, and whichever end counts the line is the same.
export function endedWell(rows, end, due) {
  const again = closedAtLast(rows);
  if (!again) return false;
  return due === null ? periodOf(end) === periodOf(again.at) : !isLate(again.at, due);
}

// The end that counts was written after a later one of its kind, with nothing open between them.
export function datedBack(list, end, writtenAt, goesOn) {
  const counts = list.find((x) => x.at === end && !goesOn(x));
  if (!counts) return false;
  for (const x of list.filter((y) => y.at > end)) {
    if (goesOn(x)) return false;
    if (writtenAt(x) < writtenAt(counts)) return true;
  }
  return false;
}

// One person of several that are named with equal right, else each of them.
export function oneOf(links) {
  const people = new Set(links.map((l) => l.person ?? l.candidates?.join() ?? ''));
  if (people.size === 1) return { link: links[0], conflict: false };
  const candidates = [...new Set(links.flatMap((l) => (l.person ? [l.person] : (l.candidates ?? []))))].sort();
  const link = candidates.length ? { state: 'ambiguous', candidates } : { state: 'unresolved' };
  return { link, conflict: true };
}
