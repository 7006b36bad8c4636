// Ordinary months: what an official's work looks like when nothing is being tested.
// Every item starts in the month that it belongs to; some end late, later, or never.

import { DOCUMENT_TYPES, PROCEDURES, REPORT_CATEGORIES } from './products.mjs';
import { WRITES_OUTSIDE, codeOf } from './places.mjs';
import { chance } from './rng.mjs';
import { addDays, at, dateOf, firstDay, lastDay } from './time.mjs';
import { sendThrough } from './sender.mjs';
import { documentRef, dossierRef, reportRef } from './builder.mjs';

const DOC_TYPES = Object.keys(DOCUMENT_TYPES).filter((t) => DOCUMENT_TYPES[t]);
const PROCEDURE_IDS = Object.keys(PROCEDURES).filter((id) => PROCEDURES[id].product);
const TASK_WEIGHTS = [
  ['NV01', 40],
  ['NV02', 20],
  ['NV03', 6],
  ['NV05', 8],
  ['NV09', 6],
  ['NV08', 2],
  ['NV10', 1],
  ['NV04', 1],
];
const CATEGORIES = [...Object.keys(REPORT_CATEGORIES), null];

// How an item of this person ends: [kind, weight], by diligence.
const ENDINGS = {
  star: [
    ['early', 70],
    ['on_time', 30],
  ],
  good: [
    ['early', 38],
    ['on_time', 48],
    ['late', 8],
    ['next_month', 3],
    ['never', 3],
  ],
  plain: [
    ['early', 25],
    ['on_time', 45],
    ['late', 16],
    ['next_month', 8],
    ['never', 6],
  ],
  weak: [
    ['on_time', 20],
    ['late', 20],
    ['next_month', 15],
    ['never', 45],
  ],
};

// The moments of one item: assigned, due date, finished (or null).
function schedule(ctx, { first, last }) {
  const { city, rng } = ctx;
  const span = daysBetween(first, last);
  const assigned = addDays(first, rng.int(0, Math.max(0, Math.floor(span * 0.6))));
  const due = addDays(assigned, rng.int(4, Math.max(5, Math.min(14, daysBetween(assigned, last)))));
  const ending = rng.weighted(ENDINGS[ctx.diligence]);
  return { assigned, due, finished: finishDate(rng, ending, assigned, due, city), ending };
}

function finishDate(rng, ending, assigned, due) {
  if (ending === 'never') return null;
  if (ending === 'late') return addDays(due, rng.int(1, 6));
  if (ending === 'next_month') return addDays(lastDay(due.slice(0, 7)), rng.int(1, 20));
  const room = Math.max(1, daysBetween(assigned, due));
  return ending === 'early'
    ? addDays(assigned, rng.int(1, Math.max(1, room - 2)))
    : addDays(due, -rng.int(0, 1));
}

const daysBetween = (a, b) => Math.round((at(b) - at(a)) / 86400);

// Somebody who leaves the unit finishes there first (what crosses a move is planted).
function clamp(ctx, plan) {
  const end = ctx.until;
  if (!end || !plan.finished || plan.finished <= end) return plan;
  return { ...plan, finished: plan.assigned < end ? end : null };
}

export function handlingFlow(ctx) {
  const { city, rng, person, unit } = ctx;
  const plan = clamp(ctx, schedule(ctx, ctx.month));
  const when = (date) => city.workTime(rng, date);
  const outside = rng.pick(WRITES_OUTSIDE);
  const four = when(plan.assigned);
  const steps = [
    ['03', four - rng.int(600, 3000), null],
    ['04', four, ctx.boss],
  ];
  if (rng.bool(0.15) && ctx.colleague) steps.push(['05', four + rng.int(400, 900), ctx.colleague]);
  steps.push(['05', four + rng.int(1000, 4000), person]);
  if (plan.finished) steps.push(['06', Math.max(when(plan.finished), four + 7200), person]);
  const made = city.handling({
    unit,
    issuer: outside.code,
    steps,
    date: addDays(plan.assigned, -rng.int(0, 2)),
    type: rng.pick(DOC_TYPES),
    due: rng.bool(0.1) ? null : plan.due,
    notation: rng.pick(['VP-TH', 'KH', 'UBND-NC', 'SNV-CCVC', 'BC']),
  });
  const fate = rng.next();
  const receiver = codeOf(city.unitById.get(unit));
  if (fate < 0.015) city.status(made.document, '02', receiver, four + 5000);
  else if (fate < 0.045)
    recallDocument(ctx, made.document, receiver, four + 86400 * 2, fate < 0.03 ? '15' : '16');
  else reviseDocument(city, made.document, receiver, four);
}

// The issuer sends it again: with a later deadline, as recalled (refused, mostly), or replaced by another
// under which the work is then finished.
function reviseDocument(city, document, receiver, four) {
  const fate = chance(city.seed, 'revised', document.n);
  const when = four + 86400;
  const later = (days) => document.due && addDays(document.due, days);
  if (fate < 0.03) city.revise(document, 'update', when, { due: later(3) });
  else if (fate < 0.04) {
    city.revise(document, 'recall', when);
    city.status(document, fate < 0.034 ? '15' : '16', receiver, when + 9000);
  } else if (fate < 0.06) replaceDocument(city, document, receiver, when);
}

function replaceDocument(city, document, receiver, when) {
  const of = (s) => s.number === document.number && s.issuer === document.issuer && s.from === receiver;
  const done = city.statuses.find((s) => s.code === '06' && of(s));
  if (!done || done.at < when + 7200) return;
  const due = document.due && addDays(document.due, 2);
  const anew = city.replacement([document], { date: dateOf(when), due });
  city.status(anew, '03', receiver, when + 3600);
  Object.assign(done, { number: anew.number, date: anew.date });
}

function recallDocument(ctx, document, receiver, when, answer) {
  ctx.city.status(document, '13', document.issuer, when, null, {
    to: ctx.rng.bool(0.5) ? receiver : document.issuer,
  });
  ctx.city.status(document, answer, receiver, when + 7200);
}

export function dossierFlow(ctx) {
  const { city, rng, person, unit } = ctx;
  const plan = clamp(ctx, schedule(ctx, ctx.month));
  const received = city.workTime(rng, plan.assigned);
  const rows = [
    ['2', received, 'desk'],
    ['4', received + rng.int(600, 1800), rng.bool(0.05) ? null : person],
  ];
  if (ctx.colleague && rng.bool(0.1)) rows.push(['4', received + 1900, ctx.colleague]);
  rows.push(['4', received + rng.int(2000, 3000), person]);
  const more = { received, rows, procedure: rng.pick(PROCEDURE_IDS), due: at(plan.due, '17:00:00') };
  const fate = rng.next();
  if (plan.finished)
    finishDossier(ctx, more, Math.max(city.workTime(rng, plan.finished), received + 9000), fate);
  else if (fate < 0.3) more.rows.push([rng.pick(['3', '7']), received + 86400, person]);
  if (fate > 0.96)
    more.other = `${rng.int(16 ** 5, 16 ** 6 - 1).toString(16)}${rng.int(16 ** 5, 16 ** 6 - 1).toString(16)}`;
  sendThrough(city, city.dossier({ unit, ...more }));
}

function finishDossier(ctx, dossier, finished, fate) {
  const { rng, person } = ctx;
  const handed = finished + rng.int(3600, 90000);
  const roomy = finished - dossier.received > 86400;
  if (!roomy) fate = 0.5;
  if (fate < 0.05) addWait(rng, dossier, finished, person, fate < 0.03);
  else if (fate < 0.08) dossier.supplements = [extension(dossier.due, dossier.received + 40000)];
  if (fate > 0.9 && fate < 0.94) {
    syntheticEnd(dossier, finished, fate < 0.92 ? { ended: finished } : {}, handed, person);
    return;
  }
  dossier.rows.push(['9', finished, person]);
  dossier.ended = finished;
  if (rng.bool(0.7)) {
    dossier.rows.push(['10', handed, 'desk']);
    dossier.returned = handed;
  }
}

// The sender added a "finished" row in the second of the row before; something true stands behind it.
function syntheticEnd(dossier, finished, ended, handed, person) {
  const last = finished - 5000;
  dossier.rows.push(['4', last, person], ['9', last, { label: 'Hệ thống' }]);
  if (ended.ended && dateOf(finished).slice(0, 7) === dateOf(last).slice(0, 7)) dossier.ended = ended.ended;
  else {
    const sameMonth = dateOf(handed).slice(0, 7) === dateOf(last).slice(0, 7);
    dossier.rows.push(['10', sameMonth ? handed : last + 600, 'desk']);
    dossier.returned = sameMonth ? handed : last + 600;
  }
}

function addWait(rng, dossier, finished, person, withNew) {
  const from = dossier.received + 10000;
  const to = from + Math.max(3600, Math.floor((finished - from) * 0.5));
  dossier.rows.push([rng.pick(['5', '6']), from, person], ['4', to, person]);
  const newDue = Math.max(dossier.due, to) + 86400 * 3;
  dossier.supplements = [{ requested: from, received: to, new_due: withNew ? newDue : null }];
}

const extension = (due, when) => ({ requested: when, received: null, new_due: due + 86400 * 5 });

// --- tasks

export function taskFlow(ctx) {
  const { city, rng, person } = ctx;
  const plan = schedule(ctx, ctx.month);
  const created = city.workTime(rng, plan.assigned);
  const base = {
    lead: person,
    created,
    due: rng.bool(0.05) ? null : plan.due,
    type: rng.weighted(TASK_WEIGHTS),
    instruction: rng.bool(0.3)
      ? { number: `${rng.int(1, 900)}/CT-UBND`, date: addDays(plan.assigned, -3) }
      : null,
  };
  if (plan.finished && ctx.until && plan.finished > ctx.until) plan.finished = null;
  const way = rng.weighted([
    ['document', 45],
    ['accepted', 22],
    ['dossier', ctx.dossiers ? 12 : 0],
    ['report', ctx.dossiers ? 8 : 0],
    ...(ctx.diligence === 'star'
      ? []
      : [
          ['unbacked', 5],
          ['quantity', 4],
          ['self', 2],
        ]),
    ['recalled', 2],
  ]);
  WAYS[way](ctx, base, plan);
}

const after = (ctx, created, date) => Math.max(ctx.city.workTime(ctx.rng, date), created + 3600);
const claimOn = (date, ...results) => ({ at: date, results });

const WAYS = {
  document(ctx, base, plan) {
    const { city, rng, person } = ctx;
    const task = city.task(base);
    if (!plan.finished) return;
    const done = after(ctx, base.created, plan.finished);
    const byTaskCode = rng.bool(0.5);
    const doc = city.outgoing({
      unit: task.unit,
      date: plan.finished,
      type: rng.pick(DOC_TYPES),
      taskCodes: byTaskCode ? [task.code] : [],
      finished: rng.bool(0.8) ? [[done, rng.bool(0.7) ? person : null]] : [],
    });
    const silent = byTaskCode && rng.bool(0.3);
    const on = addDays(plan.finished, rng.int(0, 1));
    if (!silent)
      task.claims.push(
        claimOn(on, ...(byTaskCode && rng.bool(0.5) ? [] : [documentRef(doc, rng.bool(0.9))])),
      );
    if (!silent && rng.bool(0.08)) sendBack(ctx, task, on);
    else if (!silent && rng.bool(0.12)) extend(ctx, task, plan.finished);
  },

  accepted(ctx, base, plan) {
    const { city, rng } = ctx;
    const task = city.task(base);
    if (!plan.finished) return;
    const when = after(ctx, base.created, plan.finished) + 4000;
    if (rng.bool(0.6)) task.claims.push(claimOn(plan.finished));
    const delivered = rng.bool(0.4) ? plan.finished : null;
    task.acceptance = {
      at: delivered ? when + 86400 : when,
      by: task.assigner,
      ...(delivered ? { delivered } : {}),
    };
    if (rng.bool(0.12)) extend(ctx, task, plan.finished);
  },

  dossier(ctx, base, plan) {
    const { city, rng, person, unit } = ctx;
    const received = base.created - rng.int(4000, 90000);
    const rows = [
      ['2', received, 'desk'],
      ['4', received + 700, person],
    ];
    const finished = plan.finished && after(ctx, base.created, plan.finished);
    if (finished) rows.push(['9', finished, person]);
    const dossier = city.dossier({
      unit,
      received,
      rows,
      procedure: rng.pick(PROCEDURE_IDS),
      due: at(addDays(plan.due, rng.int(-1, 2)), '17:00:00'),
      ended: finished,
    });
    const task = city.task({ ...base, type: 'NV06' });
    if (finished) task.claims.push(claimOn(plan.finished, dossierRef(dossier)));
  },

  report(ctx, base, plan) {
    const { city, rng, unit } = ctx;
    const finished = plan.finished && after(ctx, base.created, plan.finished);
    const report = city.report({
      unit,
      received: base.created - rng.int(4000, 90000),
      category: rng.pick(CATEGORIES),
      answered: finished,
    });
    const task = city.task({ ...base, due: base.due ?? plan.due, type: 'NV07' });
    if (finished) task.claims.push(claimOn(plan.finished, reportRef(report)));
  },

  unbacked(ctx, base, plan) {
    const { city, rng } = ctx;
    const task = city.task({
      ...base,
      instruction: base.instruction ?? {
        number: `${rng.int(1, 900)}/CT-UBND`,
        date: addDays(plan.assigned, -3),
      },
    });
    const named = rng.pick([
      [],
      [{ kind: 'document', ...task.instruction }],
      [{ kind: 'document', number: `${rng.int(9000, 9999)}/KC`, date: plan.due }],
    ]);
    task.claims.push(claimOn(plan.finished ?? plan.due, ...named));
  },

  quantity(ctx, base, plan) {
    const { city, rng, person } = ctx;
    const quantity = rng.int(2, 4);
    const task = city.task({ ...base, quantity });
    if (!plan.finished) return;
    const docs = Array.from({ length: rng.int(1, quantity) }, () =>
      city.outgoing({
        unit: task.unit,
        date: plan.finished,
        type: 'Báo cáo',
        taskCodes: [task.code],
        finished: [[after(ctx, base.created, plan.finished), person]],
      }),
    );
    task.claims.push(claimOn(plan.finished, ...docs.map((d) => documentRef(d))));
  },

  recalled(ctx, base) {
    const task = ctx.city.task(base);
    task.recall = { at: base.created + 90000, by: task.assigner };
  },

  self(ctx, base, plan) {
    const task = ctx.city.task({
      ...base,
      assigner: ctx.rng.bool(0.5) ? null : ctx.city.actor(ctx.person, dateOf(base.created)),
    });
    task.claims.push(claimOn(plan.finished ?? plan.due));
  },
};

// A new deadline, given the day before the old one or the day after it, while the work is open.
function extend(ctx, task, finished) {
  if (!task.due) return;
  const given = addDays(task.due, ctx.rng.bool(0.7) ? -1 : 1);
  if (given <= dateOf(task.created) || finished <= given) return;
  task.extensions.push({ at: at(given, '09:00:00'), by: task.assigner, due: addDays(task.due, 4) });
}

// Sent back two days after the claim; most people then finish again with a new document.
function sendBack(ctx, task, claimedOn) {
  const { city, rng, person } = ctx;
  const back = at(addDays(claimedOn, 2), '09:30:00');
  const reason = rng.pick(['SAI_NOI_DUNG', 'SAI_CAN_CU', 'SAI_THE_THUC', 'BO_SUNG']);
  task.returns.push({ at: back, by: task.assigner, reason });
  if (rng.bool(0.25)) return;
  const date = addDays(dateOf(back), rng.int(1, 3));
  if (ctx.until && date > ctx.until) return;
  const doc = city.outgoing({
    unit: task.unit,
    date,
    type: 'Báo cáo',
    finished: [[after(ctx, back, date), person]],
  });
  task.claims.push(claimOn(date, documentRef(doc)));
}

// --- one month of everybody

function diligenceOf(city, person) {
  if (person === city.cast.star) return 'star';
  if (person === city.cast.weak) return 'weak';
  return city.rng('diligence', person).weighted([
    ['star', 22],
    ['good', 50],
    ['plain', 26],
    ['weak', 2],
  ]);
}

function quiet(city, person, period) {
  const { cast, periods } = city;
  if (person === cast.idle) return true;
  return person === cast.idleOnce && period === periods[Math.max(0, periods.length - 2)];
}

function flowFor(ctx) {
  const { rng, dossiers } = ctx;
  return rng.weighted([
    [handlingFlow, dossiers ? 30 : 42],
    [dossierFlow, dossiers ? 32 : 0],
    [taskFlow, dossiers ? 38 : 58],
  ]);
}

function monthOf(city, post, period) {
  const first = post.from > firstDay(period) ? post.from : firstDay(period);
  const until = post.to && post.to < lastDay(period) ? post.to : null;
  return { first, last: until ?? lastDay(period), until: post.to ?? null };
}

function personMonth(city, staffed, post, period) {
  const { person } = post;
  const month = monthOf(city, post, period);
  if (quiet(city, person, period) || month.first > month.last) return;
  const rng = city.rng('month', person, post.unit, period);
  const colleagues = staffed.posts
    .filter((p) => p.person !== person && !p.to && p.from < '2026-01-01')
    .map((p) => p.person);
  const dossiers = post.fed_by.includes('dvc') && !city.cast.twins.includes(person);
  const ctx = {
    city,
    rng,
    person,
    unit: post.unit,
    month,
    until: month.until,
    dossiers,
    boss: post.manager,
    colleague: safeColleague(city, rng, colleagues),
    diligence: diligenceOf(city, person),
  };
  const items = post.role === 'member' ? rng.int(6, 10) : rng.int(3, 5);
  for (let i = 0; i < items; i++) flowFor(ctx)(ctx);
}

// The two people of one name have rows of their own in the planted cases only.
function safeColleague(city, rng, colleagues) {
  const list = colleagues.filter((p) => !city.cast.twins.includes(p));
  return list.length ? rng.pick(list) : null;
}

function unitReports(city, unit, period) {
  const rng = city.rng('reports', unit.id, period);
  for (let i = rng.int(3, 6); i > 0; i--) {
    const received = city.workTime(rng, addDays(firstDay(period), rng.int(0, 27)));
    const answered = rng.bool(0.75) ? received + rng.int(4000, 86400 * 6) : null;
    const listed = answered === null ? 'open' : rng.bool(0.15) ? 'both' : 'handled';
    city.report({ unit: unit.id, received, category: rng.pick(CATEGORIES), answered, listed });
  }
}

export function ordinaryMonths(city) {
  for (const period of city.periods) {
    for (const staffed of city.staffed) {
      for (const post of staffed.posts) personMonth(city, staffed, post, period);
      if (staffed.unit.axis === 'committee' && staffed.unit.ward) unitReports(city, staffed.unit, period);
    }
  }
}
