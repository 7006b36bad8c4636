// Planted dossiers that went through a sender which rewrites (world/sender.mjs). `marks`: what a careful
// reader notices in their records.

import { dossierKey } from './builder.mjs';
import { cutName, finishedRow, noDeadlineRow, overwrite, rewrittenRow } from './sender.mjs';

const DUE = [0, 15, '17:00:00'];

// Held items make a sheet wait: all of them are one person's, who waits anyway.
const heldBy = ({ city }) => ({
  person: city.cast.held[1],
  unit: city.staffed[1].unit.id,
  staffed: city.staffed[1],
});

// `rows` as in cases_dossiers.mjs; `sender`: (stage, dossier) -> rows that the sender wrote.
function sent(stage, name, { rows = [], due = DUE, sender, expect, klass, marks, take = 'me', ...more }) {
  const { city } = stage;
  const cast = klass === 'held' ? heldBy(stage) : stage.committee();
  const start = stage.at(0, 3);
  const who = (w) => (w === 'me' ? cast.person : w === 'other' ? stage.colleague(cast) : w);
  const all = [['2', start, 'desk']];
  if (take) all.push(['4', start + 3600, who(take)]);
  for (const [status, when, w] of rows) all.push([status, stage.at(...when), who(w)]);
  const dossier = city.dossier({
    unit: cast.unit,
    received: start,
    due: due && stage.at(...due),
    rows: all,
    ...more,
  });
  overwrite(dossier).rows.push(...sender(dossier));
  city.plant(name, { items: [dossierKey(dossier)], people: [cast.person], expect, klass, marks });
  return dossier;
}

function closings(stage) {
  const end = stage.at(0, 12);
  const closes = () => [finishedRow(end)];
  const closing = ['sender_closing_step', 'sender_first_step'];
  sent(stage, 'sender_closed_at_the_end_time', {
    ended: end,
    sender: closes,
    expect: { 0: '1/1' },
    klass: 'completed',
    marks: closing,
  });
  sent(stage, 'sender_closed_late', {
    ended: stage.at(0, 17),
    sender: () => [finishedRow(stage.at(0, 17))],
    expect: { 0: '1/1 L1' },
    klass: 'completed',
    marks: closing,
  });
  sent(stage, 'sender_closed_beside_the_officials_own_row', {
    take: 'other',
    rows: [['9', [0, 12], 'me']],
    ended: end,
    sender: closes,
    expect: { 0: '1/1' },
    klass: 'completed',
    marks: closing,
  });
  sent(stage, 'sender_closed_with_nothing_behind_it', {
    sender: closes,
    expect: { 0: 'held' },
    klass: 'held',
    marks: closing,
  });
  sent(stage, 'sender_closed_before_10', {
    rows: [['10', [0, 16], 'desk']],
    sender: closes,
    expect: { 0: '1/1 L1' },
    klass: 'completed',
    marks: closing,
  });
}

// Sent while it waited or stood still: 9 on the dossier, and a closing row at receipt.
function overwritten(stage) {
  const atReceipt = (dossier) => [finishedRow(dossier.received)];
  for (const was of ['5', '6', '8']) {
    sent(stage, `sender_wrote_9_over_${was}`, {
      rows: [[was, [0, 8], 'me']],
      sender: atReceipt,
      // While a wait is open the deadline moves away with it.
      expect: { 0: was === '8' ? 'held' : null },
      klass: 'held',
      marks: ['sender_closing_step'],
    });
  }
  sent(stage, 'sender_wrote_9_over_5_before_the_end', {
    due: [0, 10, '17:00:00'],
    rows: [
      ['5', [0, 8], 'me'],
      ['4', [0, 12], 'me'],
      ['9', [0, 14, '16:00:00'], 'me'],
    ],
    sender: atReceipt,
    expect: { 0: '1/1' },
    klass: 'completed',
    marks: ['sender_closing_step'],
  });
  sent(stage, 'sender_wrote_9_over_5_without_a_row', {
    sender: () => [],
    expect: { 0: 'held' },
    klass: 'held',
  }).sent_status = '9';
  for (const [was, month] of [
    ['5', 8],
    ['6', 9],
  ]) {
    sent(stage, `sender_said_${was}_in_words_only`, {
      due: [0, 10, '17:00:00'],
      rows: [
        ['4', [0, 12], 'me'],
        ['9', [0, 12, '18:00:00'], 'me'],
      ],
      sender: () => [rewrittenRow(was, stage.at(0, month))],
      expect: { 0: '1/1' },
      klass: 'completed',
      marks: ['status_rewritten'],
    });
  }
  sent(stage, 'sender_said_8_in_words_only', {
    sender: () => [rewrittenRow('8', stage.at(0, 8))],
    expect: { 0: 'held' },
    klass: 'held',
    marks: ['status_rewritten'],
  });
  sent(stage, 'sender_said_5_at_receipt', {
    due: [0, 10, '17:00:00'],
    rows: [['9', [0, 10, '17:00:01'], 'me']],
    sender: (dossier) => [rewrittenRow('5', dossier.received)],
    expect: { 0: '1/1 L1' },
    klass: 'completed',
    marks: ['status_rewritten'],
  });
}

function noDeadline(stage) {
  const sender = (dossier) => [noDeadlineRow(dossier)];
  sent(stage, 'sender_closed_for_want_of_a_deadline', {
    due: null,
    sender,
    expect: { 0: 'held' },
    klass: 'held',
    marks: ['sender_closing_step'],
  });
  sent(stage, 'sender_closed_for_want_of_a_deadline_then_9', {
    due: null,
    rows: [['9', [0, 20], 'me']],
    sender,
    expect: { 0: '1/1 N' },
    klass: 'completed',
    marks: ['sender_closing_step'],
  });
}

function filled(stage) {
  const nine = ['9', [0, 9], 'me'];
  const done = { rows: [nine], sender: () => [], expect: { 0: '1/1' }, klass: 'completed' };
  const papers = (paper, marks) => sent(stage, `sender_papers_${paper}`, { ...done, paper, marks });
  papers('unknown_person', ['placeholder_identity']);
  papers('long_abstract', ['cut_abstract']);
  papers('no_abstract', ['filled_abstract']);
  papers('long_file_name', ['cut_file_name']);
  papers('no_file_name', ['filled_file_name']);
  papers('several_urls', ['joined_urls']);
  papers('no_result', ['applicant_file_as_result']);
  sent(stage, 'sender_official_without_a_name', {
    ...done,
    rows: [['9', [0, 9], null]],
    expect: { 0: null },
    klass: 'unresolved',
    marks: [],
  });
  // A directory knows people by their whole names.
  sent(stage, 'sender_cut_a_name', {
    ...done,
    rows: [['9', [0, 9], { label: cutName('Nguyễn Thị Mô Phỏng ') }]],
    expect: { 0: null },
    klass: 'unresolved',
    marks: ['cut_label'],
  });
  const two = sent(stage, 'sender_drew_a_second_id', { ...done, other: 'TN-2026-004711', marks: ['second_id'] });
  two.rows[1].under_other = true;
}

// Few digits are drawn at random: some day one id stands for two dossiers.
function drawnTwice(stage) {
  const other = 'TN-2026-008150';
  const twice = { other, sender: () => [], expect: { 0: 'held' }, klass: 'held', marks: ['second_id'] };
  sent(stage, 'sender_drew_a_second_id_twice', { ...twice, rows: [['9', [0, 9], 'me']] });
  const { person, unit } = heldBy(stage);
  const start = stage.at(0, 4);
  overwrite(
    stage.city.dossier({
      unit,
      other,
      received: start,
      due: stage.at(...DUE),
      rows: [
        ['2', start, 'desk'],
        ['9', stage.at(0, 10), person],
      ],
    }),
  );
}

export function plantSenderCases(stage) {
  closings(stage);
  overwritten(stage);
  noDeadline(stage);
  filled(stage);
  drawnTwice(stage);
}
