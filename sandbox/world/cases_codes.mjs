// Planted cases of organisation codes: notations of two generations, and a body that ended.

import { dossierKey } from './builder.mjs';
import { codeOf } from './places.mjs';
import { addDays } from './time.mjs';

// Senders write the first generation where nobody expects it (`written`: in which notation).
function firstGeneration(stage) {
  const { city } = stage;
  const cast = stage.committee();
  const org = codeOf(city.unitById.get(cast.unit));
  const former = city.formerCodes().get(org);
  const made = city.handling({
    unit: cast.unit,
    type: 'Báo cáo',
    date: stage.day(0, 3),
    due: stage.day(0, 20),
    steps: [
      ['04', stage.at(0, 4), null],
      ['05', stage.at(0, 5), cast.person],
      ['06', stage.at(0, 17), cast.person, 'code'],
    ],
  });
  const said = city.statuses.slice(-3);
  Object.assign(said[0], { written: { from: former, about: 'G22' } });
  Object.assign(said[1], { written: { from: org, about: '000.00.00.G22' } });
  Object.assign(said[2], { written: { from: former, about: '000.00.00.G22' } });
  city.plant('document_codes_of_two_generations', {
    items: [made.key],
    people: [cast.person],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
}

// Assigned at a body that ended; finished by the unit that took over, in its own name.
function formerBody(stage) {
  const { city } = stage;
  const cast = stage.anybody();
  const org = codeOf(city.unitById.get(cast.unit));
  const former = `${org}.901`;
  city.organisation_codes.push({
    old_code: former,
    code: org,
    relation: 'succeeded',
    from: stage.day(0, 10),
    source: 'Nghị quyết sắp xếp (mô phỏng)',
  });
  const doc = city.document({
    issuer: 'G22',
    receivers: [former],
    type: 'Báo cáo',
    date: stage.day(0, 2),
    due: stage.day(0, 20),
  });
  city.status(doc, '04', former, stage.at(0, 3));
  const by = city.staff(cast.person, cast.unit, stage.day(0, 16), 'email');
  city.status(doc, '06', former, stage.at(0, 16), by, { written: { from: org, about: 'G22' } });
  city.plant('document_finished_by_successor', {
    items: [`document:G22|${doc.number}|${doc.date}|${former}`],
    people: [cast.person],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
}

// The same, before the successor's first day: it speaks for itself, the handling stays open.
function tooEarly(stage) {
  const { city } = stage;
  const cast = stage.anybody();
  const org = codeOf(city.unitById.get(cast.unit));
  const former = `${org}.902`;
  city.organisation_codes.push({
    old_code: former,
    code: org,
    relation: 'succeeded',
    from: addDays(stage.day(0, 16), 1),
    source: 'Nghị quyết sắp xếp (mô phỏng)',
  });
  const doc = city.document({
    issuer: 'G22',
    receivers: [former],
    type: 'Báo cáo',
    date: stage.day(0, 2),
    due: stage.day(0, 20),
  });
  const by = (day) => city.staff(cast.person, cast.unit, stage.day(0, day), 'email');
  city.status(doc, '04', former, stage.at(0, 3));
  city.status(doc, '05', former, stage.at(0, 4), by(4));
  city.status(doc, '06', org, stage.at(0, 16), by(16));
  city.plant('document_not_yet_succeeded', {
    items: [`document:G22|${doc.number}|${doc.date}|${former}`],
    people: [cast.person],
    expect: { 0: '0/1' },
    klass: 'assigned',
  });
}

const MERGER = '2025-07-01';
const MERGED = 'Nghị quyết sắp xếp năm 2025 (mô phỏng)';

// A ward that ended in the mergers of 2025, with a code of each generation; its platforms still write both.
function mergedWard(stage, cast, n) {
  const { city } = stage;
  const org = codeOf(city.unitById.get(cast.unit));
  const [first, second] = [`000.${n}.90.H26`, `H26.90.${n}`];
  city.organisation_codes.push(
    { old_code: first, code: second, relation: 'same', source: MERGED },
    { old_code: second, code: org, relation: 'succeeded', from: MERGER, source: MERGED },
  );
  return { first, second, name: `Ủy ban nhân dân phường cũ số ${n} (mô phỏng)` };
}

// Sent to it, and handled under its code of either generation, by the people of who took over.
function documentForMergedWard(stage) {
  const { city } = stage;
  const cast = stage.committee();
  const { first, second } = mergedWard(stage, cast, 17);
  const doc = city.document({
    issuer: 'G22',
    receivers: [second],
    type: 'Báo cáo',
    date: stage.day(0, 2),
    due: stage.day(0, 20),
  });
  const by = (day) => city.staff(cast.person, cast.unit, stage.day(0, day), 'email');
  city.status(doc, '04', second, stage.at(0, 3), null, { written: { from: first, about: 'G22' } });
  city.status(doc, '05', second, stage.at(0, 4), by(4), { written: { from: second, about: '000.00.00.G22' } });
  city.status(doc, '06', second, stage.at(0, 16), by(16), { written: { from: first, about: '000.00.00.G22' } });
  city.plant('document_for_a_ward_that_ended_in_2025', {
    items: [`document:G22|${doc.number}|${doc.date}|${second}`],
    people: [cast.person],
    expect: { 0: '1/1' },
    klass: 'completed',
  });
}

// Numbered by the former ward, in either generation, and under its name.
function dossiersOfMergedWard(stage) {
  const { city } = stage;
  const cast = stage.committee();
  const { first, second, name } = mergedWard(stage, cast, 18);
  const make = (planted, org, unit, outcome) => {
    const start = stage.at(0, 3);
    const dossier = city.dossier({
      unit: cast.unit,
      org,
      unit_written: name,
      received: start,
      due: stage.at(0, 15),
      rows: [
        ['2', start, 'desk'],
        ['4', start + 3600, cast.person],
        ['9', stage.at(0, 11), cast.person],
      ],
    });
    dossier.unit = unit;
    city.plant(planted, { items: [dossierKey(dossier)], people: [cast.person], ...outcome });
  };
  const done = { expect: { 0: '1/1' }, klass: 'completed' };
  make('dossier_of_a_ward_that_ended_first_generation', first, cast.unit, done);
  make('dossier_of_a_ward_that_ended_second_generation', second, cast.unit, done);
  // Split between two: whose it is, no table can say.
  const other = stage.city.staffed[3].unit;
  const split = mergedWard(stage, cast, 19).second;
  city.organisation_codes.push({
    old_code: split,
    code: codeOf(other),
    relation: 'succeeded',
    from: MERGER,
    source: MERGED,
  });
  make('dossier_of_a_ward_split_in_two', split, null, { expect: { 0: null }, klass: 'unresolved' });
}

export function plantCodeCases(stage) {
  firstGeneration(stage);
  formerBody(stage);
  tooEarly(stage);
  documentForMergedWard(stage);
  dossiersOfMergedWard(stage);
}
