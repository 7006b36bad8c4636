// Planted tasks: deadlines, extensions, returns, recalls, acceptance, quantity, self-set.

import { documentRef, dossierKey, dossierRef, taskKey } from './builder.mjs';
import { addDays } from './time.mjs';

// A task of the next official. `created`, `due`: [month, day].
export function plainTask(
  stage,
  name,
  { created, due, expect, klass, cast = stage.anybody(), set = () => {}, items, ...more },
) {
  const { city } = stage;
  const task = city.task({
    lead: cast.person,
    created: stage.at(...created, '08:30:00'),
    due: due && stage.day(...due),
    ...more,
  });
  const extra = set(task, cast);
  city.plant(name, { items: [taskKey(task), ...(extra?.items ?? [])], people: [cast.person], expect, klass });
  return { task, cast, extra };
}

// A result document of the lead's unit with the lead's own 06, and the claim that names it.
export function backed(stage, task, cast, done, claimed = done) {
  const doc = stage.city.outgoing({
    unit: task.unit,
    date: stage.day(...done),
    type: 'Báo cáo',
    finished: [[stage.at(...done, '15:10:00'), cast.person]],
  });
  task.claims.push({ at: stage.day(...claimed), results: [documentRef(doc)] });
  return doc;
}

const accept = (stage, task, when, more = {}) => {
  task.acceptance = { at: stage.at(...when, '16:05:00'), by: task.assigner, ...more };
};
const extend = (stage, task, when, due, by = task.assigner) =>
  task.extensions.push({ at: stage.at(...when, '09:05:00'), by, due: stage.day(...due) });
const sendBack = (stage, task, when, reason, by = task.assigner) =>
  task.returns.push({ at: stage.at(...when, '09:45:00'), by, reason });
const himself = (task) => ({ person: task.lead.person, account: task.lead.account });

function acceptance(stage) {
  const base = { created: [0, 3], due: [0, 20] };
  plainTask(stage, 'task_untouched', { ...base, expect: { 0: '0/1' }, klass: 'assigned' });
  plainTask(stage, 'task_accepted', {
    ...base,
    expect: { 0: '1/1' },
    klass: 'completed',
    set: (t) => accept(stage, t, [0, 18]),
  });
  plainTask(stage, 'task_accepted_late', {
    ...base,
    expect: { 0: '1/1 L1' },
    klass: 'completed',
    set: (t) => accept(stage, t, [0, 21]),
  });
  plainTask(stage, 'task_accepted_with_delivery', {
    ...base,
    expect: { 0: '1/1' },
    klass: 'completed',
    set: (t) => accept(stage, t, [0, 24], { delivered: stage.day(0, 20) }),
  });
  plainTask(stage, 'task_delivered_before_accepted_after_cut_off', {
    created: [0, 10],
    due: [0, 28],
    expect: { 0: '0/1', 1: null },
    klass: 'assigned',
    set: (t) => accept(stage, t, [1, 3], { delivered: stage.day(0, 27) }),
  });
  plainTask(stage, 'task_delivery_before_assignment', {
    ...base,
    expect: { 0: '0/1' },
    klass: 'assigned',
    set: (t) => accept(stage, t, [0, 12], { delivered: stage.day(0, 1) }),
  });
  plainTask(stage, 'task_accepted_by_lead', {
    ...base,
    expect: { 0: '0/1' },
    klass: 'assigned',
    set: (t) => {
      t.acceptance = { at: stage.at(0, 12), by: himself(t) };
    },
  });
  plainTask(stage, 'task_accepted_on_last_day', {
    created: [0, 12],
    due: [0, 'last'],
    expect: { 0: '1/1', 1: null },
    klass: 'completed',
    set: (t) => {
      t.acceptance = { at: stage.at(0, 'last', '23:59:59'), by: t.assigner };
    },
  });
  plainTask(stage, 'task_no_deadline', {
    created: [0, 6],
    due: null,
    expect: { 0: '1/1 N' },
    klass: 'completed',
    set: (t) => accept(stage, t, [0, 25]),
  });
  plainTask(stage, 'task_no_deadline_carried', {
    created: [-1, 6],
    due: null,
    expect: { '-1': '0/1 N', 0: '1/1 C N' },
    klass: 'completed',
    set: (t) => accept(stage, t, [0, 12]),
  });
  plainTask(stage, 'task_carried_twice', {
    created: [-2, 6],
    due: [-2, 25],
    expect: { '-2': '0/1', '-1': '0/1 L1 C', 0: '1/1 L1 C' },
    klass: 'completed',
    set: (t) => accept(stage, t, [0, 8]),
  });
}

function extensions(stage) {
  const base = { created: [0, 2], due: [0, 10], klass: 'completed' };
  const done = (t, when) => accept(stage, t, when);
  plainTask(stage, 'extended_before_deadline', {
    ...base,
    expect: { 0: '1/1' },
    set: (t) => {
      extend(stage, t, [0, 9], [0, 16]);
      done(t, [0, 15]);
    },
  });
  plainTask(stage, 'extended_after_deadline', {
    ...base,
    expect: { 0: '1/1 L1' },
    set: (t) => {
      extend(stage, t, [0, 12], [0, 16]);
      done(t, [0, 15]);
    },
  });
  plainTask(stage, 'extended_after_deadline_and_late', {
    ...base,
    expect: { 0: '1/1 L2' },
    set: (t) => {
      extend(stage, t, [0, 12], [0, 16]);
      done(t, [0, 18]);
    },
  });
  plainTask(stage, 'extended_by_lead', {
    ...base,
    expect: { 0: '1/1 L1' },
    set: (t) => {
      extend(stage, t, [0, 9], [0, 16], himself(t));
      done(t, [0, 15]);
    },
  });
  plainTask(stage, 'extended_into_next_month', {
    created: [0, 5],
    due: [0, 25],
    expect: { 0: null, 1: '1/1' },
    klass: 'assigned',
    set: (t) => {
      extend(stage, t, [0, 24], [1, 8]);
      done(t, [1, 6]);
    },
  });
  plainTask(stage, 'extended_after_cut_off', {
    created: [0, 5],
    due: [0, 25],
    expect: { 0: '0/1', 1: '1/1 L1' },
    klass: 'assigned',
    set: (t) => {
      extend(stage, t, [1, 2], [1, 10]);
      done(t, [1, 6]);
    },
  });
  plainTask(stage, 'extended_and_carried', {
    created: [-1, 5],
    due: [-1, 20],
    expect: { '-1': '0/1 L1', 0: '1/1 L2 C' },
    klass: 'completed',
    set: (t) => {
      extend(stage, t, [-1, 22], [-1, 28]);
      done(t, [0, 6]);
    },
  });
}

function returns(stage) {
  const base = { created: [0, 2], due: [0, 20], klass: 'completed' };
  const again = (reason, expect, name) =>
    plainTask(stage, name, {
      ...base,
      expect: { 0: expect },
      set: (t, cast) => {
        backed(stage, t, cast, [0, 8]);
        sendBack(stage, t, [0, 10], reason);
        backed(stage, t, cast, [0, 14]);
      },
    });
  again('SAI_NOI_DUNG', '1/1 F1', 'return_major_then_new_document');
  again('SAI_THE_THUC', '1/1', 'return_not_major');
  again('BO_SUNG', '1/1', 'return_supplement');
  again('KHAC_99', '1/1', 'return_unknown_reason');
  plainTask(stage, 'return_then_second_own_06', {
    ...base,
    expect: { 0: '1/1 F1' },
    set: (t, cast) => {
      const doc = backed(stage, t, cast, [0, 8], [0, 15]);
      sendBack(stage, t, [0, 10], 'SAI_CAN_CU');
      stage.city.status(
        doc,
        '06',
        doc.issuer,
        stage.at(0, 14),
        stage.city.staff(cast.person, t.unit, stage.day(0, 14)),
      );
    },
  });
  plainTask(stage, 'return_not_completed_again', {
    ...base,
    klass: 'claimed_only',
    expect: { 0: '0/1 F1' },
    set: (t, cast) => {
      backed(stage, t, cast, [0, 8]);
      sendBack(stage, t, [0, 10], 'SAI_NOI_DUNG');
    },
  });
  plainTask(stage, 'return_in_next_month', {
    created: [-1, 4],
    due: [-1, 20],
    klass: 'completed',
    expect: { '-1': '1/1', 0: '1/1 L1 F1 C' },
    set: (t, cast) => {
      backed(stage, t, cast, [-1, 18]);
      sendBack(stage, t, [0, 3], 'SAI_NOI_DUNG');
      backed(stage, t, cast, [0, 8]);
    },
  });
  plainTask(stage, 'return_then_acceptance', {
    ...base,
    expect: { 0: '1/1 F1' },
    set: (t, cast) => {
      backed(stage, t, cast, [0, 8]);
      sendBack(stage, t, [0, 10], 'SAI_NOI_DUNG');
      accept(stage, t, [0, 15]);
    },
  });
  plainTask(stage, 'acceptance_before_return_is_gone', {
    ...base,
    klass: 'assigned',
    expect: { 0: '0/1 F1' },
    set: (t) => {
      accept(stage, t, [0, 8]);
      sendBack(stage, t, [0, 10], 'SAI_NOI_DUNG');
    },
  });
  plainTask(stage, 'return_by_lead', {
    ...base,
    expect: { 0: '1/1' },
    set: (t, cast) => {
      backed(stage, t, cast, [0, 8]);
      sendBack(stage, t, [0, 10], 'SAI_NOI_DUNG', himself(t));
    },
  });
  plainTask(stage, 'five_major_returns', {
    ...base,
    expect: { 0: '1/1 F5' },
    set: (t, cast) => {
      for (let i = 0; i < 5; i++) sendBack(stage, t, [0, 5 + i], 'SAI_NOI_DUNG');
      backed(stage, t, cast, [0, 14]);
    },
  });
}

function recalls(stage) {
  const base = { created: [0, 2], due: [0, 20] };
  const recall = (t, ...when) => {
    t.recall = { at: stage.at(...when, '11:00:00'), by: t.assigner };
  };
  plainTask(stage, 'recall_before_completion', {
    ...base,
    expect: { 0: null },
    klass: 'left',
    set: (t) => recall(t, 0, 9),
  });
  plainTask(stage, 'recall_after_completion', {
    ...base,
    expect: { 0: '1/1' },
    klass: 'completed',
    set: (t, cast) => {
      backed(stage, t, cast, [0, 8]);
      recall(t, 0, 12);
    },
  });
  plainTask(stage, 'recall_on_the_day_of_delivery', {
    ...base,
    expect: { 0: '1/1' },
    klass: 'completed',
    set: (t) => {
      accept(stage, t, [0, 13], { delivered: stage.day(0, 12) });
      recall(t, 0, 12);
    },
  });
  plainTask(stage, 'recall_by_lead', {
    ...base,
    expect: { 0: '0/1' },
    klass: 'assigned',
    set: (t) => {
      t.recall = { at: stage.at(0, 9), by: himself(t) };
    },
  });
  plainTask(stage, 'recall_after_cut_off', {
    ...base,
    expect: { 0: '0/1', 1: null },
    klass: 'assigned',
    set: (t) => recall(t, 1, 4),
  });
}

function quantities(stage) {
  const three = (stage_, t, cast, when, n) => {
    const refs = Array.from({ length: n }, () =>
      documentRef(
        stage_.city.outgoing({
          unit: t.unit,
          date: stage_.day(...when),
          type: 'Báo cáo',
          finished: [[stage_.at(...when, '14:00:00'), cast.person]],
        }),
      ),
    );
    return refs;
  };
  plainTask(stage, 'quantity_rest_carried', {
    created: [-1, 5],
    due: [-1, 25],
    quantity: 3,
    klass: 'completed',
    expect: { '-1': '2/3', 0: '1/1 L1 C' },
    set: (t, cast) => {
      const first = three(stage, t, cast, [-1, 20], 2);
      t.claims.push({ at: stage.day(-1, 21), results: first });
      t.claims.push({ at: stage.day(0, 7), results: [...first, ...three(stage, t, cast, [0, 6], 1)] });
    },
  });
  plainTask(stage, 'quantity_partly_done', {
    created: [0, 5],
    due: [0, 25],
    quantity: 4,
    klass: 'assigned',
    expect: { 0: '3/4' },
    set: (t, cast) => t.claims.push({ at: stage.day(0, 21), results: three(stage, t, cast, [0, 20], 3) }),
  });
  plainTask(stage, 'quantity_accepted_in_part', {
    created: [0, 5],
    due: [0, 25],
    quantity: 5,
    klass: 'assigned',
    expect: { 0: '2/5' },
    set: (t) => accept(stage, t, [0, 20], { quantity: 2 }),
  });
  plainTask(stage, 'quantity_results_and_acceptance', {
    created: [0, 5],
    due: [0, 25],
    quantity: 3,
    klass: 'completed',
    expect: { 0: '3/3' },
    set: (t, cast) => {
      t.claims.push({ at: stage.day(0, 12), results: three(stage, t, cast, [0, 11], 1) });
      accept(stage, t, [0, 20]);
    },
  });
  const { extra } = plainTask(stage, 'quantity_of_dossiers', {
    created: [0, 5],
    due: [0, 25],
    quantity: 2,
    type: 'NV06',
    klass: 'completed',
    expect: { 0: '2/2' },
    cast: stage.committee(),
    set: (t, cast) => {
      const dossiers = [9, 10].map((d) =>
        stage.city.dossier({
          unit: cast.unit,
          received: stage.at(0, 4),
          due: stage.at(0, 19),
          rows: [
            ['2', stage.at(0, 4), 'desk'],
            ['9', stage.at(0, d), cast.person],
          ],
        }),
      );
      t.claims.push({ at: stage.day(0, 11), results: dossiers.map(dossierRef) });
      return { absorbed: dossiers.map(dossierKey) };
    },
  });
  stage.city.plant('quantity_absorbs_dossiers', { items: extra.absorbed, klass: 'none' });
}

function selfSet(stage) {
  const base = { created: [0, 2], due: [0, 20], expect: { 0: null }, klass: 'claimed_only' };
  const claim = (t, cast) => backed(stage, t, cast, [0, 9]);
  plainTask(stage, 'self_set_no_assigner', {
    ...base,
    assigner: null,
    set: (t, cast) => {
      claim(t, cast);
    },
  });
  plainTask(stage, 'self_set_own_account', {
    ...base,
    set: (t, cast) => {
      t.assigner = himself(t);
      claim(t, cast);
    },
  });
  const { city } = stage;
  const twofold = { person: city.cast.longName, unit: city.staffed[0].unit.id, staffed: city.staffed[0] };
  plainTask(stage, 'self_set_by_second_account', {
    ...base,
    cast: twofold,
    set: (t, cast) => {
      t.assigner = { ...himself(t), account: `${t.lead.account}.phu` };
      claim(t, cast);
    },
  });
  plainTask(stage, 'self_set_accepted', {
    ...base,
    assigner: null,
    set: (t) => {
      t.acceptance = { at: stage.at(0, 9), by: city.actor(city.staffed[0].head, stage.day(0, 9)) };
    },
  });
  // A closed account resolves to nobody that day, but it was the lead's: the task is self-set.
  const moved = { person: city.cast.moved, unit: city.move.to, staffed: city.staffed[2] };
  const old = city.account(moved.person, addDays(city.move.lastDay, -1));
  plainTask(stage, 'assigner_is_a_closed_account', {
    ...base,
    cast: moved,
    assigner: { person: null, account: old },
    set: (t) => {
      t.claims.push({ at: stage.day(0, 9), results: [] });
    },
  });
}

export function plantTaskCases(stage) {
  acceptance(stage);
  extensions(stage);
  returns(stage);
  recalls(stage);
  quantities(stage);
  selfSet(stage);
}
