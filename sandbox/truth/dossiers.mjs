// Dossiers of the one-stop system as they stand at an instant (section 4a; decision 0001,
// 9 to 13).

import { PROCEDURES } from '../world/products.mjs';
import { dateOf } from '../world/time.mjs';
import { closedAtLast, datedBack, endedWell, isBefore, oneOf, openedAgain, same, stated, versions } from './conflicts.mjs';
import { deadlineInForce, extensionOf, isLate, waitOf } from './deadlines.mjs';

const PLACEHOLDER = 'Chuyên viên';
const ENDS = new Set(['9', '10']);
const WAITS = new Set(['5', '6']);

const orderOf = (row) => (row.status === '10' ? 2 : row.status === '9' ? 1 : 0);

function rowsAt(dossier, asOf) {
  return dossier.rows.filter((r) => r.at <= asOf).sort((a, b) => a.at - b.at || orderOf(a) - orderOf(b));
}

// Rows that the sender wrote say nothing of when at receipt, and its closing ones nothing at all.
function isSynthetic(row, rows, dossier) {
  if (row.by_sender) return row.status === '9' || row.at === dossier.received;
  if (row.status !== '9') return false;
  return row.at === dossier.received || rows.some((r) => r.at === row.at && !ENDS.has(r.status));
}

const known = (moment, asOf) => (moment !== null && moment <= asOf ? moment : null);

// {at} | {held} | {} : completed, cannot be told, open.
function completion(dossier, rows, synthetic, asOf) {
  const real = rows.find((r) => r.status === '9' && !synthetic.has(r));
  if (real) return { at: real.at };
  const ten = rows.find((r) => r.status === '10');
  if (synthetic.size) {
    const [first] = [...synthetic];
    const later = rows.find((r) => r.status === '10' && r.at > first.at);
    const at = known(dossier.ended, asOf) ?? later?.at;
    return at === undefined ? { held: 'synthetic_end' } : { at };
  }
  if (ten) return { at: ten.at };
  const sent = dossier.sent_status ?? dossier.status;
  return rows.length < dossier.rows.length || !ENDS.has(sent) ? {} : statedEnd(dossier, sent, asOf);
}

// No row says it, but the dossier's own status says that it is over.
function statedEnd(dossier, sent, asOf) {
  const stated = dossier.ended ?? (sent === '10' ? dossier.returned : null);
  if (stated === null) return { held: 'no_end_time' };
  return stated <= asOf ? { at: stated } : {};
}

// The row that names the lead, if any.
function leadRow(rows, synthetic) {
  const real = rows.find((r) => r.status === '9' && !synthetic.has(r));
  return (
    real ??
    rows
      .slice(1)
      .filter((r) => r.status === '4')
      .pop() ??
    null
  );
}

// Whom a row names: nobody, one, or several of one second.
function officialOf(world, dossier, rows, synthetic, row) {
  if (!row || row === rows[0] || !row.label || row.label === PLACEHOLDER)
    return { named: false, conflict: false, link: { state: 'unresolved' } };
  const equal = rows.slice(1).filter(
    (r) => r.at === row.at && r.status === row.status && !synthetic.has(r) && r.label && r.label !== PLACEHOLDER,
  );
  return { named: true, ...oneOf(equal.map((r) => world.dir.label(dossier.unit, r.label, dateOf(r.at)))) };
}

// By time: who set each real 9, where the row names anybody.
function officialsOf(world, dossier, rows, synthetic) {
  const nines = rows.filter((r) => r.status === '9' && !synthetic.has(r));
  const told = nines.map((r) => [r.at, officialOf(world, dossier, rows, synthetic, r)]);
  return new Map(told.filter(([, who]) => who.named).map(([at, who]) => [at, { named: true, lead: who.link }]));
}

// Refused or withdrawn when it stood finished: that changes nothing. Opened again with nobody having sent it back, a late
// end stays too.
function staysFinished({ real, done, due }, reopened) {
  if (done.at === undefined) return false;
  return Boolean(closedAtLast(real)) || (reopened && isLate(done.at, due.inForce));
}

function waitsOf(rows, synthetic, asOf) {
  const waits = [];
  let start = null;
  for (const row of rows.filter((r) => !synthetic.has(r))) {
    if (WAITS.has(row.status)) start ??= row.at;
    else if (start !== null) {
      waits.push({ start, end: row.at, open: false });
      start = null;
    }
  }
  if (start !== null) waits.push({ start, end: asOf, open: true });
  return waits;
}

// A supplement belongs to the wait in which it was received (else requested).
function changesOf(dossier, waits, asOf) {
  const supplements = dossier.supplements
    .filter((s) => s.requested <= asOf)
    .map((s) => ({ ...s, when: known(s.received, asOf) ?? s.requested }))
    .sort((a, b) => a.requested - b.requested);
  const inside = (s, w) => s.new_due !== null && w.start <= s.when && s.when <= w.end;
  const changes = waits.map((wait) => {
    const mine = supplements.filter((s) => inside(s, wait)).pop();
    return waitOf(0, wait, wait.open || !mine ? null : mine.new_due);
  });
  const others = supplements.filter((s) => s.new_due !== null && !waits.some((w) => inside(s, w)));
  return [...changes, ...others.map((s) => extensionOf(0, s.requested, s.new_due))];
}

// How each version would have it end, whenever that is; the oldest first.
const endsSaid = (dossier, rows, synthetic) =>
  versions(dossier)
    .filter((v) => v === dossier || v.ended !== null || (v.returned !== null && dossier.ended === null))
    .map((v) => completion(v, rows, synthetic, Infinity).at)
    .filter((at) => at !== undefined);

// {held, unusable}: why it is held, and whether it backs nothing.
function conflictsOf(dossier, { rows, real, done, due, received, returns, synthetic }, asOf) {
  const held = [received.rewritten ? 'received' : null, due.rewritten ? 'due' : null];
  const [first] = endsSaid(dossier, rows, synthetic);
  if (first === undefined) return { held, reopened: false };
  if (done.at !== undefined && isBefore(done.at, received.value)) held.push('ended_first');
  const reopened = first <= asOf && openedAgain(real, first, returns);
  if (reopened) {
    if (!endedWell(real, first, due.inForce)) held.push('reopened');
    return { held, reopened };
  }
  const moved = done.at === undefined ? first <= asOf : !same(first, done.at) && !returns.some((r) => r >= first && r <= done.at);
  const open = (r) => ['1', '2', '4', '5', '6'].includes(r.status);
  const kind = real.find((r) => r.at === done.at && ENDS.has(r.status))?.status;
  const ofKind = real.filter((r) => open(r) || r.status === kind);
  if (moved || datedBack(ofKind, done.at, (r) => r.written ?? r.at, open)) held.push('end');
  return { held, reopened: false };
}

export function dossierAt(world, dossier, asOf, returns = []) {
  const rows = rowsAt(dossier, asOf);
  const received = stated(dossier, (v) => v.received);
  const known_ = { ...dossier, received: received.value };
  const synthetic = new Set(rows.filter((r) => isSynthetic(r, rows, known_)));
  const real = rows.filter((r) => !synthetic.has(r));
  const last = real[real.length - 1]?.status ?? (dossier.rows.length ? null : dossier.status);
  const done = completion(dossier, rows, synthetic, asOf);
  const { named, link, conflict } = officialOf(world, dossier, rows, synthetic, leadRow(rows, synthetic));
  const product = PROCEDURES[dossier.procedure]?.product ?? null;
  const due = stated(
    dossier,
    (v) => v.due,
    (x) => dossier.supplements.some((s) => s.new_due !== null && same(s.new_due, x)),
  );
  const changes = changesOf(dossier, waitsOf(rows, synthetic, asOf), asOf);
  due.inForce = inForceAt(due.value, changes, done.at);
  const about = { rows, real, done, due, received, returns, synthetic };
  const conflicts = conflictsOf(dossier, about, asOf);
  const left = (last === '3' || last === '7') && !staysFinished(about, conflicts.reopened);
  const found = left ? { held: [], reopened: false } : conflicts;
  const held = [
    last === '8' ? 'stopped' : null,
    left ? null : done.held,
    product ? null : 'no_product',
    ...found.held,
    conflict && !left ? 'two_officials' : null,
  ].filter(Boolean);
  const contested = found.reopened || conflict || found.held.some(Boolean);
  const all = contested ? [...new Set([...endsSaid(dossier, rows, synthetic), ...realNines(real)])] : [];
  return {
    key: `dossier:dvc:${dossier.id}`,
    kind: 'dossier',
    aliases: dossier.other ? [`dossier:dvc:${dossier.other}`] : [],
    unit: dossier.unit,
    lead: link,
    named,
    officials: officialsOf(world, dossier, rows, synthetic),
    assigned: received.value,
    dues: [due.value],
    changes,
    quantity: 1,
    completions: done.at === undefined || last === '8' ? [] : [{ at: done.at, quantity: 1 }],
    ends: done.at === undefined || last === '8' ? [] : [...new Set([done.at, ...realNines(real)])],
    failures: 0,
    product,
    held,
    left,
    ...(contested ? { contested: all } : {}),
  };
}

const realNines = (rows) => rows.filter((r) => r.status === '9').map((r) => r.at);

// The deadline as it stood when it first ended: nothing given later moves it.
function inForceAt(due, changes, end) {
  return deadlineInForce([due], changes.filter((c) => end === undefined || c.at <= end), null).due;
}
