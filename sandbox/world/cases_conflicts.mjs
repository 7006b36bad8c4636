// Planted statements that cannot both be so (decision 0015). Each case is honest first; where the city plays
// tricks (`city.tricks`), the source then says something else. `honest`: the lines without the trick.
// Conflicts hold, and held items make a sheet wait: they are those two people's who wait anyway.

import { documentRef, dossierKey, dossierRef, reportKey, reportRef, taskKey } from './builder.mjs';
import { plainTask } from './cases_tasks.mjs';
import { codeOf } from './places.mjs';

const DUE = '17:00:00';
const SYSTEM = { label: 'Hệ thống' };
const HELD = { expect: { 0: 'held' }, klass: 'held' };

const castOf = ({ city }, i) => ({
  person: city.cast.held[i],
  unit: city.staffed[1].unit.id,
  staffed: city.staffed[1],
});

// What the source said before: the object as it is now, then changed.
export function sayAnew(city, thing, change) {
  if (!city.tricks) return;
  const before = Object.fromEntries(Object.keys(change).map((field) => [field, thing[field]]));
  thing.said_before = [...(thing.said_before ?? []), before];
  Object.assign(thing, change);
}

function plantHeld(stage, name, items, cast, line, more = {}) {
  const honest = items.map((item) => ({ item, person: cast.person, line }));
  stage.city.plant(name, { items, people: [cast.person], honest, ...HELD, ...more });
}

// --- dossiers: received on the 3rd, due on the 15th

function dossierOf(stage, cast, rows, more = {}) {
  const start = stage.at(0, 3);
  return stage.city.dossier({
    unit: cast.unit,
    received: start,
    due: stage.at(0, 15, DUE),
    rows: [
      ['2', start, 'desk'],
      ['4', start + 3600, cast.person],
      ...rows.map(([status, day, who = cast.person]) => [status, stage.at(0, day), who]),
    ],
    ...more,
  });
}

const addRow = (stage, dossier, status, when, person, more = {}) =>
  dossier.rows.push({ ...stage.city.row(dossier.unit, status, when, person), ...more });

function conflictOf(stage, name, line, dossier, cast, trick) {
  if (stage.city.tricks) trick(dossier);
  plantHeld(stage, `conflict_dossier_${name}`, [dossierKey(dossier)], cast, line);
}

function dossierDates(stage) {
  const { city } = stage;
  const cast = castOf(stage, 1);
  const late = () => dossierOf(stage, cast, [['9', 17]]);
  const closedBySystem = (day) =>
    dossierOf(stage, cast, [['4', 12], ['9', 12, SYSTEM]], { ended: stage.at(0, day) });
  conflictOf(stage, 'due_rewritten', '1/1 L1', late(), cast, (d) =>
    sayAnew(city, d, { due: stage.at(0, 20, DUE) }),
  );
  conflictOf(stage, 'due_taken_out', '1/1 L1', late(), cast, (d) => sayAnew(city, d, { due: null }));
  conflictOf(stage, 'received_rewritten', '1/1 L1', late(), cast, (d) =>
    sayAnew(city, d, { received: stage.at(0, 4) }),
  );
  conflictOf(stage, 'end_rewritten', '1/1 L1', closedBySystem(17), cast, (d) =>
    sayAnew(city, d, { ended: stage.at(0, 14) }),
  );
  conflictOf(stage, 'ended_before_receipt', '1/1', closedBySystem(14), cast, (d) => {
    d.ended = stage.at(0, 2);
  });
  conflictOf(stage, 'row_dated_back', '1/1 L1', late(), cast, (d) =>
    addRow(stage, d, '9', stage.at(0, 14), cast.person, { written: stage.at(0, 18) }),
  );
}

function reopened(stage) {
  const cast = castOf(stage, 1);
  conflictOf(stage, 'reopened', '1/1', dossierOf(stage, cast, [['9', 9]]), cast, (d) =>
    addRow(stage, d, '4', stage.at(0, 11), cast.person),
  );
  conflictOf(stage, 'closed_early_and_late', '1/1 L1', dossierOf(stage, cast, [['9', 17]]), cast, (d) => {
    addRow(stage, d, '9', stage.at(0, 9), cast.person);
    addRow(stage, d, '4', stage.at(0, 11), cast.person);
  });
  noConflict(stage, 'reopened_and_closed_in_time', '1/1', (own) =>
    dossierKey(dossierOf(stage, own, [['9', 9], ['4', 11], ['9', 13]])),
  );
  noConflict(stage, 'reopened_after_a_return', '1/1 F1', (own) => {
    const task = stage.city.task({ lead: own.person, created: stage.at(0, 2), due: stage.day(0, 20) });
    const dossier = dossierOf(stage, own, [['9', 9], ['4', 11], ['9', 14]]);
    task.claims.push({ at: stage.day(0, 14), results: [dossierRef(dossier)] });
    task.returns.push({ at: stage.at(0, 10, '09:45:00'), by: task.assigner, reason: 'SAI_NOI_DUNG' });
    return dossierKey(dossier);
  });
}

// Statements that only look like a conflict: an ordinary person's line.
function noConflict(stage, name, line, make) {
  const cast = stage.committee();
  const item = make(cast);
  stage.city.plant(`no_conflict_${name}`, {
    items: [item],
    people: [cast.person],
    honest: [{ item, person: cast.person, line }],
    expect: { 0: line },
    klass: 'completed',
  });
}

function twoOfficials(stage) {
  const { city } = stage;
  const [one, two] = [castOf(stage, 0), castOf(stage, 1)];
  const dossier = dossierOf(stage, one, [['9', 9]], { other: '6e21b0f49ad3c857' });
  if (city.tricks) addRow(stage, dossier, '9', stage.at(0, 9), two.person, { under_other: true });
  const item = dossierKey(dossier);
  city.plant('conflict_dossier_two_officials', {
    items: [item],
    people: [one.person, two.person],
    honest: [
      { item, person: one.person, line: '1/1' },
      { item, person: two.person, line: null },
    ],
    ...HELD,
  });
}

function sharedId(stage) {
  const { city } = stage;
  const casts = [castOf(stage, 0), castOf(stage, 1)];
  const dossiers = casts.map((cast) => dossierOf(stage, cast, [['9', 9]]));
  if (city.tricks) for (const d of dossiers) d.other = 'TN-2026-009999';
  casts.forEach((cast, i) =>
    plantHeld(stage, `conflict_dossier_ids_overlap_${i + 1}`, [dossierKey(dossiers[i])], cast, '1/1'),
  );
}

function correctedDossier(stage) {
  noConflict(stage, 'dossier_corrected', '1/1', (cast) => {
    const dossier = dossierOf(stage, cast, [['9', 14]]);
    const open = { status: '4' };
    if (stage.city.tricks)
      dossier.said_before = [open, { ...open, due: stage.at(0, 10, DUE) }];
    return dossierKey(dossier);
  });
  // NgayHenTra rewritten together with its NgayHenTraMoi, after the deadline: the first one was missed.
  noConflict(stage, 'dossier_due_and_new_due', '1/1 L1', (cast) => {
    const supplements = [{ requested: stage.at(0, 16), received: null, new_due: stage.at(0, 22, DUE) }];
    const dossier = dossierOf(stage, cast, [['9', 18]], { supplements });
    if (stage.city.tricks) {
      dossier.said_before = [{ due: dossier.due, supplements: [] }];
      dossier.due = stage.at(0, 22, DUE);
    }
    return dossierKey(dossier);
  });
}

// --- tasks

const accept = (stage, task, day, time = '16:05:00') => {
  task.acceptance = { at: stage.at(0, day, time), by: task.assigner };
};

function conflictOfTask(stage, name, line, { set, trick, ...more }) {
  const cast = castOf(stage, 0);
  const { task } = plainTask(stage, `conflict_task_${name}`, { created: [0, 3], due: [0, 10], cast, set, ...HELD, ...more });
  if (stage.city.tricks) trick(task);
  const planted = stage.city.cases[`conflict_task_${name}`];
  planted.honest = [{ item: taskKey(task), person: cast.person, line }];
}

function taskDates(stage) {
  const { city } = stage;
  const acceptedLate = (t) => accept(stage, t, 14);
  conflictOfTask(stage, 'due_rewritten', '1/1 L1', {
    set: acceptedLate,
    trick: (t) => sayAnew(city, t, { due: stage.day(0, 20) }),
  });
  conflictOfTask(stage, 'due_into_next_month', '0/1', {
    due: [0, 25],
    trick: (t) => sayAnew(city, t, { due: stage.day(1, 8) }),
  });
  conflictOfTask(stage, 'due_taken_out', '1/1 L1', {
    set: acceptedLate,
    trick: (t) => sayAnew(city, t, { due: null }),
  });
  conflictOfTask(stage, 'created_rewritten', '0/1', {
    created: [0, 6],
    due: [0, 20],
    set: (t, cast) => {
      const doc = city.outgoing({
        unit: t.unit,
        date: stage.day(0, 4),
        type: 'Báo cáo',
        finished: [[stage.at(0, 4, '15:10:00'), cast.person]],
      });
      t.claims.push({ at: stage.day(0, 12), results: [documentRef(doc)] });
    },
    trick: (t) => sayAnew(city, t, { created: stage.at(0, 2, '08:30:00') }),
  });
  conflictOfTask(stage, 'accepted_rewritten', '1/1 L1', {
    set: acceptedLate,
    trick: (t) => sayAnew(city, t, { acceptance: { ...t.acceptance, at: stage.at(0, 9) } }),
  });
  conflictOfTask(stage, 'accepted_before_created', '1/1', {
    set: (t) => accept(stage, t, 3),
    trick: (t) => accept(stage, t, 3, '07:00:00'),
  });
}

function noConflictOfTask(stage, name, line, { set, trick }) {
  noConflict(stage, `task_${name}`, line, (cast) => {
    const task = stage.city.task({ lead: cast.person, created: stage.at(0, 3), due: stage.day(0, 10) });
    set(task);
    if (stage.city.tricks) trick(task);
    return taskKey(task);
  });
}

function correctedTasks(stage) {
  noConflictOfTask(stage, 'corrected', '1/1', {
    set: (t) => accept(stage, t, 9),
    trick: (t) => {
      t.said_before = [{ acceptance: null }, { acceptance: null, due: stage.day(0, 20) }];
    },
  });
  noConflictOfTask(stage, 'due_and_extension', '1/1 L1', {
    set: (t) => {
      t.extensions.push({ at: stage.at(0, 12, '09:05:00'), by: t.assigner, due: stage.day(0, 16) });
      accept(stage, t, 15);
    },
    trick: (t) => {
      t.said_before = [{ extensions: [], acceptance: null }];
      sayAnewOnly(t, { due: stage.day(0, 16) });
    },
  });
}

// The last statement of all; what stands before it is kept.
function sayAnewOnly(thing, change) {
  for (const said of thing.said_before)
    for (const field of Object.keys(change)) if (!(field in said)) said[field] = thing[field];
  Object.assign(thing, change);
}

// --- reports, through the tasks that name them

function taskOnReport(stage, cast, report, claimed = 13) {
  const task = stage.city.task({
    lead: cast.person,
    created: stage.at(0, 2),
    due: stage.day(0, 10),
    type: 'NV07',
  });
  task.claims.push({ at: stage.day(0, claimed), results: report ? [reportRef(report)] : [] });
  return task;
}

function reports(stage) {
  const { city } = stage;
  const [one, two] = [castOf(stage, 0), castOf(stage, 1)];
  const made = (answered) => city.report({ unit: one.unit, received: stage.at(0, 6), answered: stage.at(0, answered) });
  const inConflict = (name, answered, line, trick) => {
    const report = made(answered);
    const task = taskOnReport(stage, one, report);
    if (city.tricks) trick(report);
    plantHeld(stage, `conflict_report_${name}`, [taskKey(task)], one, line, {
      honest: [{ item: reportKey(report), person: one.person, line }],
    });
    city.plant(`conflict_report_${name}_itself`, { items: [reportKey(report)], klass: 'held' });
  };
  inConflict('answer_rewritten', 12, '1/1 L1', (r) => sayAnew(city, r, { answered: stage.at(0, 9) }));
  inConflict('received_rewritten', 9, '1/1', (r) => sayAnew(city, r, { received: stage.at(0, 5) }));
  inConflict('answered_first', 9, '1/1', (r) => {
    r.answered = stage.at(0, 5);
  });

  const shared = made(9);
  const tasks = [taskOnReport(stage, one, shared), taskOnReport(stage, two, city.tricks ? shared : null)];
  const lines = ['1/1', '0/1'];
  [one, two].forEach((cast, i) =>
    plantHeld(stage, `conflict_two_people_on_one_report_${i + 1}`, [taskKey(tasks[i])], cast, null, {
      honest: [{ item: i ? taskKey(tasks[i]) : reportKey(shared), person: cast.person, line: lines[i] }],
    }),
  );
}

// --- documents: a handling, due on the 12th

function handled(stage, name, line, days, trick) {
  const cast = castOf(stage, 0);
  const { document, key } = stage.city.handling({
    unit: cast.unit,
    type: 'Công văn',
    date: stage.day(0, 3),
    due: stage.day(0, 12),
    steps: [
      ['04', stage.at(0, 4), null],
      ['06', stage.at(0, days), cast.person],
    ],
  });
  const org = codeOf(stage.city.unitById.get(cast.unit));
  if (stage.city.tricks) trick(document, org, cast);
  plantHeld(stage, `conflict_document_${name}`, [key], cast, line);
  return { key, cast };
}

function documents(stage) {
  const { city } = stage;
  const six = (doc, org, when, person, more) =>
    city.status(doc, '06', org, when, city.staff(person, city.staffed[1].unit.id, stage.day(0, 10), 'both'), more);
  handled(stage, 'due_rewritten', '1/1 L1', 15, (doc) =>
    city.revise(doc, 'new', doc.sent_at + 50, { due: stage.day(0, 20) }),
  );
  handled(stage, 'finished_before_assigned', '1/1', 10, (doc) => {
    city.statuses.find((s) => s.code === '04' && s.number === doc.number && s.issuer === doc.issuer).at = stage.at(0, 11);
  });
  handled(stage, 'end_dated_back', '1/1 L1', 14, (doc, org, cast) =>
    six(doc, org, stage.at(0, 11), cast.person, { arrives: stage.at(0, 16) }),
  );
  const { key, cast } = handled(stage, 'two_officials', '1/1', 10, (doc, org) =>
    six(doc, org, stage.at(0, 10), city.cast.held[1]),
  );
  const planted = city.cases.conflict_document_two_officials;
  planted.people = [cast.person, city.cast.held[1]];
  planted.honest.push({ item: key, person: city.cast.held[1], line: null });
}

export function plantConflictCases(stage) {
  dossierDates(stage);
  reopened(stage);
  twoOfficials(stage);
  sharedId(stage);
  correctedDossier(stage);
  taskDates(stage);
  correctedTasks(stage);
  reports(stage);
  documents(stage);
}
