// Planted claims: what backs a task, and what does not.

import { documentRef, dossierKey, dossierRef, reportKey, reportRef, taskKey } from './builder.mjs';
import { codeOf } from './places.mjs';
import { backed, plainTask } from './cases_tasks.mjs';

const BASE = { created: [0, 4], due: [0, 22] };
const DONE = { ...BASE, expect: { 0: '1/1' }, klass: 'completed' };
const NOT = { ...BASE, expect: { 0: '0/1' }, klass: 'claimed_only' };

const claim = (stage, t, day, ...results) => t.claims.push({ at: stage.day(0, day), results });

function outgoing(stage, t, { day = 12, person = null, ...more }) {
  return stage.city.outgoing({
    unit: t.unit,
    date: stage.day(0, day),
    type: 'Báo cáo',
    finished: person ? [[stage.at(0, day, '15:00:00'), person]] : [],
    ...more,
  });
}

function documents(stage) {
  plainTask(stage, 'backed_by_named_document', {
    ...DONE,
    set: (t, cast) => {
      backed(stage, t, cast, [0, 12]);
    },
  });
  plainTask(stage, 'backed_by_task_code', {
    ...DONE,
    set: (t, cast) => {
      outgoing(stage, t, { person: cast.person, taskCodes: [t.code] });
      claim(stage, t, 13);
    },
  });
  plainTask(stage, 'backed_by_task_code_without_claim', {
    ...DONE,
    set: (t, cast) => {
      outgoing(stage, t, { person: cast.person, taskCodes: [t.code] });
    },
  });
  plainTask(stage, 'backed_by_task_code_and_named', {
    ...DONE,
    set: (t, cast) => {
      claim(stage, t, 13, documentRef(outgoing(stage, t, { person: cast.person, taskCodes: [t.code] })));
    },
  });
  plainTask(stage, 'backed_issued_without_own_06', {
    ...DONE,
    set: (t) => {
      claim(stage, t, 13, documentRef(outgoing(stage, t, {})));
    },
  });
  plainTask(stage, 'backed_own_06_names_nobody', {
    ...DONE,
    set: (t) => {
      claim(stage, t, 13, documentRef(outgoing(stage, t, { finished: [[stage.at(0, 12), null]] })));
    },
  });
  plainTask(stage, 'backed_reference_without_issuer', {
    ...DONE,
    set: (t, cast) => {
      claim(
        stage,
        t,
        13,
        documentRef(outgoing(stage, t, { person: cast.person, notation: 'BC-DUY-NHAT' }), false),
      );
    },
  });
  plainTask(stage, 'backed_on_day_of_assignment_and_claim', {
    ...DONE,
    created: [0, 12],
    set: (t, cast) => {
      claim(stage, t, 12, documentRef(outgoing(stage, t, { person: cast.person })));
    },
  });
  plainTask(stage, 'backed_late', {
    ...DONE,
    expect: { 0: '1/1 L1' },
    set: (t, cast) => {
      claim(stage, t, 25, documentRef(outgoing(stage, t, { person: cast.person, day: 24 })));
    },
  });
  plainTask(stage, 'backed_claimed_date_is_not_completion', {
    ...DONE,
    expect: { 0: '1/1' },
    set: (t, cast) => {
      claim(stage, t, 27, documentRef(outgoing(stage, t, { person: cast.person, day: 21 })));
    },
  });
  plainTask(stage, 'latest_claim_is_the_one_tested', {
    ...DONE,
    set: (t, cast) => {
      claim(stage, t, 6);
      claim(stage, t, 13, documentRef(outgoing(stage, t, { person: cast.person })));
    },
  });
  plainTask(stage, 'first_claim_was_good_latest_is_not', {
    ...NOT,
    set: (t, cast) => {
      claim(stage, t, 13, documentRef(outgoing(stage, t, { person: cast.person })));
      claim(stage, t, 15);
    },
  });
  receiverHandles(stage);
}

// The result goes to another unit, which handles it as an item of its own; its 06 is not the task's.
function receiverHandles(stage) {
  const { city } = stage;
  plainTask(stage, 'result_document_handled_by_receiver', {
    ...DONE,
    expect: { 0: '1/1' },
    set: (t, cast) => {
      const other = city.staffed.find((s) => s.unit.id !== t.unit && s.unit.axis !== 'council');
      const org = codeOf(other.unit),
        reader = other.deputies[other.deputies.length - 1];
      const doc = outgoing(stage, t, { person: cast.person, receivers: [org], due: stage.day(0, 24) });
      city.status(doc, '04', org, stage.at(0, 13));
      city.status(doc, '06', org, stage.at(0, 20), city.staff(reader, other.unit.id, stage.day(0, 20)));
      claim(stage, t, 14, documentRef(doc));
      city.plant('receivers_own_handling_of_result', {
        items: [`document:${doc.issuer}|${doc.number}|${doc.date}|${org}`],
        people: [reader],
        expect: { 0: '1/1' },
        klass: 'completed',
      });
    },
  });
}

function unbacked(stage) {
  const { city } = stage;
  plainTask(stage, 'claim_with_somebody_elses_document', {
    ...NOT,
    set: (t) => {
      const other = city.staffed.find((s) => s.unit.id !== t.unit && s.unit.axis !== 'council');
      const doc = city.outgoing({
        unit: other.unit.id,
        date: stage.day(0, 12),
        type: 'Báo cáo',
        finished: [[stage.at(0, 12), other.deputies[0]]],
      });
      claim(stage, t, 13, documentRef(doc));
    },
  });
  plainTask(stage, 'claim_with_colleagues_document', {
    ...NOT,
    set: (t, cast) => {
      claim(stage, t, 13, documentRef(outgoing(stage, t, { person: stage.colleague(cast) })));
    },
  });
  plainTask(stage, 'claim_with_the_instruction', {
    ...NOT,
    set: (t, cast) => {
      const doc = outgoing(stage, t, { person: cast.person, day: 5 });
      t.instruction = { number: doc.number, date: doc.date };
      claim(stage, t, 13, documentRef(doc));
    },
  });
  plainTask(stage, 'claim_with_older_document', {
    ...NOT,
    set: (t, cast) => {
      claim(stage, t, 13, documentRef(outgoing(stage, t, { person: cast.person, day: 2 })));
    },
  });
  plainTask(stage, 'claim_issued_before_finished_after_assignment', {
    ...NOT,
    set: (t, cast) => {
      claim(
        stage,
        t,
        13,
        documentRef(outgoing(stage, t, { day: 2, finished: [[stage.at(0, 8), cast.person]] })),
      );
    },
  });
  plainTask(stage, 'claim_before_document_finished', {
    ...NOT,
    set: (t, cast) => {
      claim(
        stage,
        t,
        9,
        documentRef(outgoing(stage, t, { day: 8, finished: [[stage.at(0, 12), cast.person]] })),
      );
    },
  });
  plainTask(stage, 'claim_with_unknown_document', {
    ...NOT,
    set: (t) => {
      claim(stage, t, 13, {
        kind: 'document',
        number: '9999/KHONG-CO',
        date: stage.day(0, 12),
        issuer: 'G22',
      });
    },
  });
  plainTask(stage, 'claim_with_nothing', {
    ...NOT,
    set: (t) => {
      claim(stage, t, 13);
    },
  });
  plainTask(stage, 'claim_reference_fits_two_documents', {
    ...NOT,
    set: (t, cast) => {
      const doc = outgoing(stage, t, { person: cast.person, number: '77/BC-TRUNG' });
      city.document({
        issuer: 'G09',
        receivers: ['H26.12'],
        date: doc.date,
        number: doc.number,
        type: 'Báo cáo',
      });
      claim(stage, t, 13, documentRef(doc, false));
    },
  });
  plainTask(stage, 'claim_fails_but_accepted', {
    ...DONE,
    set: (t) => {
      claim(stage, t, 13);
      t.acceptance = { at: stage.at(0, 15), by: t.assigner };
    },
  });
}

function madeDossier(
  stage,
  cast,
  { lead = cast.person, received = 4, finished = 12, due = [0, 20], ...more },
) {
  const rows = [
    ['2', stage.at(0, received, '08:00:00'), 'desk'],
    ['4', stage.at(0, received, '08:10:00'), lead],
  ];
  if (finished) rows.push(['9', stage.at(0, finished), lead]);
  return stage.city.dossier({
    unit: cast.unit,
    received: stage.at(0, received, '08:00:00'),
    due: stage.at(...due, '17:00:00'),
    rows,
    ...more,
  });
}

// Planted under the dossier's key: a task that joins takes it.
function joinedCase(stage, name, options, expect, due, after = () => {}) {
  const { city } = stage;
  const cast = stage.committee();
  const dossier = madeDossier(stage, cast, options);
  const task = city.task({
    lead: cast.person,
    created: stage.at(0, 4, '08:30:00'),
    due: stage.day(...due),
    type: 'NV06',
  });
  claim(stage, task, options.finished + 1, dossierRef(dossier));
  after(task);
  city.plant(name, {
    items: [dossierKey(dossier)],
    people: [cast.person],
    expect: { 0: expect },
    klass: 'completed',
  });
  city.plant(`${name}_task_is_alias`, { items: [taskKey(task)], klass: 'none' });
}

function joins(stage) {
  joinedCase(stage, 'task_and_dossier_one_item', { finished: 12 }, '1/1', [0, 22]);
  joinedCase(stage, 'joined_dossier_due_earlier', { finished: 21, due: [0, 20] }, '1/1 L1', [0, 25]);
  joinedCase(stage, 'joined_task_due_earlier', { finished: 15, due: [0, 25] }, '1/1 L1', [0, 14]);
  joinedCase(
    stage,
    'joined_extension_that_changes_nothing',
    { finished: 12, due: [0, 15] },
    '1/1',
    [0, 20],
    (t) => t.extensions.push({ at: stage.at(0, 10), by: t.assigner, due: stage.day(0, 25) }),
  );
  joinedCase(
    stage,
    'joined_by_second_id',
    { finished: 12, other: 'c0ffee00a1b2c3d4' },
    '1/1',
    [0, 22],
    (t) => {
      t.claims[0].results[0].id = 'c0ffee00a1b2c3d4';
    },
  );
}

function notJoined(stage) {
  const { city } = stage;
  const each = (name, options, other) => {
    const cast = stage.committee();
    const lead = other ? stage.colleague(cast) : cast.person;
    const dossier = madeDossier(stage, cast, { ...options, lead });
    plainTask(stage, name, {
      ...NOT,
      type: 'NV06',
      cast,
      set: (t) => {
        claim(stage, t, 13, dossierRef(dossier));
      },
    });
    city.plant(`${name}_dossier_untouched`, {
      items: [dossierKey(dossier)],
      people: [lead],
      expect: { 0: options.finished === 0 ? '0/1' : '1/1' },
      klass: options.finished === 0 ? 'assigned' : 'completed',
    });
  };
  each('claim_with_colleagues_dossier', {}, true);
  each('claim_with_unfinished_dossier', { finished: 0 });
  each('claim_with_dossier_done_before_assignment', { received: 1, finished: 3 });
  const cast = stage.committee();
  const dossier = madeDossier(stage, cast, {});
  plainTask(stage, 'self_set_names_a_dossier', {
    ...BASE,
    expect: { 0: null },
    klass: 'claimed_only',
    cast,
    assigner: null,
    set: (t) => {
      claim(stage, t, 13, dossierRef(dossier));
    },
  });
  city.plant('self_set_leaves_the_dossier', {
    items: [dossierKey(dossier)],
    people: [cast.person],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
  recalledWithDossier(stage);
}

function recalledWithDossier(stage) {
  const cast = stage.committee();
  const dossier = madeDossier(stage, cast, { finished: 14 });
  plainTask(stage, 'recalled_task_names_a_dossier', {
    ...BASE,
    expect: { 0: null },
    klass: 'left',
    cast,
    set: (t) => {
      claim(stage, t, 15, dossierRef(dossier));
      t.recall = { at: stage.at(0, 11), by: t.assigner };
    },
  });
  stage.city.plant('recalled_task_leaves_the_dossier', {
    items: [dossierKey(dossier)],
    people: [cast.person],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
}

function reports(stage) {
  const { city } = stage;
  const make = (name, report, expect, klass, on = reportKey) => {
    const cast = stage.committee();
    const made = city.report({
      unit: report.unit ?? cast.unit,
      received: stage.at(0, 4, '08:00:00'),
      ...report,
    });
    const task = city.task({
      lead: cast.person,
      created: stage.at(0, 4, '08:30:00'),
      due: stage.day(0, 20),
      type: 'NV07',
    });
    claim(stage, task, 14, reportRef(made));
    city.plant(name, { items: [on(made, task)], people: [cast.person], expect: { 0: expect }, klass });
  };
  make('task_and_report_one_item', { answered: stage.at(0, 12) }, '1/1', 'completed');
  make(
    'report_without_category_and_task',
    { answered: stage.at(0, 12), category: null, listed: 'both' },
    '1/1',
    'completed',
  );
  make(
    'report_closed_as_duplicate_with_task',
    { answered: stage.at(0, 12), duplicate_of: '260001' },
    null,
    'left',
  );
  make('claim_with_open_report', {}, '0/1', 'claimed_only', (_, task) => taskKey(task));
  make(
    'claim_with_another_units_report',
    { answered: stage.at(0, 12), unit: city.staffed[2].unit.id },
    '0/1',
    'claimed_only',
    (_, task) => taskKey(task),
  );
}

export function plantBackingCases(stage) {
  documents(stage);
  unbacked(stage);
  joins(stage);
  notJoined(stage);
  reports(stage);
}
