// Goal: /truth obeys the counting rules on worlds small enough to reckon on paper.
// Method: each case states its events and the figures worked out by hand.

import assert from 'node:assert/strict';
import test from 'node:test';

import { truthFor } from '../truth/index.mjs';
import { exact, ratio, twoDecimals } from '../truth/ratio.mjs';
import {
  LABEL,
  accepted,
  date,
  dossier,
  incoming,
  june,
  outgoing,
  sheetOf,
  status,
  task,
  tinyWorld,
  truthOf,
} from './support.mjs';

const abc = (s) => [s.a, s.b, s.c];
const done = (code, more) => task(code, { ...accepted(10), ...more });

test('everything done in time: 70 of 70, total 94', () => {
  const s = sheetOf({ tasks: [done('A')] });
  assert.deepEqual(abc(s), ['1/1', '1/1', '1/1']);
  assert.deepEqual(s.results_points, { exact: '70/1' });
  assert.deepEqual(s.total, { exact: '94/1', text: '94.00' });
  assert.equal(s.class_by_score, 'excellent');
});

test('coefficients weigh: 1 of 1 at 1, 0 of 1 at 4 gives a fifth', () => {
  const s = sheetOf({ tasks: [done('A'), task('B', { type: 'NV05' })] });
  assert.deepEqual(abc(s), ['1/5', '1/5', '1/5']);
  assert.deepEqual(s.total, { exact: '38/1', text: '38.00' });
  assert.equal(s.class_by_score, 'not_completed');
});

test('one late takes a quarter of the progress of its own item only', () => {
  const s = sheetOf({ tasks: [done('A'), task('B', accepted(21))] });
  assert.deepEqual(abc(s), ['1/1', '1/1', '7/8']);
  assert.deepEqual(s.results_points, { exact: '805/12' });
  assert.equal(s.total.text, '91.08');
});

test('five failures take an item to 0 and no further', () => {
  const returns = [5, 6, 7, 8, 9].map((d) => ({
    at: june(d),
    by: { account: 'a.head' },
    reason: 'SAI_NOI_DUNG',
  }));
  const s = sheetOf({ tasks: [done('A'), task('B', { returns, ...accepted(12) })] });
  assert.deepEqual(abc(s), ['1/1', '1/2', '1/1']);
});

test('a quantity of 4 with one late loses a quarter of one, not of four', () => {
  const s = sheetOf({ tasks: [task('A', { quantity: 4, ...accepted(22) })] });
  assert.deepEqual(abc(s), ['1/1', '1/1', '15/16']);
});

test('edition of the day of assignment: 1.2 from 16 May on, 1 before', () => {
  const of = (day) =>
    sheetOf({
      documents: [incoming('1/A', { type: 'Báo cáo', date: '2026-05-14' })],
      statuses: [
        status(incoming('1/A', { date: '2026-05-14' }), '04', june(1) - (31 - day + 1) * 86400),
        status(incoming('1/A', { date: '2026-05-14' }), '06', june(4), 'me'),
      ],
    }).lines[0].coefficient;
  assert.equal(of(15), '1');
  assert.equal(of(16), '1.2');
});

test('a claim that nothing backs earns nothing and stays in the denominator', () => {
  const s = sheetOf({ tasks: [done('A'), task('B', { claims: [{ at: date(9), results: [] }] })] });
  assert.deepEqual(abc(s), ['1/2', '1/2', '1/2']);
  assert.deepEqual(s.claims_not_counting, ['task:hanoiwork:B']);
});

test('completion is the time of the result, not of the claim', () => {
  const doc = outgoing('7/BC', 18, { task_codes: ['A'] });
  const s = sheetOf({
    documents: [doc],
    statuses: [status(doc, '06', june(18), 'me')],
    tasks: [task('A', { claims: [{ at: date(28), results: [] }] })],
  });
  assert.deepEqual(abc(s), ['1/1', '1/1', '1/1']);
});

test("task and dossier are one item under the dossier, with the task's product", () => {
  const d = dossier('H26.101-260602-00001', [
    ['4', june(3), LABEL],
    ['9', june(9), LABEL],
  ]);
  const t = truthOf({
    dossiers: [d],
    tasks: [
      task('A', { type: 'NV06', claims: [{ at: date(10), results: [{ kind: 'dossier', id: d.id }] }] }),
    ],
  });
  assert.deepEqual(t.items, { total: 1, assigned: 0, completed: 1, claimed_only: 0, unresolved: 0, held: 0 });
  const [line] = t.sheets.find((s) => s.person === 'me').lines;
  assert.equal(line.key, `dossier:dvc:${d.id}`);
  assert.equal(line.product, 'SP-NV-06');
});

test('two tasks on one result are held; the person waits, the rest is shown as provisional', () => {
  const doc = outgoing('7/BC', 12);
  const claims = [{ at: date(13), results: [{ kind: 'document', number: '7/BC', date: date(12) }] }];
  const s = sheetOf({ documents: [doc], tasks: [task('A', { claims }), task('B', { claims }), done('C')] });
  assert.equal(s.status, 'awaiting_data');
  assert.deepEqual(s.held, ['task:hanoiwork:A', 'task:hanoiwork:B']);
  assert.deepEqual([s.results_points, s.total, s.class_by_score], [{ exact: '70/1' }, null, null]);
});

test('carried over: the rest of the quantity, with the missed deadline as one late', () => {
  const docs = [outgoing('1/BC', 10), outgoing('2/BC', 11), outgoing('3/BC', 0, { date: '2026-07-05' })];
  const results = docs.map((d) => ({ kind: 'document', number: d.number, date: d.date }));
  const events = {
    documents: docs,
    tasks: [
      task('A', {
        quantity: 3,
        claims: [
          { at: date(12), results: results.slice(0, 2) },
          { at: '2026-07-06', results },
        ],
      }),
    ],
  };
  const first = sheetOf(events).lines[0],
    second = sheetOf(events, 'me', '2026-07').lines[0];
  assert.deepEqual([first.assigned, first.completed, first.late, first.carried_over], ['3', '2', 0, false]);
  assert.deepEqual(
    [second.assigned, second.completed, second.late, second.carried_over],
    ['1', '1', 1, true],
  );
});

test('while a dossier waits its clock stands', () => {
  const wait = [
    ['4', june(3), LABEL],
    ['5', june(10, '08:00:00'), LABEL],
    ['4', june(12, '08:00:00'), LABEL],
  ];
  const late = (when) =>
    sheetOf({ dossiers: [dossier('H26.101-260602-00001', [...wait, ['9', when, LABEL]])] }).lines[0].late;
  assert.equal(late(june(17, '17:00:00')), 0);
  assert.equal(late(june(17, '17:00:01')), 1);
});

const ofHead = (code, more) =>
  task(code, {
    lead: { account: 'a.head' },
    assigner: { account: 'city' },
    acceptance: { at: june(9), by: { account: 'city' } },
    ...more,
  });

test("a leader's six terms: d halves when somebody is not completed", () => {
  const s = sheetOf({ tasks: [ofHead('H'), task('B', { type: 'NV05' })] }, 'head');
  assert.deepEqual([...abc(s), s.d, s.dd, s.e], ['1/1', '1/1', '1/1', '1/2', '1/1', '1/1']);
  assert.deepEqual(s.results_points, { exact: '385/6' });
  assert.equal(s.total.text, '88.17');
});

test('a leader waits when nobody managed has a class', () => {
  const s = sheetOf(
    { tasks: [task('H', { lead: { account: 'a.head' }, assigner: { account: 'city' } })] },
    'head',
  );
  assert.deepEqual([s.status, s.a, s.d, s.results_points], ['awaiting_data', '0/1', null, null]);
});

test('a leader whose own item is held: K of the rest is provisional, no total, no class', () => {
  const s = sheetOf({ tasks: [done('A'), ofHead('H'), ofHead('X', { type: 'NV99' })] }, 'head');
  assert.equal(s.status, 'awaiting_data');
  assert.deepEqual(s.held, ['task:hanoiwork:X']);
  assert.deepEqual([s.results_points, s.total, s.class_by_score], [{ exact: '70/1' }, null, null]);
});

test('a leader with nothing assigned: d, dd and e are shown as far as known, no K', () => {
  const s = sheetOf({ tasks: [done('A')] }, 'head');
  assert.deepEqual([s.status, ...abc(s)], ['insufficient_data', null, null, null]);
  assert.deepEqual([s.d, s.dd, s.e, s.results_points], ['1/1', '1/1', '1/1', null]);
});

test('a leader who waits for managed persons: dd and e are shown, d is not', () => {
  const s = sheetOf({}, 'head');
  assert.deepEqual([s.status, s.d, s.dd, s.e], ['awaiting_data', null, '1/1', '1/1']);
});

test('nothing assigned: insufficient data, no figure at all', () => {
  const s = sheetOf({});
  assert.deepEqual(
    [s.status, s.a, s.results_points, s.total, s.class_by_score],
    ['insufficient_data', null, null, null, null],
  );
});

test('13 answered by 15 leaves, answered by 16 stays', () => {
  const doc = incoming('5/KH');
  const answered = (code) =>
    truthOf({
      documents: [doc],
      statuses: [
        status(doc, '04', june(2)),
        status(doc, '05', june(2, '11:00:00'), 'me'),
        { ...status(doc, '13', june(5), null, 'G22'), to: 'G22' },
        status(doc, code, june(6)),
      ],
    }).items.total;
  assert.equal(answered('15'), 0);
  assert.equal(answered('16'), 1);
});

test('as_of: what happens after that instant does not exist, what happens at it does', () => {
  const world = tinyWorld({ tasks: [done('A')] });
  const completed = (asOf) =>
    truthFor(world, '2026-06', asOf).sheets.find((x) => x.person === 'me').lines[0].completed;
  assert.equal(completed(june(10)), '1');
  assert.equal(completed(june(10) - 1), '0');
});

test('two decimals round half up from the exact value', () => {
  const shown = [
    [1, 200],
    [1, 201],
    [8995, 100],
    [175999, 2000],
    [100, 1],
  ].map(([n, d]) => twoDecimals(ratio(n, d)));
  assert.deepEqual(shown, ['0.01', '0.00', '89.95', '88.00', '100.00']);
  assert.equal(exact(ratio(-4, -6)), '2/3');
});
