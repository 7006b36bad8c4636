// One sheet per person and period under Decree 335/2025 as section 4a reads it: ratios a,
// b, c of converted quantities, d from the managed persons, K of 70, total of 100.

import { coefficientOn } from '../world/products.mjs';
import { dateOf } from '../world/time.mjs';
import {
  ONE,
  ZERO,
  add,
  compare,
  decimal,
  div,
  exact,
  max,
  min,
  mul,
  ratio,
  sub,
  sum,
  twoDecimals,
} from './ratio.mjs';
import { closedGates, closes } from './gates.mjs';
import { standing } from './items.mjs';

const RATE = ratio(1, 4);
const HALF = ratio(1, 2);
const SEVENTY = ratio(70);
const BANDS = [
  ['excellent', 90],
  ['good', 70],
  ['completed', 50],
  ['not_completed', 0],
];
const WAITING = ['awaiting_data', 'awaiting_assessment'];

function lineOf(item, stands) {
  const coefficient = coefficientOn(item.product, dateOf(item.assigned));
  if (coefficient === null) return null;
  return { ...stands, coefficient };
}

// What one person has in a period: lines, held keys, claims that do not count.
// `items` are those that have not left.
function collect(items, period) {
  const byPerson = new Map();
  const of = (person) => {
    if (!byPerson.has(person)) byPerson.set(person, { lines: [], held: [], claims: [] });
    return byPerson.get(person);
  };
  for (const item of items) {
    const stands = standing(item, period);
    if (!stands) continue;
    if (item.lead.state === 'ambiguous')
      for (const person of item.lead.candidates) of(person).held.push(item.key);
    if (item.lead.state === 'resolved') place(of(item.lead.person), item, stands);
  }
  return byPerson;
}

function place(mine, item, stands) {
  const line = item.held.length || item.selfSet ? null : lineOf(item, stands);
  if (item.held.length || (!line && !item.selfSet)) mine.held.push(item.key);
  if (line) mine.lines.push(line);
  const listed = item.selfSet ? item.claimed : item.claimFails && !item.whole;
  if (listed && !item.held.length) mine.claims.push(item.key);
}

// a, b, c over the lines; null without any.
export function components(lines) {
  let assigned = ZERO,
    a = ZERO,
    b = ZERO,
    c = ZERO;
  for (const line of lines) {
    const k = decimal(line.coefficient);
    const done = min(ratio(line.completed), ratio(line.assigned));
    const left = (faults) => max(ZERO, sub(done, mul(RATE, ratio(faults))));
    assigned = add(assigned, mul(k, ratio(line.assigned)));
    a = add(a, mul(k, done));
    b = add(b, mul(k, left(line.quality_failures)));
    c = add(c, mul(k, left(line.late)));
  }
  return compare(assigned, ZERO) === 0
    ? null
    : { a: div(a, assigned), b: div(b, assigned), c: div(c, assigned) };
}

const classOfTotal = (total) => BANDS.find(([, from]) => compare(total, ratio(from)) >= 0)[0];

const generalOf = (row) => (row?.general ? sum(Object.values(row.general).map(decimal)) : null);

// d from the managed persons' sheets: {value} or {waits: status}. The rule asks for the class
// after bars; no authority bars anybody in this city, so the class by score is that class.
function unitResults(sheets) {
  const counted = sheets.filter((s) => s.status !== 'insufficient_data' && s.status !== 'not_applicable');
  const waits = WAITING.find((status) => counted.some((s) => s.status === status));
  if (waits) return { waits };
  if (!counted.length) return { waits: 'awaiting_data' };
  return { value: counted.some((s) => s.class_by_score === 'not_completed') ? HALF : ONE };
}

export class Sheets {
  constructor(world, items, period, asOf) {
    this.world = world;
    this.day = dateOf(asOf - 1e-6);
    this.work = collect(items, period);
    this.gates = closedGates(world, period, this.day);
    this.firstDay = `${period}-01`;
    this.assessments = new Map(
      world.assessments.filter((a) => a.period === period).map((a) => [a.person, a]),
    );
    this.groups = new Map(world.people.map((p) => [p.id, p.group]));
    this.managed = this.directReports();
    this.done = new Map();
  }

  directReports() {
    const map = new Map();
    for (const { id } of this.world.people) {
      const manager = this.world.dir.postOf(id, this.day)?.manager;
      if (manager) map.set(manager, [...(map.get(manager) ?? []), id]);
    }
    return map;
  }

  all() {
    return this.world.people
      .filter((p) => this.world.dir.postOf(p.id, this.day))
      .map((p) => this.sheet(p.id))
      .sort((x, y) => (x.person < y.person ? -1 : 1));
  }

  // Every post held in the period: what is lost of an earlier one may be theirs too.
  postsIn(person) {
    const held = (m) => (!m.from || m.from <= this.day) && (!m.to || m.to >= this.firstDay);
    return (this.world.dir.posts.get(person) ?? []).filter(held);
  }

  // Managed persons first; the directory has no cycle.
  sheet(person) {
    if (!this.done.has(person)) this.done.set(person, this.make(person));
    return this.done.get(person);
  }

  make(person) {
    const post = this.world.dir.postOf(person, this.day);
    const leading = post.role !== 'member';
    const sheet = {
      person,
      unit: post.unit,
      status: null,
      leading,
      gated: false,
      ...BLANK,
      lines: [],
      held: [],
      claims_not_counting: [],
    };
    if (this.groups.get(person) !== 'civil_servant') return { ...sheet, status: 'not_applicable' };
    const mine = this.work.get(person) ?? { lines: [], held: [], claims: [] };
    sheet.gated = this.gates.some((gate) => this.postsIn(person).some((held) => closes(gate, held)));
    sheet.lines = mine.lines.sort((x, y) => (x.key < y.key ? -1 : 1));
    sheet.held = mine.held.sort();
    sheet.claims_not_counting = mine.claims.sort();
    const under = leading ? unitResults((this.managed.get(person) ?? []).map((p) => this.sheet(p))) : {};
    return fill(sheet, this.assessments.get(person), under);
  }
}

const BLANK = {
  a: null,
  b: null,
  c: null,
  d: null,
  dd: null,
  e: null,
  results_points: null,
  total: null,
  class_by_score: null,
};

// The first status that fits.
function statusOf(sheet, terms, general, under) {
  if (sheet.gated || sheet.held.length || under.waits === 'awaiting_data') return 'awaiting_data';
  if (!sheet.lines.length) return 'insufficient_data';
  const missing =
    general === null || under.waits || (sheet.leading && (terms.dd === null || terms.e === null));
  return missing ? 'awaiting_assessment' : 'scored';
}

function fill(sheet, assessment, under) {
  const general = generalOf(assessment);
  const abc = components(sheet.lines) ?? { a: null, b: null, c: null };
  const given = (text) => (sheet.leading && text !== undefined ? decimal(text) : null);
  const terms = {
    ...abc,
    d: under.value ?? null,
    dd: given(assessment?.organising),
    e: given(assessment?.unity),
  };
  sheet.status = statusOf(sheet, terms, general, under);
  for (const [name, value] of Object.entries(terms)) sheet[name] = value && exact(value);
  const points = resultsPoints(sheet, terms);
  sheet.results_points = points && { exact: exact(points) };
  if (sheet.status !== 'scored') return sheet;
  const total = add(points, general);
  sheet.total = { exact: exact(total), text: twoDecimals(total) };
  sheet.class_by_score = classOfTotal(total);
  return sheet;
}

// K over the items on hand: null while one of its terms is; provisional until the sheet is scored.
function resultsPoints(sheet, terms) {
  const used = sheet.leading ? Object.values(terms) : [terms.a, terms.b, terms.c];
  if (used.includes(null)) return null;
  return mul(div(sum(used), ratio(used.length)), SEVENTY);
}

// The printed form of a line.
export function printedLine(line) {
  return { ...line, assigned: String(line.assigned), completed: String(line.completed) };
}
