// Goal: /truth counts what docs/worked-examples.md works out by hand.
// Method: each item of an example's `events` is told as records of a tiny world (result
// documents, progress rows, returns, ...); standings, lines, figures and lists must be the page's.
// Not told: a report's own `due` in 5 (this city's reports state none; the task's is in force),
// and what only the text says: synthetic rows, the move in 7, 13 answered by 16, earlier claims.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { countable, truthFor } from '../truth/index.mjs';
import { itemsAt } from '../truth/items.mjs';
import { DOCUMENT_TYPES, PROCEDURES, TASK_TYPES } from '../world/products.mjs';
import { addDays, dateOf, endOf, endOfPeriod, isBare, parseInstant } from '../world/time.mjs';
import { LABEL, ORG, dossier, incoming, outgoing, status, task, tinyWorld } from './support.mjs';

const PAGE = new URL('../../docs/worked-examples.md', import.meta.url);
const page = readFileSync(PAGE, 'utf8');
const examples = [...page.matchAll(/\n```json\n(.*?)\n```\n/gs)].map((m) => JSON.parse(m[1]));

const BY = { account: 'a.head' };
const TWO_OWNERS = 'Hai người';
const LABELS = { 'ambiguous lead': TWO_OWNERS, 'unresolved lead': 'Chuyên viên' };
const FIGURES = ['a', 'b', 'c', 'd', 'dd', 'e'];

const moment = (text) => (text === null ? null : text.includes('T') ? parseInstant(text) : text);
const byProduct = (pairs) => new Map(pairs.map(([code, product]) => [product, code]));
const typeOfDocument = byProduct(Object.entries(DOCUMENT_TYPES));
const procedureOf = byProduct(Object.entries(PROCEDURES).map(([code, p]) => [code, p.product]));
const typeOfTask = byProduct(Object.entries(TASK_TYPES).map(([code, t]) => [code, t.product]));

// The fields of an event are what its source said first; `said_now` is what it says now.
function sayAnew(thing, now = {}) {
  const fields = Object.keys(now);
  if (!fields.length) return thing;
  thing.said_before = [Object.fromEntries(fields.map((f) => [f, thing[f]]))];
  return Object.assign(thing, Object.fromEntries(fields.map((f) => [f, moment(now[f])])));
}

function tellHandling(world, e) {
  const [issuer, number, day, org] = e.key.slice('document:'.length).split('|');
  const [type, assigned] = [typeOfDocument.get(e.product), moment(e.assigned_at)];
  const doc = incoming(number, { issuer, date: day, type, due: moment(e.due), receivers: [org] });
  const say = (...row) => world.statuses.push(status(doc, ...row));
  world.documents.push(doc);
  say('04', assigned, null, org);
  say('05', assigned + 60, 'me', org);
  for (const c of e.completions) say('06', moment(c.at), 'me', org);
  if (e.said_now)
    world.revisions = [...(world.revisions ?? []), { document: doc, kind: 'new', sent_at: 0, due: moment(e.said_now.due) }];
  if (!e.left) return;
  const left = moment(e.left.at);
  if (e.left.why === 'status 02') return say('02', left, null, org);
  assert.equal(e.left.why, '13 answered by 15');
  say('13', left - 3600, null, issuer);
  say('15', left, null, org);
}

function tellDossier(world, e, id) {
  const [received, label] = [moment(e.received ?? e.assigned_at), LABELS[e.held] ?? LABEL];
  const rows = [['2', received, 'Một cửa']];
  const say = (code, when) => rows.push([code, when, label]);
  say('4', received + 60);
  for (const w of e.waits ?? []) {
    say('5', moment(w.from));
    say('4', moment(w.to));
  }
  const { closed_by_system: closing } = e;
  if (closing) rows.push(['4', moment(closing), label], ['9', moment(closing), 'Hệ thống']);
  else for (const c of e.completions) say('9', moment(c.at));
  for (const r of e.rows ?? []) rows.push([r.status, moment(r.at), r.who ?? label]);
  if (e.held === 'status 8') say('8', received + 120);
  if (e.left) say(/^status (\d)$/.exec(e.left.why)[1], moment(e.left.at));
  const inWait = (e.waits ?? []).map((w) => [w.from, w.to, w.new_due ?? null]);
  const given = (e.extensions ?? []).map((x) => [x.given_at, null, x.new_due]);
  const told = dossier(id, [], {
    received,
    due: moment(e.due),
    procedure: procedureOf.get(e.product) ?? '1.000894', // a joined item has the task's product
    other: e.other_id ?? e.aliases?.find((a) => a.startsWith('dossier:'))?.slice('dossier:dvc:'.length) ?? null,
    ended: closing ? moment(e.completions[0].at) : null,
    supplements: [...inWait, ...given].map(([requested, got, due]) => ({
      requested: moment(requested),
      received: got && moment(got),
      new_due: due && moment(due),
    })),
  });
  const whole = { ...told, rows: rows.map(([s, at, who]) => ({ status: s, at, label: who })) };
  world.dossiers.push(sayAnew(whole, e.said_now));
}

function tellReport(world, e, id) {
  const answered = moment(e.completions[0]?.at ?? e.left.at);
  const duplicate_of = e.left?.why === 'duplicate' ? '1' : null;
  const received = moment(e.assigned_at) - 3600;
  world.reports.push({ id, org: ORG, category: '1', received, answered, duplicate_of });
}

// An outgoing document; finished by somebody's 06, or with `who` null only promulgated.
function issue(world, number, when, who, more = {}) {
  const doc = outgoing(number, 1, { date: dateOf(when), ...more });
  world.documents.push(doc);
  if (who) world.statuses.push(status(doc, '06', when, who, doc.issuer));
  return { kind: 'document', issuer: doc.issuer, number, date: doc.date };
}

// A claim that fails for the reason which the page states.
function tellEmptyClaim(world, e, told) {
  const next = told.created + 86400;
  const name = `${told.code}/KC`;
  const named = {
    other_unit: () => [issue(world, name, next, 'me', { issuer: 'H26.102' })],
    other_person: () => [issue(world, name, next, 'other')],
    before_assignment: () => [issue(world, name, told.created - 86400, 'me')],
    instruction: () => [(told.instruction = issue(world, name, next, 'me'))],
    'nothing named': () => [],
  }[e.verdict ?? 'nothing named'];
  told.claims.push({ at: dateOf(told.due), results: named() });
}

function tellCompletion(world, c, told, i) {
  const when = moment(c.at);
  assert.equal(c.quantity ?? '1', '1');
  if (c.level === 'confirmed')
    told.acceptance = { at: endOf(when), by: BY, ...(isBare(when) ? { delivered: when } : {}) };
  else issue(world, `${told.code}-${i}/BC`, when, isBare(when) ? null : 'me', { task_codes: [told.code] });
}

const reasonOf = (r) => (r.major ? 'SAI_NOI_DUNG' : r.known === false ? 'CHUA_BIET' : 'SAI_THE_THUC');

function taskOf(e, code) {
  const extensions = (code === e.key.split(':')[2] ? e.extensions : e.task_extensions) ?? [];
  return task(code, {
    type: typeOfTask.get(e.product),
    assigner: e.self_set ? { account: 'a.me' } : BY,
    created: moment(e.assigned_at),
    due: moment(e.task_due ?? e.due),
    quantity: Number(e.quantity ?? 1),
    claims: [],
    returns: (e.returns ?? []).map((r) => ({ at: moment(r.at), by: BY, reason: reasonOf(r) })),
    extensions: extensions.map((x) => ({ at: moment(x.given_at), by: BY, due: moment(x.new_due) })),
    recall: e.recall ? { at: moment(e.recall.at), by: BY } : null,
  });
}

function tellTask(world, e, code) {
  const told = taskOf(e, code);
  world.tasks.push(told);
  e.completions.forEach((c, i) => tellCompletion(world, c, told, i));
  if (e.claims_only) tellEmptyClaim(world, e, told);
  const inAll = e.accepted_in_all;
  if (inAll) told.acceptance = { at: moment(inAll.at), by: BY, quantity: Number(inAll.quantity) };
  const { accepted, ...now } = e.said_now ?? {};
  sayAnew(told, now);
  if (accepted) {
    told.said_before = [{ acceptance: told.acceptance }];
    told.acceptance = { ...told.acceptance, at: moment(accepted) };
  }
  if (e.names_report) {
    const { id, received, answered, said_now } = e.names_report;
    const said = { id, org: ORG, category: '1', received: moment(received), answered: moment(answered), duplicate_of: null };
    world.reports.push(sayAnew(said, said_now));
    told.claims.push({ at: dateOf(said.received + 3 * 86400), results: [{ kind: 'report', id }] });
  }
  if (e.held !== 'conflict') return;
  const colleague = `${code}-khac`;
  world.tasks.push({ ...told, code: colleague, lead: { account: 'a.other' } });
  issue(world, `${code}/BC`, told.created + 86400, null, { task_codes: [code, colleague] });
}

// A task that names a dossier or a report, on the day on which that was finished.
function tellJoined(world, e, kind, id) {
  const code = e.aliases.find((a) => a.startsWith('task:')).split(':')[2];
  const told = taskOf(e, code);
  const day = dateOf(moment(e.completions[0]?.at ?? e.left.at));
  told.claims.push({ at: day, results: [{ kind, id }] });
  world.tasks.push(told);
}

// A task of several that names, on the day of the last, the dossiers which are its units.
function tellSeveral(world, events) {
  for (const code of new Set(events.map((e) => e.unit_of?.task).filter(Boolean))) {
    const units = events.filter((e) => e.unit_of?.task === code);
    const told = taskOf({ ...units[0], quantity: units[0].unit_of.quantity }, code);
    const day = dateOf(Math.max(...units.map((e) => moment(e.completions[0].at))));
    told.claims.push({ at: day, results: units.map((e) => ({ kind: 'dossier', id: e.key.split(':')[2] })) });
    world.tasks.push(told);
  }
}

function tell(world, e) {
  const [kind, , id] = e.key.split(':');
  if (kind === 'document') return tellHandling(world, e);
  if (kind === 'task') return tellTask(world, e, id);
  if (kind === 'dossier') tellDossier(world, e, id);
  else tellReport(world, e, id);
  if (e.kind === 'task' && !e.unit_of) tellJoined(world, e, kind, id);
}

// Somebody whose sheet comes to this class or status.
function tellManaged(world, outcome, person, period) {
  const { directory, people, assessments, tasks } = world;
  const points = { excellent: '30', awaiting_assessment: null }[outcome];
  const done = { not_completed: 1, completed: 8 }[outcome] ?? 10;
  const own = directory.memberships.find((m) => m.person === 'other');
  people.push({ id: person, name: person, group: 'civil_servant' });
  directory.memberships.push({ ...own, person, manager: 'me' });
  directory.accounts.push({ ...directory.accounts[0], person, account: `a.${person}` });
  if (points !== null) assessments.push({ person, period, general: { a: points ?? '0' } });
  if (outcome === 'insufficient_data') return;
  const acceptance = { at: endOfPeriod(period) - 86400, by: BY, quantity: done };
  const created = endOfPeriod(period) - 9 * 86400;
  const due = addDays(dateOf(created), 8);
  const lead = { account: `a.${person}` };
  tasks.push(task(`T-${person}`, { lead, created, due, quantity: 10, acceptance }));
}

function worldOf({ subject, period, events, managed = [] }, group) {
  const world = tinyWorld();
  const me = world.people.find((p) => p.id === 'me');
  me.group = group;
  if (subject.leading) world.directory.memberships.find((m) => m.person === 'me').role = 'head';
  const [label] = world.directory.labels;
  for (const person of ['me', 'other']) world.directory.labels.push({ ...label, person, label: TWO_OWNERS });
  const { organising, unity } = subject.leadership ?? {};
  const general = subject.general === undefined ? undefined : { a: subject.general };
  world.assessments = [{ person: 'me', period, general, organising, unity }];
  for (const e of events) tell(world, e);
  tellSeveral(world, events);
  managed.forEach((outcome, i) => tellManaged(world, outcome, `m${i}`, period));
  return world;
}

const sheetIn = (world, period, person = 'me') =>
  truthFor(world, period, endOfPeriod(period)).sheets.find((s) => s.person === person);

const pick = (from, names) => Object.fromEntries(names.map((n) => [n, from[n] ?? null]));
const STANDING = ['assigned', 'completed', 'late', 'quality_failures', 'carried_over', 'no_deadline'];
const LINE = ['product', 'coefficient', 'assigned', 'completed', 'late', 'quality_failures'];

// What the page states and what /truth counts, in one shape.
function stated({ events, subject, period, expect, managed }) {
  const stand = events.filter((e) => e.standing[period]);
  assert.equal(stand.length, subject.lines.length);
  const keysOf = (test) => events.filter(test).map((e) => e.key).sort();
  return {
    standing: events.map((e) => [e.key, e.standing]),
    aliases: events.map((e) => [e.key, e.aliases ?? []]),
    lines: subject.lines.map((l, i) =>
      pick({ late: 0, quality_failures: 0, ...l, product: stand[i].product }, LINE),
    ),
    held: keysOf((e) => e.held && e.held !== 'unresolved lead'),
    claims: keysOf((e) => e.claims_only),
    expect,
    managed: managed ?? [],
  };
}

function counted({ events, subject, period, managed = [] }) {
  const own = worldOf({ events, subject, period, managed }, subject.group);
  // Items stand whatever the rule book of their lead is; only a civil servant's sheet lists them.
  const listed = worldOf({ events, subject, period, managed }, 'civil_servant');
  const lineOf = (key, p) => sheetIn(listed, p).lines.find((l) => l.key === key);
  const standsIn = (e) => (p) => [p, lineOf(e.key, p) ? pick(lineOf(e.key, p), STANDING) : null];
  const items = itemsAt(countable(own), endOfPeriod('2026-12'));
  const lines = events.map((e) => lineOf(e.key, period)).filter(Boolean);
  const sheet = sheetIn(own, period);
  const points = { results_points: sheet.results_points?.exact ?? null, total: sheet.total?.exact ?? null };
  return {
    standing: events.map((e) => [e.key, Object.fromEntries(Object.keys(e.standing).map(standsIn(e)))]),
    aliases: events.map((e) => [e.key, items.find((i) => i.key === e.key)?.aliases]),
    lines: lines.map((l) => pick(l, LINE)),
    held: sheet.held,
    claims: sheet.claims_not_counting,
    expect: { ...pick(sheet, ['status', ...FIGURES, 'class_by_score']), ...points },
    managed: managed.map((_, i) => {
      const s = sheetIn(own, period, `m${i}`);
      return s.class_by_score ?? s.status;
    }),
  };
}

test('the page holds an example for every one of its sections', () => {
  const sections = page.match(/^## \d+\. /gm);
  assert.ok(sections.length >= 12);
  assert.equal(examples.length, sections.length);
});

for (const example of examples) {
  test(`${example.name}: /truth comes to the figures worked out by hand`, () => {
    assert.deepEqual(counted(example), stated(example));
  });
}
