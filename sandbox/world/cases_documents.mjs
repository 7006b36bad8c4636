// Planted document handlings.

import { codeOf } from './places.mjs';
import { addDays } from './time.mjs';

// A handling by the next official, in one line. `marks`: [month, day, time?] of 04, due, 06.
export function plain(
  stage,
  name,
  { assigned, due, done, expect, type = 'Báo cáo', klass = done ? 'completed' : 'assigned', ...more },
) {
  const { city } = stage;
  const { person, unit } = stage.anybody();
  const four = stage.at(...assigned);
  const steps = [
    ['03', four - 900, null],
    ['04', four, city.bossOf(person, stage.day(0, 1))],
    ['05', four + 900, person],
  ];
  if (done) steps.push(['06', stage.at(...done), person]);
  const made = city.handling({
    unit,
    steps,
    type,
    date: addDays(stage.day(...assigned), -1),
    due: due && stage.day(...due),
    ...more,
  });
  city.plant(name, { items: [made.key], people: [person], expect, klass });
  return { ...made, person, unit };
}

function deadlines(stage) {
  plain(stage, 'document_on_time', { assigned: [0, 8], due: [0, 20], done: [0, 18], expect: { 0: '1/1' } });
  plain(stage, 'document_early_in_another_month', {
    assigned: [-1, 18],
    due: [0, 10],
    done: [-1, 28],
    expect: { '-1': null, 0: '1/1' },
  });
  plain(stage, 'document_late', { assigned: [0, 2], due: [0, 10], done: [0, 15], expect: { 0: '1/1 L1' } });
  plain(stage, 'document_unfinished', { assigned: [0, 5], due: [0, 20], expect: { 0: '0/1' } });
  plain(stage, 'document_carried_over', {
    assigned: [-1, 15],
    due: [-1, 25],
    done: [0, 5],
    expect: { '-1': '0/1', 0: '1/1 L1 C', 1: null },
  });
  plain(stage, 'document_carried_twice', {
    assigned: [-2, 15],
    due: [-2, 25],
    done: [0, 9],
    expect: { '-2': '0/1', '-1': '0/1 L1 C', 0: '1/1 L1 C', 1: null },
  });
  plain(stage, 'document_no_deadline', {
    assigned: [-1, 20],
    due: null,
    done: [-1, 29],
    expect: { '-1': '1/1 N', 0: null },
  });
  plain(stage, 'document_no_deadline_carried', {
    assigned: [-1, 12],
    due: null,
    done: [0, 3],
    expect: { '-1': '0/1 N', 0: '1/1 C N' },
  });
}

function edges(stage) {
  plain(stage, 'document_last_second_of_deadline', {
    assigned: [0, 3],
    due: [0, 12],
    done: [0, 12, '23:59:59'],
    expect: { 0: '1/1' },
  });
  plain(stage, 'document_at_24h_of_deadline', {
    assigned: [0, 3],
    due: [0, 12],
    done: [0, 13, '00:00:00'],
    expect: { 0: '1/1' },
  });
  plain(stage, 'document_second_after_deadline', {
    assigned: [0, 3],
    due: [0, 12],
    done: [0, 13, '00:00:01'],
    expect: { 0: '1/1 L1' },
  });
  plain(stage, 'document_due_on_last_day', {
    assigned: [-1, 10],
    due: [-1, 'last'],
    done: [-1, 'last', '17:00:00'],
    expect: { '-1': '1/1', 0: null },
  });
  plain(stage, 'document_done_at_cut_off', {
    assigned: [0, 14],
    due: [0, 'last'],
    done: [1, 1, '00:00:00'],
    expect: { 0: '1/1', 1: null },
  });
  plain(stage, 'document_done_second_after_cut_off', {
    assigned: [0, 14],
    due: [0, 'last'],
    done: [1, 1, '00:00:01'],
    expect: { 0: '0/1', 1: '1/1 L1 C' },
    klass: 'assigned',
  });
  // Whoever leads it is named only in the next month.
  plain(stage, 'document_assigned_in_last_second', {
    assigned: [-1, 'last', '23:59:59'],
    due: null,
    done: [0, 6],
    expect: { '-1': null, 0: '1/1 C N' },
  });
  plain(stage, 'document_done_in_next_month', {
    assigned: [0, 14],
    due: [1, 6],
    done: [1, 3],
    expect: { 0: null, 1: '1/1' },
    klass: 'assigned',
  });
}

function leads(stage) {
  const { city } = stage;
  const cast = stage.anybody(),
    other = stage.colleague(cast);
  const handle = (name, steps, expect, people, klass) => {
    const made = city.handling({
      unit: cast.unit,
      steps,
      type: 'Công văn',
      date: stage.day(0, 4),
      due: stage.day(0, 20),
    });
    city.plant(name, { items: [made.key], people, expect, klass });
  };
  const five = (who, hour) => ['05', stage.at(0, 5, `${hour}:00:00`), who];
  const four = ['04', stage.at(0, 5, '09:00:00'), null];
  handle(
    'document_06_by_another_than_05',
    [four, five(other, 10), ['06', stage.at(0, 15), cast.person]],
    { 0: '1/1' },
    [cast.person],
    'completed',
  );
  handle(
    'document_05_of_several_staff',
    [four, five(other, 10), five(cast.person, 14)],
    { 0: '0/1' },
    [cast.person],
    'assigned',
  );
  handle(
    'document_two_06_first_counts',
    [four, ['06', stage.at(0, 19), cast.person], ['06', stage.at(0, 25), other]],
    { 0: '1/1' },
    [cast.person],
    'completed',
  );
  handle(
    'document_nobody_named',
    [
      ['03', stage.at(0, 5, '08:00:00'), null],
      ['04', stage.at(0, 5), cast.person],
    ],
    {},
    [],
    'unresolved',
  );
  handle(
    'document_06_without_staff',
    [four, five(cast.person, 10), ['06', stage.at(0, 15), null]],
    {},
    [],
    'unresolved',
  );
  handle(
    'document_only_03',
    [
      ['03', stage.at(0, 5, '08:00:00'), null],
      ['06', stage.at(0, 11), cast.person],
    ],
    { 0: '1/1' },
    [cast.person],
    'completed',
  );
  handle(
    'document_address_only',
    [four, five(cast.person, 10), ['06', stage.at(0, 12), cast.person, 'email']],
    { 0: '1/1' },
    [cast.person],
    'completed',
  );
  handle(
    'document_strange_staff_code',
    [four, ['06', stage.at(0, 12), cast.person, 'strange']],
    { 0: '1/1' },
    [cast.person],
    'completed',
  );
  const arrived = city.handling({
    unit: cast.unit,
    steps: [['01', stage.at(0, 5), null]],
    date: stage.day(0, 4),
    due: stage.day(0, 20),
  });
  city.plant('document_only_arrived_is_no_item', { items: [arrived.key], klass: 'none' });
}

function withdrawals(stage) {
  const { city } = stage;
  const begin = (extra = {}) => plain(stage, extra.name, { assigned: [0, 4], due: [0, 18], ...extra });
  const answer = (made, code, when, to) => {
    const org = codeOf(city.unitById.get(made.unit));
    if (to)
      city.status(made.document, '13', made.document.issuer, stage.at(0, 9), null, {
        to: to === 'me' ? org : made.document.issuer,
      });
    if (code) city.status(made.document, code, org, stage.at(...when));
  };
  const left = { expect: { 0: null }, klass: 'left' };
  answer(begin({ name: 'document_refused_02', ...left }), '02', [0, 6]);
  answer(begin({ name: 'document_13_answered_15', ...left }), '15', [0, 9, '15:00:00'], 'me');
  answer(
    begin({ name: 'document_13_answered_16', done: [0, 16], expect: { 0: '1/1' } }),
    '16',
    [0, 9, '15:00:00'],
    'me',
  );
  answer(begin({ name: 'document_13_unanswered', done: [0, 16], expect: { 0: '1/1' } }), null, null, 'me');
  answer(begin({ name: 'document_13_to_all_answered_15', ...left }), '15', [0, 9, '16:00:00'], 'all');
  recallToOne(stage);
}

// One document at two units; the recall names one of them only.
function recallToOne(stage) {
  const { city } = stage;
  const [first, second] = [city.staffed[0], city.staffed[3]];
  const [orgA, orgB] = [first.unit, second.unit].map(codeOf);
  const [a, b] = [first.deputies[0], second.deputies[second.deputies.length - 1]];
  const doc = city.document({
    issuer: 'G22',
    receivers: [orgA, orgB],
    date: stage.day(0, 3),
    due: stage.day(0, 19),
    type: 'Công văn',
  });
  for (const [org, unit, person] of [
    [orgA, first.unit.id, a],
    [orgB, second.unit.id, b],
  ]) {
    city.status(doc, '04', org, stage.at(0, 4));
    city.status(doc, '06', org, stage.at(0, 15), city.staff(person, unit, stage.day(0, 15)));
  }
  city.status(doc, '13', 'G22', stage.at(0, 9), null, { to: orgA });
  city.status(doc, '15', orgA, stage.at(0, 10));
  city.status(doc, '15', orgB, stage.at(0, 10));
  const key = (org) => `document:G22|${doc.number}|${doc.date}|${org}`;
  city.plant('document_13_to_one_of_two', {
    items: [key(orgA)],
    people: [a],
    expect: { 0: null },
    klass: 'left',
  });
  city.plant('document_two_receivers', {
    items: [key(orgB)],
    people: [b],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
}

function wires(stage) {
  const twice = plain(stage, 'document_sent_twice', {
    assigned: [0, 6],
    due: [0, 22],
    done: [0, 20],
    expect: { 0: '1/1' },
    copies: 2,
  });
  for (const s of stage.city.statuses)
    if (s.number === twice.document.number && s.issuer === twice.document.issuer) s.copies = 2;
  plain(stage, 'document_id_used_again', {
    assigned: [0, 6],
    due: [0, 22],
    done: [0, 20],
    expect: { 0: '1/1' },
    reused_id: true,
  });
  plain(stage, 'document_status_arrives_late', {
    assigned: [0, 16],
    due: [0, 'last'],
    done: [0, 'last', '16:00:00'],
    expect: { 0: '1/1' },
  });
  const last = stage.city.statuses[stage.city.statuses.length - 1];
  last.arrives = stage.at(1, 2, '08:00:00');
  editions(stage);
}

// Assigned on the last day of one catalogue edition and on the first of the next.
function editions(stage) {
  const { city } = stage;
  for (const [name, date] of [
    ['document_last_day_of_edition', '2026-05-15'],
    ['document_first_day_of_edition', '2026-05-16'],
  ]) {
    const { person, unit } = stage.anybody();
    const four = city.workTime(city.rng(name), date);
    const made = city.handling({
      unit,
      type: 'Báo cáo',
      date: addDays(date, -1),
      due: addDays(date, 10),
      steps: [
        ['04', four, null],
        ['06', four + 86400, person],
      ],
    });
    city.plant(name, { items: [made.key], people: [person], klass: 'completed' });
  }
}

export function plantDocumentCases(stage) {
  deadlines(stage);
  edges(stage);
  leads(stage);
  withdrawals(stage);
  wires(stage);
}
