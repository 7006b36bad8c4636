// Planted cases about people: held items, the shared label, the move, statuses of sheets.

import { documentRef, dossierKey, taskKey } from './builder.mjs';
import { addDays, at } from './time.mjs';

// Held items stay with the two people cast for them.
export function plantHeldCases(stage) {
  const { city } = stage;
  const [one, two] = city.cast.held;
  const unit = city.staffed[1].unit.id;
  const held = (name, person, items) =>
    city.plant(name, { items, people: [person], expect: { 0: 'held' }, klass: 'held' });
  heldDocument(stage, held, one, unit);
  heldDossiers(stage, held, two, unit);
  heldTasks(stage, held, one, two, unit);
}

function heldDocument(stage, held, person, unit) {
  const made = stage.city.handling({
    unit,
    type: 'Thư công',
    date: stage.day(0, 3),
    due: stage.day(0, 20),
    steps: [
      ['04', stage.at(0, 4), null],
      ['06', stage.at(0, 10), person],
    ],
  });
  held('held_document_without_product', person, [made.key]);
}

function heldDossiers(stage, held, person, unit) {
  const start = stage.at(0, 3);
  const make = (name, rows, more = {}) =>
    held(name, person, [
      dossierKey(
        stage.city.dossier({
          unit,
          received: start,
          due: stage.at(0, 19),
          rows: [['2', start, 'desk'], ['4', start + 3600, person], ...rows],
          ...more,
        }),
      ),
    ]);
  make('held_dossier_stopped_8', [['8', stage.at(0, 9), person]]);
  make('held_synthetic_end_with_nothing_behind', [
    ['4', stage.at(0, 9), person],
    ['9', stage.at(0, 9), { label: 'Hệ thống' }],
  ]);
  make('held_dossier_without_product', [['9', stage.at(0, 9), person]], { procedure: '1.009999' });
}

function heldTasks(stage, held, one, two, unit) {
  const { city } = stage;
  const task = (lead, more = {}) =>
    city.task({ lead, created: stage.at(0, 4), due: stage.day(0, 22), ...more });
  const result = (lead) =>
    city.outgoing({ unit, date: stage.day(0, 12), type: 'Báo cáo', finished: [[stage.at(0, 12), lead]] });
  const shared = result(one);
  const pair = [task(one), task(one)];
  for (const t of pair) t.claims.push({ at: stage.day(0, 13), results: [documentRef(shared)] });
  held('held_two_tasks_on_one_result', one, pair.map(taskKey));
  const greedy = task(two);
  greedy.claims.push({ at: stage.day(0, 13), results: [documentRef(result(two)), documentRef(result(two))] });
  held('held_one_task_with_two_results', two, [taskKey(greedy)]);
  held('held_task_without_product', two, [taskKey(task(two, { type: 'NV99' }))]);
}

// A dossier closed on a day when two people could sign with one label.
function sharedLabel(stage) {
  const { city } = stage;
  const { label, from } = city.sharedLabel;
  const unit = city.staffed[1].unit.id;
  const make = (day) => {
    const start = at(addDays(day, -2), '09:00:00');
    const rows = [
      ['2', start, 'desk'],
      ['4', start + 3600, null],
      ['9', at(day, '10:30:00'), { label }],
    ];
    return dossierKey(city.dossier({ unit, received: start, due: at(addDays(day, 6), '17:00:00'), rows }));
  };
  city.plant('ambiguous_label', {
    items: [make(addDays(from, 1))],
    people: city.cast.twins,
    expect: { 0: 'held' },
    klass: 'unresolved',
  });
  city.plant('two_people_of_one_name', {
    items: [make(addDays(from, 5))],
    people: [city.cast.twins[0]],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
  const own = city.label(city.cast.twins[1], unit, from);
  const start = at(addDays(from, -1), '08:00:00');
  const second = city.dossier({
    unit,
    received: start,
    due: at(addDays(from, 8), '17:00:00'),
    rows: [
      ['2', start, 'desk'],
      ['9', at(addDays(from, 2)), { label: own, person: city.cast.twins[1] }],
    ],
  });
  city.plant('two_people_of_one_name_second', {
    items: [dossierKey(second)],
    people: [city.cast.twins[1]],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
}

// The transfer: items stay with their lead; backing looks at the unit then or now.
function moves(stage) {
  const { city } = stage;
  const { moved } = city.cast;
  const { from, to, lastDay } = city.move;
  const before = addDays(lastDay, -6),
    after = addDays(lastDay, 5),
    due = addDays(lastDay, 9);
  const handled = city.handling({
    unit: from,
    type: 'Báo cáo',
    date: before,
    due,
    steps: [
      ['04', at(before, '09:00:00'), null],
      ['05', at(before, '10:00:00'), moved],
      ['06', at(after, '10:00:00'), moved, 'email'],
    ],
  });
  const expect = { '-1': '1/1', 0: null };
  city.plant('moved_person_finishes_in_old_unit', {
    items: [handled.key],
    people: [moved],
    expect,
    klass: 'completed',
  });
  for (const [name, unit] of [
    ['moved_person_result_of_old_unit', from],
    ['moved_person_result_of_new_unit', to],
  ]) {
    const task = city.task({ lead: moved, created: at(before, '09:30:00'), due });
    const doc = city.outgoing({
      unit,
      date: after,
      type: 'Báo cáo',
      finished: [[at(after, '11:00:00'), null]],
    });
    task.claims.push({ at: after, results: [documentRef(doc)] });
    city.plant(name, { items: [taskKey(task)], people: [moved], expect, klass: 'completed' });
  }
}

function unknownAccount(stage) {
  const { city } = stage;
  const { person, unit } = stage.anybody();
  const task = city.task({ lead: person, created: stage.at(0, 4), due: stage.day(0, 20) });
  task.lead = { person: null, account: 'taikhoan.la' };
  task.unit = unit;
  city.plant('task_of_unknown_account', { items: [taskKey(task)], klass: 'unresolved' });
}

function coordinators(stage) {
  const { city } = stage;
  const cast = stage.anybody();
  const task = city.task({ lead: cast.person, created: stage.at(0, 4), due: stage.day(0, 20) });
  const helper = stage.colleague(cast);
  task.coordinators = [
    { code: 'H26.12', account: null },
    { code: city.unitById.get(cast.unit).codes.at(-1).code, account: city.account(helper, stage.day(0, 4)) },
  ];
  task.acceptance = { at: stage.at(0, 15), by: task.assigner };
  city.plant('task_with_coordinators', {
    items: [taskKey(task)],
    people: [cast.person],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
}

export function plantPeopleCases(stage) {
  const { city } = stage;
  sharedLabel(stage);
  moves(stage);
  unknownAccount(stage);
  coordinators(stage);
  const { cast } = city;
  city.plant('sheet_insufficient_data', { people: [cast.idle] });
  city.plant('sheet_awaiting_assessment', { people: [cast.unassessed] });
  city.plant('sheet_leader_without_organising', { people: [cast.unassessedLeader] });
  city.plant('sheet_awaiting_data', { people: cast.held });
  city.plant('sheet_not_applicable', { people: [cast.publicEmployee, cast.contract, cast.cadre] });
  city.plant('sheet_excellent', { people: [cast.star] });
  city.plant('sheet_not_completed', { people: [cast.weak] });
  city.plant('unit_with_one_person', { people: [cast.single] });
}
