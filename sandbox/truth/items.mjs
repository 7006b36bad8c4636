// All items of the world at an instant, joins made, and how one of them stands in a period
// (section 4a "Join", "Period", "Unfinished"; decision 0001, 4 to 6, 18 to 21 and 28).

import { addMonths, endOf, endOfPeriod, happened, periodOf } from '../world/time.mjs';
import { deadlineInForce, extensionOf, isLate } from './deadlines.mjs';
import { dossierAt } from './dossiers.mjs';
import { handlingsAt } from './documents.mjs';
import { reportAt } from './reports.mjs';
import { returnsByDossier, tasksAt } from './backing.mjs';
import { stated } from './conflicts.mjs';

const quantityOf = (completions) => completions.reduce((n, c) => n + c.quantity, 0);

// An acceptance by somebody whom the directory does not know counts for nobody and against nobody.
function heldOf(t) {
  const unknown = t.acceptorUnknown && !t.recalled;
  return [t.product ? null : 'no_product', t.conflict ? 'conflict' : null, unknown ? 'acceptor_unknown' : null].filter(Boolean);
}

function fromTask(t) {
  return {
    key: `task:hanoiwork:${t.task.code}`,
    kind: 'task',
    aliases: [],
    unit: t.task.unit,
    lead: t.lead,
    assigned: t.task.created,
    dues: [t.task.due],
    changes: t.extensions.map((e) => extensionOf(0, e.at, e.due)),
    quantity: t.task.quantity,
    completions: t.conflict || t.recalled ? [] : t.completions,
    failures: t.failures,
    product: t.product,
    held: heldOf(t),
    left: t.recalled,
    selfSet: t.selfSet,
    claimed: t.claim !== null,
    claimFails: t.claim !== null && !t.conflict && t.passing.length === 0,
  };
}

// The task gives lead, assignment and product; the thing gives key, completion and withdrawal.
function joined(task, t, item) {
  const second = item.changes.map((c) => ({ ...c, apply: (d) => [d[0], ...c.apply([d[1]])] }));
  return {
    ...task,
    key: item.key,
    aliases: [task.key, ...item.aliases],
    unit: item.unit,
    dues: [...task.dues, ...item.dues],
    changes: [...task.changes, ...second],
    left: item.left,
  };
}

// Of the results of a task of several, those that keep their own line (decision 0001, 19 and 29): a dossier whose own
// deadline comes first and was missed or is of another period, or that missed one before; a duplicate, which leaves.
function apartOf(t, item) {
  const line = settle(item);
  const home = periodOf(line.due ?? line.assigned);
  const isApart = ({ at, item: thing }) => {
    if (!thing) return false;
    if (thing.left) return true;
    if (thing.kind !== 'dossier') return false;
    const own = deadlineInForce(thing.dues, thing.changes, at);
    if (own.missed) return true;
    if (own.due === null || (line.due !== null && endOf(own.due) >= endOf(line.due))) return false;
    return isLate(at, own.due) || periodOf(own.due) !== home;
  };
  const byTime = (a, b) => endOf(a.at) - endOf(b.at) || (a.name < b.name ? -1 : 1);
  return t.passing.filter(isApart).sort(byTime);
}

// What a task of several makes: each result apart joined as by a task of one, and the rest under the task's key. What
// was returned stands once: with the rest, else with the first of them that counts.
function severalItems(t, item) {
  const apart = apartOf(t, item);
  const within = t.passing.filter((r) => !apart.includes(r));
  const quantity = item.quantity - apart.length;
  const completions = [...within.map((r) => ({ at: r.at, quantity: 1 })), ...(t.accepted ? [t.accepted] : [])];
  const aliases = within.filter((r) => r.item).map((r) => r.item.key);
  const rest = { ...item, quantity, aliases, completions: completions.sort((a, b) => endOf(a.at) - endOf(b.at)) };
  const one = { ...item, quantity: 1, failures: 0, held: item.held.filter((why) => why !== 'acceptor_unknown') };
  const units = apart.map((r) => ({
    ...joined({ ...one, completions: [{ at: r.at, quantity: 1 }] }, t, r.item),
    aliases: r.item.aliases,
  }));
  if (quantity > 0) return [rest, ...units];
  const first = units.find((u) => !u.left) ?? units[0];
  first.failures = item.failures;
  first.aliases = [item.key, ...first.aliases];
  return units;
}

function taskItems(t, absorbed) {
  const item = fromTask(t);
  if (t.conflict || t.recalled || t.selfSet) return [item];
  const things = t.passing.filter((r) => r.item).map((r) => r.item);
  for (const thing of things) absorbed.add(thing.key);
  if (t.task.quantity > 1) return severalItems(t, item);
  return things.length === 1 ? [joined(item, t, things[0])] : [item];
}

function settle(item) {
  const whole = quantityOf(item.completions) >= item.quantity;
  const last = item.completions[item.completions.length - 1];
  const { due, missed } = deadlineInForce(item.dues, item.changes, whole && last ? last.at : null);
  return { ...item, due, missedBefore: missed, whole: whole && item.held.length === 0 };
}

// An id between two dossiers that do not name each other says nothing of either: each stands by itself, and so
// does what the platform lists under that id, in nobody's name; all are held (decision 0015).
function withIdsOfTwo(dossiers) {
  const sharing = (d) => dossiers.filter(([x]) => d.other && x.other === d.other);
  return dossiers.flatMap(([d, item]) => {
    const all = sharing(d);
    if (all.length < 2) return [[d, item]];
    const alone = { ...item, aliases: [], held: [...item.held, 'ids_overlap'], contested: contestedBy(item) };
    const own = { ...alone, key: `dossier:dvc:${d.other}`, lead: { state: 'unresolved' }, named: false, officials: undefined, completions: [] };
    return all[0][0] === d ? [[d, alone], [null, own]] : [[d, alone]];
  });
}

const contestedBy = (item) => item.contested ?? item.completions.map((c) => c.at);

// "dossier <id>" | "report <id>" -> item.
function indexById(dossiers, reports) {
  const byId = new Map();
  for (const [d, item] of dossiers.filter(([x]) => x)) {
    for (const id of [d.id, d.other]) if (id) byId.set(`dossier ${id}`, item);
  }
  for (const [r, item] of reports) byId.set(`report ${r.id}`, item);
  return byId;
}

// Every item that the world knows at the instant, those that left included.
export function itemsAt(world, asOf) {
  const known = (thing) => stated(thing, (v) => v.received).value <= asOf;
  const returns = returnsByDossier(world, asOf);
  const returnsOf = (d) => [d.id, d.other].flatMap((id) => returns.get(id) ?? []);
  const dossiers = withIdsOfTwo(
    world.dossiers.filter(known).map((d) => [d, dossierAt(world, d, asOf, returnsOf(d))]),
  );
  const reports = world.reports.filter(known).map((r) => [r, reportAt(world, r, asOf)]);
  const absorbed = new Set();
  const tasks = tasksAt(world, indexById(dossiers, reports), asOf).flatMap((t) => taskItems(t, absorbed));
  const things = [...dossiers, ...reports].map(([, item]) => item).filter((item) => !absorbed.has(item.key));
  return [...handlingsAt(world, asOf), ...things, ...tasks].map(settle);
}

// The class of an item in the summary: the first that fits.
export function classOf(item) {
  if (item.held.length) return 'held';
  if (item.lead.state !== 'resolved') return 'unresolved';
  if (item.whole && !item.selfSet) return 'completed';
  return item.selfSet || item.claimFails ? 'claimed_only' : 'assigned';
}

// A deadline in force is missed by a late completion; by an unfinished item only where it is carried over.
function lates(item, carried) {
  if (item.due === null) return 0;
  const late = item.completions.some((c) => isLate(c.at, item.due)) || (carried && !item.whole);
  return item.missedBefore + (late ? 1 : 0);
}

// One line of a sheet, or null where the item does not stand in the period.
export function standing(item, period) {
  const home = periodOf(item.due ?? item.assigned);
  if (period < home) return null;
  const carried = period > home;
  const completions = item.held.length ? [] : item.completions;
  const before = carried
    ? quantityOf(completions.filter((c) => happened(c.at, endOfPeriod(addMonths(period, -1)))))
    : 0;
  const assigned = item.quantity - before;
  if (assigned <= 0) return null;
  return {
    key: item.key,
    product: item.product,
    assigned,
    completed: Math.max(0, quantityOf(completions) - before),
    late: lates(item, carried),
    quality_failures: item.failures,
    carried_over: carried,
    no_deadline: item.due === null,
  };
}
