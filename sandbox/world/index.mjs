// The simulated city: a pure function of seed, size and months.

import { City } from './builder.mjs';
import { FEWEST_OFFICIALS, fillPeople } from './people.mjs';
import { ordinaryMonths } from './flows.mjs';
import { assess } from './assessments.mjs';
import { Stage, plantCases } from './cases.mjs';
import { plantGates } from './cases_gates.mjs';
import { addMonths } from './time.mjs';

export { FEWEST_OFFICIALS };

// `end`: the last period, "2026-06". Events may run into the month after it. Without `tricks` the sources of
// cases_conflicts.mjs say one thing only.
export function makeWorld({ seed = 1, officials = 400, months = 3, end = '2026-06', tricks = true } = {}) {
  const periods = Array.from({ length: months }, (_, i) => addMonths(end, i - months + 1));
  // The transfer is dated in the month before the last, also where only one month is asked for.
  const city = new City(String(seed), officials, periods, tricks);
  city.lastPeriods = [addMonths(end, -2), addMonths(end, -1), end, addMonths(end, 1)];
  fillPeople(city);
  plantCases(city);
  ordinaryMonths(city);
  assess(city);
  plantGates(new Stage(city));
  return city;
}

// directory.json
export function directoryOf(city) {
  const { memberships, duties, staff_codes, emails, accounts, labels } = city.directory;
  return {
    schema: 'minhchung/directory@1',
    units: city.units,
    people: city.people,
    memberships,
    duties,
    staff_codes,
    emails,
    accounts,
    labels,
    organisation_codes: city.organisation_codes,
  };
}

// assessments.json
export const assessmentsOf = (city) => ({ schema: 'minhchung/assessments@1', assessments: city.assessments });
