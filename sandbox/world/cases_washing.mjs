// Planted attempts to wash something clean, or to count it twice: a task of several over late dossiers, duplicates, an
// acceptance of one's own, a withdrawal behind a late end. Beside each stands what must not change.

import { documentRef, dossierKey, dossierRef, reportKey, reportRef } from './builder.mjs';
import { plainTask } from './cases_tasks.mjs';
import { codeOf } from './places.mjs';
import { addDays } from './time.mjs';

const claim = (stage, t, when, results) => t.claims.push({ at: stage.day(...when), results });

// Rows: [status, [month, day, time?], who]; who null: the official of the case.
function made(stage, cast, { received, due, rows }) {
  return stage.city.dossier({
    unit: cast.unit,
    received: stage.at(...received),
    due: Array.isArray(due) ? stage.at(...due, '17:00:00') : due,
    rows: [
      ['2', stage.at(...received), 'desk'],
      ['4', stage.at(...received) + 3600, cast.person],
      ...rows.map(([status, when, who]) => [status, stage.at(...when), who ?? cast.person]),
    ],
  });
}

const finished = (stage, cast, received, due, done) =>
  made(stage, cast, { received, due, rows: [['9', done, null]] });

function several(stage) {
  const { city } = stage;
  const late = (cast) => finished(stage, cast, [0, 1], [0, 5], [0, 9]);
  const name = (t, when, list) => claim(stage, t, when, list.map(dossierRef));
  const dossiers = (which, cast, list, expect) =>
    city.plant(which, { items: list.map(dossierKey), people: [cast.person], expect, klass: 'completed' });
  const base = { created: [0, 8], due: [0, 27], cast: stage.committee() };

  const all = plainTask(stage, 'several_over_late_dossiers', {
    ...base,
    quantity: 2,
    expect: { 0: null },
    klass: 'none',
    set: (t, cast) => {
      const list = [late(cast), late(cast)];
      name(t, [0, 12], list);
      return { list };
    },
  });
  dossiers('several_over_late_dossiers_keep_them_late', all.cast, all.extra.list, { 0: '1/1 L1', 1: null });

  const some = plainTask(stage, 'several_over_one_late_dossier', {
    ...base,
    quantity: 3,
    expect: { 0: '1/2 F1' },
    klass: 'assigned',
    set: (t, cast) => {
      const list = [late(cast), finished(stage, cast, [0, 3], [0, 20], [0, 10])];
      name(t, [0, 12], list);
      t.returns.push({ at: stage.at(0, 8, '09:45:00'), by: t.assigner, reason: 'SAI_NOI_DUNG' });
      return { list: list.slice(0, 1) };
    },
  });
  dossiers('several_over_one_late_dossier_keep_it_late', some.cast, some.extra.list, { 0: '1/1 L1' });

  const before = plainTask(stage, 'several_over_dossiers_of_the_month_before', {
    ...base,
    created: [-1, 15],
    quantity: 2,
    expect: { '-1': null, 0: null },
    klass: 'none',
    set: (t, cast) => {
      const list = [17, 18].map((d) => finished(stage, cast, [-1, 12], [-1, 24], [-1, d]));
      name(t, [0, 3], list);
      return { list };
    },
  });
  dossiers('several_of_the_month_before_stand_there_only', before.cast, before.extra.list, { '-1': '1/1', 0: null });
}

function duplicates(stage) {
  const { city } = stage;
  const { cast, extra } = plainTask(stage, 'several_over_duplicates', {
    created: [0, 4],
    due: [0, 20],
    quantity: 3,
    type: 'NV07',
    expect: { 0: '1/1' },
    klass: 'completed',
    cast: stage.committee(),
    set: (t, mine) => {
      const report = (of = null) =>
        city.report({ unit: mine.unit, received: stage.at(0, 5, '08:00:00'), answered: stage.at(0, 11), duplicate_of: of });
      const first = report();
      const rest = [report(first.id), report(first.id)];
      claim(stage, t, [0, 13], [first, ...rest].map(reportRef));
      return { rest };
    },
  });
  city.plant('several_duplicates_leave', { items: extra.rest.map(reportKey), people: [cast.person], expect: { 0: null }, klass: 'left' });
}

// By whom, how much of it, and when.
function acceptances(stage) {
  const { city } = stage;
  const moved = { person: city.cast.moved, unit: city.move.to, staffed: city.staffed[2] };
  const base = { created: [0, 2], due: [0, 20], expect: { 0: '0/1' }, klass: 'assigned' };
  const by = (account) => (t) => {
    t.acceptance = { at: stage.at(0, 9), by: { person: null, account } };
  };
  const old = city.account(moved.person, addDays(city.move.lastDay, -1));
  plainTask(stage, 'accepted_by_own_closed_account', { ...base, cast: moved, set: by(old) });
  plainTask(stage, 'accepted_by_nobody_known', {
    ...base,
    cast: { person: city.cast.held[0], unit: city.staffed[1].unit.id, staffed: city.staffed[1] },
    set: by('nguoi.la'),
    expect: { 0: 'held' },
    klass: 'held',
  });
  plainTask(stage, 'assigned_by_nobody_known', { ...base, assigner: { person: null, account: 'nguoi.la' } });
  plainTask(stage, 'accepted_quantity_with_results', {
    ...base,
    quantity: 4,
    expect: { 0: '2/4' },
    set: (t, cast) => {
      const doc = () => city.outgoing({ unit: t.unit, date: stage.day(0, 9), type: 'Báo cáo', finished: [[stage.at(0, 9), cast.person]] });
      claim(stage, t, [0, 10], [doc(), doc()].map(documentRef));
      t.acceptance = { at: stage.at(0, 15), by: t.assigner, quantity: 2 };
    },
  });
  plainTask(stage, 'accepted_before_it_is_delivered', {
    created: [-1, 5],
    due: [-1, 26],
    expect: { '-1': '0/1', 0: '1/1 L1 C' },
    klass: 'completed',
    set: (t) => {
      t.acceptance = { at: stage.at(-1, 25), by: t.assigner, delivered: stage.day(0, 2) };
    },
  });
}

function withdrawals(stage) {
  const { city } = stage;
  const plant = (which, due, rows, expect, klass) => {
    const cast = stage.committee();
    const dossier = made(stage, cast, { received: [0, 1], due, rows });
    city.plant(which, { items: [dossierKey(dossier)], people: [cast.person], expect, klass });
  };
  const nine = ['9', [0, 12], null];
  const withdrawn = (day) => ['7', [0, day], 'desk'];
  plant('dossier_withdrawn_behind_a_late_end', [0, 5], [nine, withdrawn(13)], { 0: '1/1 L1' }, 'completed');
  plant('dossier_withdrawn_behind_an_end_in_time', [0, 15], [nine, withdrawn(13)], { 0: '1/1' }, 'completed');
  plant('dossier_reopened_and_withdrawn_late', [0, 5], [nine, ['4', [0, 13], null], withdrawn(14)], { 0: 'held' }, 'held');
  plant('dossier_reopened_and_withdrawn', [0, 15], [nine, ['4', [0, 13], null], withdrawn(14)], { 0: null }, 'left');

  const handled = (which, due, answers, expect, klass) => {
    const cast = stage.committee();
    const { document, key } = city.handling({
      unit: cast.unit,
      steps: [['04', stage.at(0, 4), null], ['06', stage.at(0, 15), cast.person]],
      date: stage.day(0, 3),
      due: stage.day(0, due),
    });
    const org = codeOf(city.unitById.get(cast.unit));
    for (const [code, day] of answers) city.status(document, code, code === '13' ? document.issuer : org, stage.at(0, day));
    city.plant(which, { items: [key], people: [cast.person], expect, klass });
  };
  handled('document_refused_behind_a_late_end', 10, [['02', 16]], { 0: '1/1 L1' }, 'completed');
  handled('document_recalled_behind_a_late_end', 10, [['13', 16], ['15', 17]], { 0: '1/1 L1' }, 'completed');
  handled('document_refused_before_its_end', 10, [['02', 9]], { 0: null }, 'left');
}

// Sent back, finished again by a colleague: that end is the colleague's.
function endOfAnother(stage) {
  const { city } = stage;
  const cast = stage.committee();
  const dossier = made(stage, cast, {
    received: [0, 5],
    due: [0, 24],
    rows: [
      ['9', [0, 10], null],
      ['4', [0, 12], null],
      ['9', [0, 14], stage.colleague(cast)],
    ],
  });
  plainTask(stage, 'returned_and_finished_by_a_colleague', {
    created: [0, 4],
    due: [0, 25],
    expect: { 0: '0/1 F1' },
    klass: 'claimed_only',
    cast,
    set: (t) => {
      claim(stage, t, [0, 15], [dossierRef(dossier)]);
      t.returns.push({ at: stage.at(0, 11), by: t.assigner, reason: 'SAI_NOI_DUNG' });
    },
  });
  city.plant('returned_and_finished_by_a_colleague_leaves_the_dossier', {
    items: [dossierKey(dossier)],
    people: [cast.person],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
}

// A deadline known to the day; the clock stood for two days of 24 hours: the last day of the month is still that day.
function waitToTheLastDay(stage) {
  const { city } = stage;
  const cast = stage.committee();
  const dossier = made(stage, cast, {
    received: [-1, 5],
    due: addDays(stage.day(-1, 'last'), -2),
    rows: [
      ['5', [-1, 10, '08:00:00'], null],
      ['4', [-1, 12, '08:00:00'], null],
    ],
  });
  city.plant('wait_moves_a_day_to_the_last_of_the_month', {
    items: [dossierKey(dossier)],
    people: [cast.person],
    expect: { '-1': '0/1', 0: '0/1 L1 C' },
    klass: 'assigned',
  });
}

export function plantWashingCases(stage) {
  several(stage);
  duplicates(stage);
  acceptances(stage);
  withdrawals(stage);
  endOfAnother(stage);
  waitToTheLastDay(stage);
}
