// Planted documents that their issuer recalls, updates or replaces while they are in hand (decision 0003).

import { handlingKey } from './builder.mjs';
import { plain } from './cases_documents.mjs';
import { codeOf } from './places.mjs';

const orgOf = ({ city }, made) => codeOf(city.unitById.get(made.unit));

function recalls(stage) {
  const { city } = stage;
  const recalled = (name, answer, more) => {
    const made = plain(stage, name, { assigned: [0, 4], due: [0, 18], ...more });
    city.revise(made.document, 'recall', stage.at(0, 8));
    if (answer) city.status(made.document, answer, orgOf(stage, made), stage.at(0, 9));
  };
  recalled('revision_recall_agreed_15', '15', { expect: { 0: null }, klass: 'left' });
  recalled('revision_recall_refused_16', '16', { done: [0, 16], expect: { 0: '1/1' } });
  recalled('revision_recall_unanswered', null, { done: [0, 20], expect: { 0: '1/1 L1' } });
}

function updates(stage) {
  const { city } = stage;
  const updated = (name, more, how, kind = 'update') => {
    const made = plain(stage, name, { assigned: [0, 4], due: [0, 10], ...more });
    city.revise(made.document, kind, made.document.sent_at + 50, how);
    return made;
  };
  const later = { due: stage.day(0, 20) };
  const inTime = { done: [0, 18], expect: { 0: '1/1' } };
  updated('revision_update_moves_the_deadline', inTime, later);
  updated('revision_update_then_an_old_copy', { ...inTime, copies: 2 }, later);
  updated('revision_replacement_of_itself', inTime, later, 'replacement');
  updated('revision_update_without_a_deadline', { done: [0, 15], expect: { 0: '1/1 L1' } }, {});
  const forward = { done: [0, 9], expect: { 0: '1/1 L1' } };
  updated('revision_update_brings_it_forward', forward, { due: stage.day(0, 8) });
  const away = { done: [1, 3], expect: { 0: null, 1: '1/1' }, klass: 'assigned' };
  updated('revision_update_into_next_month', away, { due: stage.day(1, 5) });
  updated('revision_update_agreed_15', inTime, later);
  const made = city.documents[city.documents.length - 1];
  city.status(made, '15', made.receivers[0], stage.at(0, 9));
}

// In hand under one number, finished under another. `how`: what takes its place, and how that says so.
function replaced(stage, name, { expect, klass, other = {}, before = () => {}, how = {} }) {
  const { city } = stage;
  const { person, unit } = stage.anybody();
  const org = codeOf(city.unitById.get(unit));
  const { document, key } = city.handling({
    unit,
    type: 'Công văn',
    date: stage.day(0, 3),
    due: stage.day(0, 12),
    steps: [
      ['04', stage.at(0, 4), null],
      ['05', stage.at(0, 5), person],
    ],
  });
  before(document, org);
  const anew = city.replacement([document], { date: stage.day(0, 8), due: stage.day(0, 22), ...how });
  city.status(anew, '04', org, stage.at(0, 9));
  city.status(anew, '06', org, stage.at(0, 21), city.staff(person, unit, stage.day(0, 21)));
  city.plant(name, { items: [key], people: [person], expect, klass });
  const none = { klass: 'none', expect: { 0: null } };
  city.plant(`${name}_other`, { items: [handlingKey(anew, org)], people: [person], ...none, ...other });
  return { document, anew, org, person, unit };
}

const APART = { expect: { 0: '0/1' }, klass: 'assigned', other: { klass: 'completed', expect: { 0: '1/1' } } };

function replacements(stage) {
  const { city } = stage;
  const one = { expect: { 0: '1/1' }, klass: 'completed' };
  replaced(stage, 'revision_replaced_by_another', one);
  const late = { expect: { 0: '1/1 L1' }, klass: 'completed' };
  replaced(stage, 'revision_replacement_without_a_deadline', { ...late, how: { due: null } });
  replaced(stage, 'revision_replaced_by_an_id_that_repeats', { ...APART, how: { certain: false } });
  replaced(stage, 'revision_replaced_by_another_issuer', { ...APART, how: { issuer: 'H26.12' } });
  replaced(stage, 'revision_replaced_after_02', {
    ...APART,
    expect: { 0: null },
    klass: 'left',
    before: (document, org) => city.status(document, '02', org, stage.at(0, 6)),
  });
  const two = replaced(stage, 'revision_replaced_by_two', APART);
  city.replacement([two.document], { date: stage.day(0, 8), due: stage.day(0, 22) });
  replacedTwice(stage, 'revision_replaced_twice', stage.day(0, 19));
  // The deadline of the one in the middle stays.
  replacedTwice(stage, 'revision_replaced_twice_the_last_without_a_deadline', null);
}

function replacedTwice(stage, name, due) {
  const { city } = stage;
  const chain = replaced(stage, name, { expect: { 0: '1/1' }, klass: 'completed' });
  const last = city.replacement([chain.anew], { date: stage.day(0, 10), due });
  city.status(last, '03', chain.org, stage.at(0, 11));
  city.status(last, '06', chain.org, stage.at(0, 19), city.staff(chain.person, chain.unit, stage.day(0, 19)));
}

// Whoever gets only the replacement has an item of its own.
function replacementAlone(stage) {
  const { city } = stage;
  const { person, unit } = stage.anybody();
  const org = codeOf(city.unitById.get(unit));
  const dates = (from, due) => ({ date: stage.day(0, from), due: stage.day(0, due) });
  const old = city.document({ issuer: 'G22', receivers: ['H26.12'], ...dates(3, 12) });
  const anew = city.replacement([old], { ...dates(8, 22), receivers: [org] });
  city.status(anew, '04', org, stage.at(0, 9));
  city.status(anew, '06', org, stage.at(0, 21), city.staff(person, unit, stage.day(0, 21)));
  city.plant('revision_replacement_alone', {
    items: [handlingKey(anew, org)],
    people: [person],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
}

// A recall and an update, and one 15: it does not say to which.
function unclear(stage) {
  const { city } = stage;
  const person = city.cast.held[0];
  const unit = city.staffed[1].unit.id;
  const { document, key } = city.handling({
    unit,
    type: 'Công văn',
    date: stage.day(0, 3),
    due: stage.day(0, 12),
    steps: [
      ['04', stage.at(0, 4), null],
      ['06', stage.at(0, 11), person],
    ],
  });
  city.revise(document, 'recall', stage.at(0, 6));
  city.revise(document, 'update', stage.at(0, 7), { due: stage.day(0, 20) });
  city.status(document, '15', codeOf(city.unitById.get(unit)), stage.at(0, 8));
  city.plant('revision_recall_or_update_agreed', {
    items: [key],
    people: [person],
    expect: { 0: 'held' },
    klass: 'held',
  });
}

export function plantRevisionCases(stage) {
  recalls(stage);
  updates(stage);
  replacements(stage);
  replacementAlone(stage);
  unclear(stage);
}
