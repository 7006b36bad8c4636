// Documents that their issuer recalls, updates or replaces: revisions of the work in hand, never new outcomes
// (decision 0003). A recall stands for a 13 to everybody; an update speaks from then on, whenever it
// came, and what it leaves out stays; a replacement goes on under the first key at whoever holds both.

import { documentName } from './documents.mjs';

const bySent = (a, b) => a.sent_at - b.sent_at;

// {revisionsOf: name -> revisions by time of sending, replacing: name -> the documents that replace it}
export function revisionIndex(world) {
  const revisionsOf = new Map(),
    replacing = new Map();
  const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
  for (const r of world.revisions ?? []) add(revisionsOf, documentName(r.document), r);
  for (const list of revisionsOf.values()) list.sort(bySent);
  for (const d of world.documents) {
    for (const { document, certain } of d.replaces ?? [])
      if (certain && document.issuer === d.issuer) add(replacing, documentName(document), d);
  }
  return { revisionsOf, replacing };
}

const revisions = (world, doc, kinds) =>
  (world.revisionsOf.get(documentName(doc)) ?? []).filter((r) => kinds.includes(r.kind));

export const isRecalled = (world, doc) => revisions(world, doc, ['recall']).length > 0;
export const isUpdated = (world, doc) =>
  Boolean(doc.replaces) || revisions(world, doc, ['update', 'replacement']).length > 0;

// What counts of the document: type of the last word, and the last deadline that any word gave.
export function lastWord(world, doc) {
  const updates = revisions(world, doc, ['update', 'replacement']);
  const stating = (list) => list.map((x) => x.due).filter((x) => x !== null && x !== undefined);
  const type = [doc, ...updates].pop().type ?? doc.type;
  const updated = stating(updates).pop();
  if (updated !== undefined) return { type, due: updated, rewritten: false };
  // Copies that update nothing say one thing: the earliest deadline stands while they differ (decision 0015).
  const copies = stating([doc, ...revisions(world, doc, ['new'])]).sort();
  return { type, due: copies[0] ?? null, rewritten: new Set(copies).size > 1 };
}

// The documents that took the place of this one, in turn; a place taken by two, or of two, is not followed.
export function successors(world, doc) {
  const chain = [];
  for (let at = doc; ; ) {
    const next = world.replacing.get(documentName(at)) ?? [];
    if (next.length !== 1 || next[0].replaces.length !== 1 || chain.includes(next[0])) return chain;
    chain.push(next[0]);
    [at] = next;
  }
}
