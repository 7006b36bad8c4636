// Planted cases: each situation that the counting rules name, at least once, whatever the
// seed. A case tells its items, their people, and the line that each sheet must show, as
// worked out by hand ("1/1 L1 F0 C N": completed/assigned, lates, failures, carried over,
// no deadline; null: no line in that month).

import { plantDocumentCases } from './cases_documents.mjs';
import { plantDossierCases } from './cases_dossiers.mjs';
import { plantTaskCases } from './cases_tasks.mjs';
import { plantBackingCases } from './cases_backing.mjs';
import { plantHeldCases, plantPeopleCases } from './cases_people.mjs';
import { plantReportCases } from './cases_reports.mjs';
import { plantCodeCases } from './cases_codes.mjs';
import { plantRevisionCases } from './cases_revisions.mjs';
import { plantSenderCases } from './cases_senders.mjs';
import { plantConflictCases } from './cases_conflicts.mjs';
import { plantWashingCases } from './cases_washing.mjs';
import { plantBadRecords } from './bad_records.mjs';
import { at, addDays, lastDay } from './time.mjs';

// Deals planted items out in turn, so that nobody gets all the late ones.
function dealer(list) {
  let next = 0;
  return () => list[next++ % list.length];
}

function ordinary(city, staffed) {
  const special = new Set(Object.values(city.cast).flat());
  return staffed.flatMap((s) =>
    [...s.members, ...s.deputies]
      .filter((p) => !special.has(p) || p === city.cast.longName)
      .map((person) => ({ person, unit: s.unit.id, staffed: s })),
  );
}

export class Stage {
  constructor(city) {
    this.city = city;
    const [first, second, party, front] = city.staffed;
    this.committee = dealer(ordinary(city, [first, second]));
    this.anybody = dealer(ordinary(city, [first, second, party, front]));
  }

  // The city date of a day in a month counted from the last one: day(0, 10), day(-1, 'last').
  day(month, day) {
    const period = this.city.lastPeriods[month + 2];
    return day === 'last' ? lastDay(period) : `${period}-${String(day).padStart(2, '0')}`;
  }

  at(month, day, time = '10:15:00') {
    return at(this.day(month, day), time);
  }

  // A colleague in the same unit who manages nobody.
  colleague({ person, staffed }) {
    return staffed.members.find(
      (p) => p !== person && !this.city.cast.twins.includes(p) && p !== this.city.cast.moved,
    );
  }
}

export { addDays };

export function plantCases(city) {
  const stage = new Stage(city);
  plantDocumentCases(stage);
  plantDossierCases(stage);
  plantTaskCases(stage);
  plantBackingCases(stage);
  plantReportCases(stage);
  plantHeldCases(stage);
  plantPeopleCases(stage);
  plantBadRecords(stage);
  plantCodeCases(stage);
  plantSenderCases(stage);
  plantRevisionCases(stage);
  plantConflictCases(stage);
  plantWashingCases(stage);
}
