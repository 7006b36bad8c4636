// What backs a task (section 4a "Backing" and "Join"; decision 0001, 14 to 20).

import { TASK_TYPES } from '../world/products.mjs';
import { dateOf, endOf, happened, isBare } from '../world/time.mjs';
import { isBefore, stated, versions } from './conflicts.mjs';
import { resultDocument } from './documents.mjs';

const MAJOR = new Set(['SAI_NOI_DUNG', 'SAI_CAN_CU']);

// An account that may be the lead's is no other's: one that the lead had on another day, or has with others.
function isOther(world, actor, task, lead) {
  if (!actor?.account || actor.account === task.lead.account) return false;
  if (lead.state !== 'resolved') return true;
  const who = world.dir.account(actor.account, dateOf(actor.on));
  if (who.state === 'resolved') return who.person !== lead.person;
  const owners = who.state === 'ambiguous' ? new Set(who.candidates) : world.dir.everHad(actor.account);
  return !owners.has(lead.person);
}

const isKnown = (world, x) => world.dir.account(x.by.account, dateOf(x.at)).state === 'resolved';

// Acts of the given kind by somebody other than the lead, up to the instant, by time.
function acts(world, list, task, lead, asOf) {
  return list
    .filter((x) => x && happened(x.at, asOf) && isOther(world, { ...x.by, on: x.at }, task, lead))
    .sort((a, b) => a.at - b.at);
}

// One task with everything that is known of it at the instant.
export function taskAt(world, task, asOf) {
  const lead = world.dir.account(task.lead.account, dateOf(task.created));
  const returns = acts(world, task.returns, task, lead, asOf);
  const claims = task.claims.filter((c) => happened(c.at, asOf));
  return {
    task,
    lead,
    selfSet: !isOther(world, task.assigner && { ...task.assigner, on: task.created }, task, lead),
    returns,
    lastReturn: returns.length ? returns[returns.length - 1].at : null,
    failures: returns.filter((r) => MAJOR.has(r.reason)).length,
    extensions: acts(world, task.extensions, task, lead, asOf),
    recall: acts(world, [task.recall], task, lead, asOf)[0] ?? null,
    acceptance: acts(world, [task.acceptance], task, lead, asOf)[0] ?? null,
    claim: claims.reduce((latest, c) => (latest === null || c.at >= latest.at ? c : latest), null),
    product: TASK_TYPES[task.type]?.product ?? null,
    passing: [],
    conflict: false,
  };
}

// The task as it counts while its dates stand against each other.
function asCounted(task) {
  const listed = (x) => task.extensions.some((e) => e.due === x);
  const created = stated(task, (v) => v.created);
  const due = stated(task, (v) => v.due, listed);
  return { ...task, created: created.value, due: due.value, redated: created.rewritten || due.rewritten };
}

// Accepted or delivered at another time, or no longer, though it was not sent back in between.
function acceptanceRewritten(t, asOf) {
  const first = versions(t.task).find((v) => v.acceptance)?.acceptance.at ?? null;
  const last = t.task.acceptance?.at ?? null;
  if (![first, last].some((x) => x !== null && x <= asOf)) return false;
  if (t.returns.some((r) => r.at >= first && (last === null || r.at <= last))) return false;
  return [(a) => a?.at, (a) => a?.delivered].some((read) => stated(t.task, (v) => read(v.acceptance)).rewritten);
}

// Dossier id -> when tasks that name it were sent back.
export function returnsByDossier(world, asOf) {
  const map = new Map();
  for (const task of world.tasks.map(asCounted).filter((x) => x.created <= asOf && x.returns.length)) {
    const t = taskAt(world, task, asOf);
    const refs = task.claims.filter((c) => happened(c.at, asOf)).flatMap((c) => c.results);
    for (const id of new Set(refs.filter((r) => r.kind === 'dossier').map((r) => r.id)))
      map.set(id, [...(map.get(id) ?? []), ...t.returns.map((r) => r.at)]);
  }
  return map;
}

function isInstruction(ref, instruction) {
  if (!instruction || ref.number !== instruction.number) return false;
  return !ref.date || !instruction.date || ref.date === instruction.date;
}

// A reference without an issuer matches when exactly one known document has that number and date.
function findDocument(world, ref, asOf) {
  const found = (world.documentsByNumber.get(`${ref.number}|${ref.date}`) ?? []).filter(
    (d) => happened(d.date, asOf) && (!ref.issuer || d.issuer === ref.issuer.trim()),
  );
  return found.length === 1 ? found[0] : null;
}

function candidateDocuments(world, t, asOf) {
  const carrying = (world.documentsByTask.get(t.task.code) ?? []).filter((d) => happened(d.date, asOf));
  const named = (t.claim?.results ?? [])
    .filter((r) => r.kind === 'document')
    .map((r) => findDocument(world, r, asOf))
    .filter(Boolean);
  return [...new Set([...carrying, ...named])].filter((d) => !isInstruction(d, t.task.instruction));
}

// Dossiers and reports that the latest claim names, as results.
function candidateItems(t, items) {
  const named = (t.claim?.results ?? [])
    .filter((r) => r.kind !== 'document')
    .map((r) => items.get(`${r.kind} ${r.id}`));
  return [...new Set(named.filter(Boolean))]
    .map((item) => {
      // After a return the next end counts.
      const ends = item.ends ?? item.completions.map((c) => c.at);
      const done = ends.find((at) => afterReturn(at, t.lastReturn));
      if (item.contested || done === undefined || (item.left && item.kind === 'dossier') || item.held.some((why) => why !== 'no_product'))
        return null;
      return {
        name: item.key,
        kind: item.kind,
        item,
        at: done,
        unit: item.unit,
        ...whoEnded(item, done),
      };
    })
    .filter(Boolean);
}

// An end is of whom it names itself, else of the lead.
const whoEnded = (item, at) => item.officials?.get(at) ?? { named: item.named, lead: item.lead };

function afterReturn(at, lastReturn) {
  if (lastReturn === null) return true;
  return isBare(at) ? at >= dateOf(lastReturn) : at > lastReturn;
}

// Of the lead's unit, of the lead where anybody is named, and completed between
// assignment and claim, by city dates.
function passes(world, t, result) {
  if (t.lead.state !== 'resolved' || !afterReturn(result.at, t.lastReturn)) return false;
  const units = [dateOf(t.task.created), dateOf(result.at)].map((day) =>
    world.dir.unitOf(t.lead.person, day),
  );
  if (!result.unit || !units.includes(result.unit)) return false;
  if (result.named && !(result.lead.state === 'resolved' && result.lead.person === t.lead.person))
    return false;
  const from = dateOf(t.task.created),
    to = t.claim ? t.claim.at : '9999-12-31';
  const inside = (day) => from <= day && day <= to;
  return inside(dateOf(result.at)) && (!result.promulgated || inside(result.promulgated));
}

function passingOf(world, t, items, asOf) {
  if (t.selfSet) return [];
  const documents = candidateDocuments(world, t, asOf)
    .map((d) => resultDocument(world, d, t.lastReturn, asOf))
    .filter(Boolean);
  return [...documents, ...candidateItems(t, items)].filter((r) => passes(world, t, r));
}

// A named thing that is in conflict, and would back the task by one of its ends and whoever may have led it.
function waitsFor(world, t, items) {
  if (t.selfSet) return false;
  const named = (t.claim?.results ?? []).map((r) => items.get(`${r.kind} ${r.id}`)).filter((x) => x?.contested);
  const anyOf = (lead) =>
    lead.state === 'ambiguous' ? lead.candidates.map((person) => ({ state: 'resolved', person })) : [lead];
  const would = (item, at) => {
    const who = whoEnded(item, at);
    return anyOf(who.lead).some((lead) => passes(world, t, { at, unit: item.unit, named: who.named, lead }));
  };
  return named.some((item) => item.contested.some((at) => would(item, at)));
}

// Acceptance completes what no result has completed.
function acceptanceOf(t, asOf) {
  const a = t.acceptance;
  if (!a || t.selfSet || (t.lastReturn !== null && a.at <= t.lastReturn)) return null;
  const at = a.delivered ?? a.at;
  if (!happened(at, asOf) || dateOf(at) < dateOf(t.task.created)) return null;
  if (!afterReturn(at, t.lastReturn)) return null;
  // A stated quantity is of all that there is, so what results show is part of it.
  const total = Math.min(a.quantity ?? t.task.quantity, t.task.quantity);
  const quantity = total - t.passing.length;
  return quantity > 0 ? { at, quantity } : null;
}

function complete(world, t, asOf) {
  t.completions = t.passing.map((r) => ({ at: r.at, quantity: 1 }));
  const accepted = acceptanceOf(t, asOf);
  t.accepted = accepted && isKnown(world, t.acceptance) ? accepted : null;
  t.acceptorUnknown = accepted !== null && t.accepted === null;
  if (t.accepted) t.completions.push(t.accepted);
  t.completions.sort((a, b) => endOf(a.at) - endOf(b.at));
  // Known to the day alone, it is not known to be behind a recall of that day.
  const comesFirst = (c) => (isBare(c.at) ? c.at <= dateOf(t.recall.at) : c.at <= t.recall.at);
  const shown = accepted && !t.accepted ? [...t.completions, accepted] : t.completions;
  t.recalled = !t.waits && !t.reaccepted && t.recall !== null && !shown.some(comesFirst);
}

const inConflict = (t) =>
  t.waits || t.reaccepted || t.task.redated || (t.accepted !== null && isBefore(t.accepted.at, t.task.created));

// Two tasks on one result, or one task with more results than it asks for.
function markConflicts(tasks) {
  const users = new Map();
  const taking = tasks.filter((t) => !t.recalled && !t.selfSet);
  for (const t of taking) for (const r of t.passing) users.set(r.name, [...(users.get(r.name) ?? []), t]);
  for (const t of taking) t.conflict = t.passing.length > t.task.quantity || inConflict(t);
  for (const list of users.values()) if (list.length > 1) for (const t of list) t.conflict = true;
}

// Every task at the instant; `items`: "dossier <id>" | "report <id>" -> item.
export function tasksAt(world, items, asOf) {
  const known = world.tasks.map(asCounted).filter((task) => task.created <= asOf);
  const tasks = known.map((task) => taskAt(world, task, asOf));
  for (const t of tasks) {
    t.waits = waitsFor(world, t, items);
    t.reaccepted = acceptanceRewritten(t, asOf);
    t.passing = passingOf(world, t, items, asOf);
    complete(world, t, asOf);
  }
  markConflicts(tasks);
  return tasks;
}
