// Document handlings, and outgoing documents as results (section 4a; decision 0001, 7, 8
// and 17).

import { DOCUMENT_TYPES } from '../world/products.mjs';
import { dateOf, happened } from '../world/time.mjs';
import { datedBack, oneOf } from './conflicts.mjs';
import { isRecalled, isUpdated, lastWord, successors } from './revisions.mjs';

export const documentName = (d) => `${d.issuer}|${d.number}|${d.date}`;

// Statuses by document, each list by time.
export function statusIndex(world) {
  const map = new Map();
  for (const s of world.statuses) {
    const key = documentName(s);
    if (!map.has(key)) map.set(key, []);
    map.get(key).push(s);
  }
  for (const list of map.values()) list.sort((a, b) => a.at - b.at);
  return map;
}

const first = (list, code) => list.find((s) => s.code === code);

// Whether the organisation answered 15 to a 13 that concerns it, or to the document sent again as recalled: before it
// was done, for behind that it changes nothing.
function agreed(world, doc, own, recalls, org, done) {
  const fifteen = own.filter((s) => s.code === '15' && isAhead(done, s));
  if (isRecalled(world, doc) && fifteen.length) return true;
  const concerns = recalls.filter((r) => !r.to || r.to === r.issuer || r.to === org);
  return concerns.some((r) => fifteen.some((s) => s.at >= r.at));
}

const isAhead = (done, s) => !done || s.at < done.at;

// Staff of the organisation's first 06, else of its last 05.
function leadOf(world, own, org) {
  const row = first(own, '06') ?? own.filter((s) => s.code === '05').pop();
  if (!row?.staff) return { link: { state: 'unresolved' }, conflict: false };
  const equal = own.filter((s) => s.code === row.code && s.at === row.at && s.staff);
  return oneOf(equal.map((s) => world.dir.staff(s.staff, org, dateOf(s.at))));
}

// `own`: what the organisation said of the document and of those that took its place (`later`).
function handlingAt(world, doc, org, own, recalls, later) {
  const assigned = first(own, '04') ?? first(own, '03');
  if (!assigned) return null;
  const done = first(own, '06');
  const words = [doc, ...later].map((d) => lastWord(world, d));
  const product = DOCUMENT_TYPES[words[words.length - 1].type] ?? null;
  const spoken = words.filter((w) => w.due).pop();
  const lead = leadOf(world, own, org);
  // 15 agrees to a recall or to an update, and does not say to which.
  const answered = agreed(world, doc, own, recalls, org, done);
  const unclear = answered && isUpdated(world, doc);
  const refused = first(own, '02');
  const left = Boolean(refused && isAhead(done, refused)) || (answered && !unclear);
  const between = own.filter((s) => ['03', '04', '05', '06'].includes(s.code));
  const conflicts = left
    ? []
    : [
        lead.conflict,
        spoken?.rewritten,
        done && done.at < assigned.at,
        done && datedBack(between, done.at, (s) => s.arrives, (s) => s.code !== '06'),
      ];
  return {
    key: `document:${documentName(doc)}|${org}`,
    kind: 'document',
    aliases: [],
    unit: world.dir.unitByCode(org, dateOf(assigned.at)),
    lead: lead.link,
    assigned: assigned.at,
    dues: [spoken?.due ?? null],
    changes: [],
    quantity: 1,
    completions: done ? [{ at: done.at, quantity: 1 }] : [],
    failures: 0,
    product,
    held: [
      product ? null : 'no_product',
      unclear ? 'recall_or_update' : null,
      conflicts.some(Boolean) ? 'conflict' : null,
    ].filter(Boolean),
    left,
  };
}

const saidOf = (world, doc, asOf) =>
  (world.statusesOf.get(documentName(doc)) ?? []).filter((s) => s.at <= asOf);

// Whoever holds a document and is not rid of it goes on with what takes its place.
function continued(world, doc, org, asOf) {
  const said = saidOf(world, doc, asOf);
  const own = said.filter((s) => s.from === org && s.code !== '13');
  const recalled = isRecalled(world, doc) || said.some((s) => s.code === '13' && s.from === doc.issuer);
  const done = Math.min(...own.filter((s) => s.code === '06').map((s) => s.at));
  const gaveBack = (s) => (s.code === '02' || (s.code === '15' && recalled)) && s.at < done;
  if (!own.length || own.some(gaveBack)) return [];
  return successors(world, doc).filter((d) => saidOf(world, d, asOf).some((s) => s.from === org));
}

// One item per organisation that handles a document which it did not issue.
export function handlingsAt(world, asOf) {
  const items = [];
  const takenOver = new Set();
  for (const doc of world.documents) {
    const statuses = saidOf(world, doc, asOf);
    const recalls = statuses.filter((s) => s.code === '13' && s.from === doc.issuer);
    for (const org of new Set(statuses.map((s) => s.from))) {
      if (org === doc.issuer || takenOver.has(`${documentName(doc)}|${org}`)) continue;
      const later = continued(world, doc, org, asOf);
      for (const d of later) takenOver.add(`${documentName(d)}|${org}`);
      const own = [doc, ...later].flatMap((d) => saidOf(world, d, asOf)).filter((s) => s.from === org);
      own.sort((a, b) => a.at - b.at);
      const item = handlingAt(world, doc, org, own, recalls, later);
      if (item) items.push(item);
    }
  }
  return items;
}

// An outgoing document as a result: finished at the issuer's first own 06 after the last
// return; when issued, where no own 06 is known at all. null: not finished.
export function resultDocument(world, doc, lastReturn, asOf) {
  if (!happened(doc.date, asOf)) return null;
  const own = (world.statusesOf.get(documentName(doc)) ?? []).filter(
    (s) => s.from === doc.issuer && s.code === '06' && s.at <= asOf,
  );
  const six = own.find((s) => lastReturn === null || s.at > lastReturn);
  if (own.length && !six) return null;
  const at = six ? six.at : doc.date;
  if (!six && lastReturn !== null && doc.date < dateOf(lastReturn)) return null;
  const staff = six?.staff ?? null;
  return {
    name: `document:${documentName(doc)}`,
    kind: 'document',
    at,
    promulgated: doc.date,
    unit: world.dir.unitByCode(doc.issuer, dateOf(at)),
    named: staff !== null,
    lead: staff ? world.dir.staff(staff, doc.issuer, dateOf(at)) : null,
  };
}
