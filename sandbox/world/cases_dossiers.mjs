// Planted dossiers of the one-stop system.

import { PLACEHOLDER, dossierKey } from './builder.mjs';
import { addDays, at } from './time.mjs';

// Received, taken up an hour later, and whatever `rows` adds. Rows: [status, [month, day, time?], who];
// who: 'me', 'other', 'desk', null (placeholder) or {label}.
function plain(
  stage,
  name,
  { received, due, rows = [], expect, klass, take = 'me', cast = stage.committee(), ...more },
) {
  const { city } = stage;
  const start = stage.at(...received);
  const whom = (who) => (who === 'me' ? cast.person : who === 'other' ? stage.colleague(cast) : who);
  const all = [['2', start, 'desk']];
  if (take) all.push(['4', start + 3600, whom(take)]);
  for (const [status, when, who] of rows) all.push([status, stage.at(...when), whom(who)]);
  const dossier = city.dossier({
    unit: cast.unit,
    received: start,
    due: due && stage.at(...due),
    rows: all,
    ...more,
  });
  city.plant(name, {
    items: [dossierKey(dossier)],
    people: [cast.person],
    expect,
    klass: klass ?? (rows.some((r) => r[0] === '9') ? 'completed' : 'assigned'),
  });
  return { dossier, cast };
}

const DUE_TIME = '17:00:00';

function deadlines(stage) {
  const nine = (...when) => ['9', when, 'me'];
  plain(stage, 'dossier_on_time', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    rows: [nine(0, 14)],
    expect: { 0: '1/1' },
  });
  plain(stage, 'dossier_late', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    rows: [nine(0, 17)],
    expect: { 0: '1/1 L1' },
  });
  plain(stage, 'dossier_on_the_second', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    rows: [nine(0, 15, DUE_TIME)],
    expect: { 0: '1/1' },
  });
  plain(stage, 'dossier_second_late', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    rows: [nine(0, 15, '17:00:01')],
    expect: { 0: '1/1 L1' },
  });
  plain(stage, 'dossier_early_in_another_month', {
    received: [-1, 20],
    due: [0, 5, DUE_TIME],
    rows: [nine(-1, 27)],
    expect: { '-1': null, 0: '1/1' },
  });
  plain(stage, 'dossier_unfinished', { received: [0, 5], due: [0, 22, DUE_TIME], expect: { 0: '0/1' } });
  plain(stage, 'dossier_carried_twice', {
    received: [-2, 8],
    due: [-2, 22, DUE_TIME],
    rows: [nine(0, 4)],
    expect: { '-2': '0/1', '-1': '0/1 L1 C', 0: '1/1 L1 C', 1: null },
  });
  plain(stage, 'dossier_done_at_cut_off', {
    received: [0, 18],
    due: [0, 'last', DUE_TIME],
    rows: [nine(1, 1, '00:00:00')],
    expect: { 0: '1/1 L1', 1: null },
  });
}

const supplement = (stage, requested, received, newDue) => ({
  requested: stage.at(...requested),
  received: received && stage.at(...received),
  new_due: newDue && stage.at(...newDue),
});

function waits(stage) {
  const from = (code, ...when) => [code, when, 'me'];
  plain(stage, 'wait_with_new_deadline', {
    received: [0, 2],
    due: [0, 10, DUE_TIME],
    rows: [from('5', 0, 8), from('4', 0, 14), from('9', 0, 19)],
    expect: { 0: '1/1' },
    supplements: [supplement(stage, [0, 8], [0, 14], [0, 20, DUE_TIME])],
  });
  plain(stage, 'wait_without_new_deadline', {
    received: [0, 2],
    due: [0, 10, DUE_TIME],
    rows: [from('5', 0, 8), from('4', 0, 11), from('9', 0, 13, '16:00:00')],
    expect: { 0: '1/1' },
    supplements: [supplement(stage, [0, 8], [0, 11], null)],
  });
  plain(stage, 'wait_without_new_deadline_late', {
    received: [0, 2],
    due: [0, 10, DUE_TIME],
    rows: [from('6', 0, 8), from('4', 0, 11), from('9', 0, 13, '17:00:01')],
    expect: { 0: '1/1 L1' },
  });
  plain(stage, 'wait_begun_after_missed_deadline', {
    received: [0, 1],
    due: [0, 5, DUE_TIME],
    rows: [from('5', 0, 8), from('4', 0, 10), from('9', 0, 18)],
    expect: { 0: '1/1 L1' },
    supplements: [supplement(stage, [0, 8], [0, 10], [0, 20, DUE_TIME])],
  });
  plain(stage, 'wait_open_at_cut_off', {
    received: [0, 20],
    due: [0, 28, DUE_TIME],
    rows: [from('5', 0, 25), from('4', 1, 3), from('9', 1, 8)],
    expect: { 0: null, 1: '1/1' },
    klass: 'assigned',
    supplements: [supplement(stage, [0, 25], [1, 3], [1, 10, DUE_TIME])],
  });
  plain(stage, 'wait_5_then_6_is_one', {
    received: [0, 2],
    due: [0, 10, DUE_TIME],
    rows: [from('5', 0, 8), from('6', 0, 9), from('4', 0, 12), from('9', 0, 14, '16:59:00')],
    expect: { 0: '1/1' },
  });
  plain(stage, 'two_waits', {
    received: [0, 1],
    due: [0, 9, DUE_TIME],
    rows: [from('5', 0, 4), from('4', 0, 6), from('5', 0, 8), from('4', 0, 11), from('9', 0, 14, '16:00:00')],
    expect: { 0: '1/1' },
  });
  plain(stage, 'dossier_extended_before_deadline', {
    received: [0, 2],
    due: [0, 10, DUE_TIME],
    rows: [from('9', 0, 14)],
    expect: { 0: '1/1' },
    supplements: [supplement(stage, [0, 9], null, [0, 15, DUE_TIME])],
  });
  plain(stage, 'dossier_extended_after_deadline', {
    received: [0, 2],
    due: [0, 10, DUE_TIME],
    rows: [from('9', 0, 14)],
    expect: { 0: '1/1 L1' },
    supplements: [supplement(stage, [0, 11], null, [0, 15, DUE_TIME])],
  });
  plain(stage, 'dossier_extended_into_next_month', {
    received: [-1, 12],
    due: [-1, 25, DUE_TIME],
    rows: [from('9', 0, 8)],
    expect: { '-1': null, 0: '1/1' },
    supplements: [supplement(stage, [-1, 24], null, [0, 9, DUE_TIME])],
  });
}

function leads(stage) {
  plain(stage, 'dossier_lead_is_who_set_9', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    take: 'other',
    rows: [['9', [0, 9], 'me']],
    expect: { 0: '1/1' },
  });
  plain(stage, 'dossier_open_lead_is_last_4', {
    received: [0, 3],
    due: [0, 24, DUE_TIME],
    take: 'other',
    rows: [['4', [0, 6], 'me']],
    expect: { 0: '0/1' },
  });
  plain(stage, 'dossier_placeholder_at_4', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    take: null,
    rows: [
      ['4', [0, 5], null],
      ['9', [0, 9], 'me'],
    ],
    expect: { 0: '1/1' },
  });
  plain(stage, 'dossier_placeholder_at_9', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    take: null,
    rows: [
      ['4', [0, 5], null],
      ['9', [0, 9], { label: PLACEHOLDER }],
    ],
    expect: { 0: null },
    klass: 'unresolved',
  });
  plain(stage, 'dossier_first_row_only', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    take: null,
    expect: { 0: null },
    klass: 'unresolved',
  });
  plain(stage, 'dossier_unknown_label', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    rows: [['9', [0, 9], { label: 'Người Lạ Mặt' }]],
    expect: { 0: null },
    klass: 'unresolved',
  });
  const { city } = stage;
  const long = { person: city.cast.longName, unit: city.staffed[0].unit.id, staffed: city.staffed[0] };
  plain(stage, 'dossier_label_cut', {
    received: [0, 3],
    due: [0, 15, DUE_TIME],
    rows: [['9', [0, 9], 'me']],
    expect: { 0: '1/1' },
    cast: long,
  });
}

function ends(stage) {
  const nine = ['9', [0, 9], 'me'];
  const base = { received: [0, 3], due: [0, 15, DUE_TIME] };
  plain(stage, 'dossier_not_received_3', {
    ...base,
    rows: [['3', [0, 4], 'me']],
    expect: { 0: null },
    klass: 'left',
  });
  plain(stage, 'dossier_withdrawn_7', {
    ...base,
    rows: [['7', [0, 4], 'me']],
    expect: { 0: null },
    klass: 'left',
  });
  plain(stage, 'synthetic_end_with_end_time', {
    ...base,
    rows: [
      ['4', [0, 12], 'me'],
      ['9', [0, 12], { label: 'Hệ thống' }],
    ],
    ended: stage.at(0, 14),
    expect: { 0: '1/1' },
    klass: 'completed',
  });
  plain(stage, 'synthetic_end_with_later_10', {
    ...base,
    rows: [
      ['4', [0, 12], 'me'],
      ['9', [0, 12], { label: 'Hệ thống' }],
      ['10', [0, 16], 'desk'],
    ],
    expect: { 0: '1/1 L1' },
    klass: 'completed',
  });
  plain(stage, 'synthetic_end_at_receipt_without_deadline', {
    received: [0, 3],
    due: null,
    rows: [
      ['9', [0, 3], { label: 'Hệ thống' }],
      ['10', [0, 8], 'desk'],
    ],
    expect: { 0: '1/1 N' },
    klass: 'completed',
  });
  plain(stage, 'synthetic_end_then_real_9', {
    ...base,
    rows: [
      ['4', [0, 5], 'other'],
      ['9', [0, 5], { label: 'Hệ thống' }],
      ['9', [0, 11], 'me'],
    ],
    ended: stage.at(0, 5),
    expect: { 0: '1/1' },
  });
  plain(stage, 'dossier_only_10', {
    ...base,
    rows: [['10', [0, 12], 'desk']],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
  plain(stage, 'dossier_without_rows', {
    ...base,
    ...{ rows: [], bare: true },
    status: '10',
    returned: stage.at(0, 12),
    expect: { 0: null },
    klass: 'unresolved',
  });
  plain(stage, 'dossier_without_rows_ended', {
    ...base,
    rows: [],
    bare: true,
    status: '9',
    ended: stage.at(0, 11),
    expect: { 0: null },
    klass: 'unresolved',
  });
  for (const d of stage.city.dossiers) if (d.bare) d.rows = [];
  names(stage, base, nine);
}

function names(stage, base, nine) {
  const two = plain(stage, 'dossier_under_two_ids', {
    ...base,
    rows: [nine],
    other: '9f3ac41d77e05b21',
    expect: { 0: '1/1' },
  });
  two.dossier.rows[2].under_other = true;
  plain(stage, 'dossier_second_id_names_first', {
    ...base,
    rows: [nine],
    other: '1b7d20c4e9aa3f06',
    named_by: 'other',
    expect: { 0: '1/1' },
  });
  plain(stage, 'dossier_old_code_in_number', {
    ...base,
    rows: [nine],
    org: '000.00.50.H26',
    expect: { 0: '1/1' },
  });
  for (const procedure of ['1.001193', '2.000815', '1.012753']) {
    plain(stage, `dossier_procedure_${procedure}`, {
      ...base,
      rows: [nine],
      procedure,
      expect: { 0: '1/1' },
    });
  }
  for (const [name, date] of [
    ['dossier_last_day_of_edition', '2026-05-15'],
    ['dossier_first_day_of_edition', '2026-05-16'],
  ]) {
    const { person, unit } = stage.committee();
    const start = at(date, '09:20:00');
    const rows = [
      ['2', start, 'desk'],
      ['4', start + 3600, person],
      ['9', start + 86400, person],
    ];
    const dossier = stage.city.dossier({
      unit,
      received: start,
      due: at(addDays(date, 6), DUE_TIME),
      rows,
      procedure: '1.001776',
    });
    stage.city.plant(name, { items: [dossierKey(dossier)], people: [person], klass: 'completed' });
  }
}

export function plantDossierCases(stage) {
  deadlines(stage);
  waits(stage);
  leads(stage);
  ends(stage);
}
