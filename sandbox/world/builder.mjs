// The city as true events. Everything that the platforms will later render and that /truth
// counts is added through this class; it invents numbers, ids and the keys by which a
// platform would name a person that day. World objects are plain data (see README).

import { Rng, chance } from './rng.mjs';
import { codeOf, makeOrganisationCodes, makeUnits } from './places.mjs';
import { DESK, RECEIVED } from './sender.mjs';
import { CITY_OFFICE } from './people.mjs';
import { at, dateOf, addDays } from './time.mjs';

const WORK_FROM = 7 * 3600 + 1800,
  WORK_TO = 17 * 3600;
const PLACEHOLDER = 'Chuyên viên';

const within = (row, date) => (!row.from || row.from <= date) && (!row.to || date <= row.to);

export class City {
  constructor(seed, officials, periods, tricks = true) {
    Object.assign(this, { seed, officials, periods, tricks });
    this.units = makeUnits();
    this.unitById = new Map(this.units.map((u) => [u.id, u]));
    this.organisation_codes = makeOrganisationCodes(this.units);
    this.documents = [];
    this.statuses = [];
    this.revisions = [];
    this.dossiers = [];
    this.reports = [];
    this.tasks = [];
    this.bad = [];
    this.cases = {};
    this.counters = new Map();
  }

  count(name) {
    const n = (this.counters.get(name) ?? 0) + 1;
    this.counters.set(name, n);
    return n;
  }

  // The present name of the unit with this code; undefined for bodies outside the city.
  nameOfCode(code) {
    this.nameIndex ??= new Map(this.units.flatMap((u) => u.codes.map((c) => [c.code, u.name])));
    return this.nameIndex.get(code);
  }

  // Code -> its notation of the first generation, where there is one.
  formerCodes() {
    this.formerIndex ??= new Map(
      this.organisation_codes.filter((r) => r.relation === 'same').map((r) => [r.code, r.old_code]),
    );
    return this.formerIndex;
  }

  // --- people as platforms name them

  unitOf(person, date) {
    return this.postOf(person, date)?.unit ?? null;
  }

  postOf(person, date) {
    return this.postsByPerson()
      .get(person)
      ?.find((m) => within(m, date));
  }

  postsByPerson() {
    this.postIndex ??= Map.groupBy
      ? Map.groupBy(this.directory.memberships, (m) => m.person)
      : this.directory.memberships.reduce(
          (map, m) => map.set(m.person, [...(map.get(m.person) ?? []), m]),
          new Map(),
        );
    return this.postIndex;
  }

  rowsOf(kind, person) {
    this.rowIndex ??= {};
    this.rowIndex[kind] ??= this.directory[kind].reduce(
      (map, row) => map.set(row.person, [...(map.get(row.person) ?? []), row]),
      new Map(),
    );
    return this.rowIndex[kind].get(person) ?? [];
  }

  account(person, date) {
    return this.rowsOf('accounts', person).find((row) => within(row, date) && !row.account.endsWith('.phu'))
      .account;
  }

  label(person, unit, date) {
    const row = this.rowsOf('labels', person).find((r) => r.unit === unit && within(r, date));
    return row ? row.label : this.personById.get(person).name;
  }

  // StaffInfo of a status message: mostly staff code and address, sometimes only one of
  // them, sometimes a staff code that the directory does not know.
  staff(person, unit, date, style) {
    const p = this.personById.get(person);
    const code = this.rowsOf('staff_codes', person).find(
      (r) => r.issuer === codeOf(this.unitById.get(unit)) && within(r, date),
    );
    const email = this.rowsOf('emails', person)[0].address;
    const how = style ?? this.staffStyle(person, unit, date);
    return {
      person,
      name: p.name,
      unit,
      code: how === 'email' ? '' : how === 'strange' || !code ? `X-${p.id}` : code.code,
      email: how === 'code' && code ? '' : email,
    };
  }

  staffStyle(person, unit, date) {
    const x = chance(this.seed, 'staff', person, unit, date);
    return x < 0.55 ? 'both' : x < 0.75 ? 'code' : x < 0.92 ? 'email' : 'strange';
  }

  // --- documents

  number(issuer, notation) {
    return `${this.count(`number ${issuer}`)}/${notation}`;
  }

  document({
    issuer,
    date,
    type = 'Công văn',
    due = null,
    receivers,
    taskCodes = [],
    number,
    notation = 'UBND-VP',
    ...more
  }) {
    const n = this.count('document');
    const doc = {
      n,
      issuer,
      number: number ?? this.number(issuer, notation),
      date,
      type,
      due,
      receivers,
      task_codes: taskCodes,
      sent_at: at(date, '16:30:00') + (n % 3000),
      copies: 1,
      ...more,
    };
    this.documents.push(doc);
    return doc;
  }

  // The document sent again. `kind`: recall, update or replacement (of itself); `more`: what it says anew.
  revise(document, kind, sentAt, more = {}) {
    const revision = { n: this.count('revision'), document, kind, sent_at: sentAt, ...more };
    this.revisions.push(revision);
    return revision;
  }

  // Another document of any issuer that takes the place of these. `certain`: it names them by an id that
  // names one document.
  replacement(olds, { certain = true, ...doc }) {
    const replaces = olds.map((document) => ({ document, certain }));
    const { issuer, receivers, type } = olds[0];
    return this.document({ issuer, receivers, type, replaces, ...doc });
  }

  // `staff`: what staff() gave, or null. 13 comes from the issuer; `to` names whom it concerns.
  status(doc, code, from, when, staff = null, more = {}) {
    const status = {
      n: this.count('status'),
      code,
      from,
      issuer: doc.issuer,
      number: doc.number,
      date: doc.date,
      at: when,
      staff,
      arrives: when + 20 + (doc.n % 40),
      copies: 1,
      ...more,
    };
    this.statuses.push(status);
    return status;
  }

  // A document that one unit handles; steps: [code, moment, person or null, style?].
  handling({ unit, steps, issuer = 'G22', ...doc }) {
    const receiver = codeOf(this.unitById.get(unit));
    const document = this.document({ issuer, receivers: [receiver], ...doc });
    for (const [code, when, person, style] of steps) {
      this.status(
        document,
        code,
        receiver,
        when,
        person ? this.staff(person, unit, dateOf(when), style) : null,
      );
    }
    return { document, key: handlingKey(document, receiver) };
  }

  // An outgoing document of a unit; finished: [moment, person or null] of the issuer's own 06.
  outgoing({ unit, finished = [], receivers = ['H26.12'], ...doc }) {
    const issuer = codeOf(this.unitById.get(unit));
    const document = this.document({ issuer, receivers, ...doc });
    for (const [when, person] of finished) {
      this.status(document, '06', issuer, when, person ? this.staff(person, unit, dateOf(when)) : null);
    }
    return document;
  }

  // --- dossiers

  // rows: [status, moment, person | {label} | null]; null and 'desk' name nobody known.
  dossier({ unit, received, rows, procedure = '1.001193', due = null, ...more }) {
    const n = this.count('dossier');
    const date = dateOf(received);
    const org = more.org ?? codeOf(this.unitById.get(unit));
    const id = `${org}-${date.slice(2).replaceAll('-', '')}-${String(n).padStart(5, '0')}`;
    const dossier = {
      n,
      id,
      other: null,
      unit,
      procedure,
      received,
      due,
      supplements: [],
      status: null,
      ended: null,
      returned: null,
      ...more,
      rows: rows.map(([status, when, who]) => this.row(unit, status, when, who)),
    };
    this.dossiers.push(dossier);
    return dossier;
  }

  row(unit, status, when, who) {
    if (typeof who === 'string' && who !== 'desk') {
      return { status, at: when, person: who, label: this.label(who, unit, dateOf(when)) };
    }
    const desk = who === 'desk';
    const label = desk ? DESK : (who?.label ?? PLACEHOLDER);
    const says = desk && status === '2' ? { says: RECEIVED } : {};
    return { status, at: when, person: who?.person ?? null, label, ...says };
  }

  // --- reports and tasks

  report({ unit, received, category = '1', answered = null, ...more }) {
    const n = this.count('report');
    const report = {
      n,
      id: String(260000 + n),
      org: codeOf(this.unitById.get(unit)),
      unit,
      category,
      received,
      answered,
      duplicate_of: null,
      listed: answered === null ? 'open' : 'handled',
      ...more,
    };
    this.reports.push(report);
    return report;
  }

  task({ lead, created, assigner, due = null, type = 'NV01', ...more }) {
    const n = this.count('task');
    const date = dateOf(created);
    const unit = this.unitOf(lead, date);
    const task = {
      n,
      code: `NV-${date.slice(2, 4)}${date.slice(5, 7)}-${String(n).padStart(6, '0')}`,
      type,
      unit,
      lead: { person: lead, account: this.account(lead, date) },
      assigner: assigner === undefined ? this.actor(this.bossOf(lead, date), date) : assigner,
      created,
      due,
      quantity: 1,
      instruction: null,
      claims: [],
      returns: [],
      extensions: [],
      recall: null,
      acceptance: null,
      coordinators: [],
      ...more,
    };
    this.tasks.push(task);
    return task;
  }

  // Who acts in the task system: an account, and the person behind it.
  actor(person, date) {
    return person
      ? { person, account: this.account(person, date) }
      : { person: null, account: CITY_OFFICE };
  }

  bossOf(person, date) {
    return this.postOf(person, date)?.manager ?? null;
  }

  // --- planted cases

  // expect: month offset -> line of /truth in short ("1/1 L1 C"), null where it must not stand.
  // `honest`: [{item, person, line}] of the last month in a city without tricks.
  plant(name, { items = [], people = [], expect = {}, klass = null, marks = [], honest = null }) {
    if (this.cases[name]) throw new Error(`case planted twice: ${name}`);
    const more = { ...(marks.length ? { marks } : {}), ...(honest ? { honest } : {}) };
    this.cases[name] = { items, people, expect, class: klass, ...more };
  }

  // A moment within working hours of a date.
  workTime(rng, date) {
    return at(date) + rng.int(WORK_FROM, WORK_TO);
  }

  rng(...names) {
    return new Rng(this.seed, ...names);
  }
}

export const handlingKey = (doc, org) => `document:${doc.issuer}|${doc.number}|${doc.date}|${org}`;
export const dossierKey = (dossier) => `dossier:dvc:${dossier.id}`;
export const reportKey = (report) => `report:ihanoi:${report.id}`;
export const taskKey = (task) => `task:hanoiwork:${task.code}`;
export const documentRef = (doc, withIssuer = true) => ({
  kind: 'document',
  number: doc.number,
  date: doc.date,
  ...(withIssuer ? { issuer: doc.issuer } : {}),
});
export const dossierRef = (dossier) => ({ kind: 'dossier', id: dossier.id });
export const reportRef = (report) => ({ kind: 'report', id: report.id });
export { PLACEHOLDER, addDays };
