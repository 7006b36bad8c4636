// Document handlings, and outgoing documents as results (section 4a; decision 0001, 7, 8
// and 17).

import { DOCUMENT_TYPES } from '../world/products.mjs';
import { dateOf, happened } from '../world/time.mjs';

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

// A 02 leaves at once; a 13 when the organisation answers it with 15.
function hasLeft(own, recalls, org) {
  if (first(own, '02')) return true;
  const concerns = recalls.filter((r) => !r.to || r.to === r.issuer || r.to === org);
  return concerns.some((r) => own.some((s) => s.code === '15' && s.at >= r.at));
}

// Staff of the organisation's first 06, else of its last 05.
function leadOf(world, own, org) {
  const row = first(own, '06') ?? own.filter((s) => s.code === '05').pop();
  return row?.staff ? world.dir.staff(row.staff, org, dateOf(row.at)) : { state: 'unresolved' };
}

function handlingAt(world, doc, org, own, recalls) {
  const assigned = first(own, '04') ?? first(own, '03');
  if (!assigned) return null;
  const done = first(own, '06');
  const product = DOCUMENT_TYPES[doc.type] ?? null;
  return {
    key: `document:${documentName(doc)}|${org}`,
    kind: 'document',
    aliases: [],
    unit: world.dir.unitByCode(org, dateOf(assigned.at)),
    lead: leadOf(world, own, org),
    assigned: assigned.at,
    dues: [doc.due],
    changes: [],
    quantity: 1,
    completions: done ? [{ at: done.at, quantity: 1 }] : [],
    failures: 0,
    product,
    held: product ? [] : ['no_product'],
    left: hasLeft(own, recalls, org),
  };
}

// One item per organisation that handles a document which it did not issue.
export function handlingsAt(world, asOf) {
  const items = [];
  for (const doc of world.documents) {
    const statuses = (world.statusesOf.get(documentName(doc)) ?? []).filter((s) => s.at <= asOf);
    const recalls = statuses.filter((s) => s.code === '13' && s.from === doc.issuer);
    for (const org of new Set(statuses.map((s) => s.from))) {
      if (org === doc.issuer) continue;
      const item = handlingAt(
        world,
        doc,
        org,
        statuses.filter((s) => s.from === org),
        recalls,
      );
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
