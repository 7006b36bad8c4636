// /truth: every sheet and the count of items, from the simulated world's true events.
// Reads nothing of the product. Written from section 4a and decision 0001.

import { formatInstant } from '../world/time.mjs';
import { documentName, statusIndex } from './documents.mjs';
import { Directory } from './identity.mjs';
import { classOf, itemsAt } from './items.mjs';
import { revisionIndex } from './revisions.mjs';
import { Sheets, printedLine } from './sheets.mjs';

const CLASSES = ['assigned', 'completed', 'claimed_only', 'unresolved', 'held'];

function group(rows, keysOf) {
  const map = new Map();
  for (const row of rows) for (const key of keysOf(row)) map.set(key, [...(map.get(key) ?? []), row]);
  return map;
}

// The world with what the counting looks up; made once per world.
export function countable(world) {
  if (world.countable) return world.countable;
  const ready = {
    people: world.people,
    assessments: world.assessments,
    documents: world.documents,
    statuses: world.statuses,
    dossiers: world.dossiers,
    reports: world.reports,
    tasks: world.tasks,
    bad: world.bad,
    dir: new Directory(world),
    statusesOf: statusIndex(world),
    ...revisionIndex(world),
    documentsByNumber: group(uniqueDocuments(world.documents), (d) => [`${d.number}|${d.date}`]),
    documentsByTask: group(uniqueDocuments(world.documents), (d) => d.task_codes),
  };
  Object.defineProperty(world, 'countable', { value: ready });
  return ready;
}

const uniqueDocuments = (documents) => [...new Map(documents.map((d) => [documentName(d), d])).values()];

function countItems(items) {
  const counts = { total: items.length, ...Object.fromEntries(CLASSES.map((c) => [c, 0])) };
  for (const item of items) counts[classOf(item)]++;
  return counts;
}

// `asOf`: seconds; the default of every caller is the period's cut-off.
export function truthFor(world, period, asOf) {
  const ready = countable(world);
  const items = itemsAt(ready, asOf).filter((item) => !item.left);
  const sheets = new Sheets(ready, items, period, asOf).all();
  return {
    period,
    as_of: formatInstant(asOf),
    items: countItems(items),
    sheets: sheets.map((s) => ({ ...s, lines: s.lines.map(printedLine) })),
  };
}

// key -> class of every item at the instant, those that left as "left": for the tests.
export function classesAt(world, asOf) {
  return new Map(
    itemsAt(countable(world), asOf).map((item) => [item.key, item.left ? 'left' : classOf(item)]),
  );
}
