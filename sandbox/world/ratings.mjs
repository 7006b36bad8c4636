// What citizens say of finished work: sheets of nine criteria (0, 1 or 2 points each) about a
// dossier, a mark of 1 to 5 about a report, shares of answers about a unit each month. A pure
// function of the city; nothing that counts reads it.

import { chance } from './rng.mjs';
import { codeOf } from './places.mjs';
import { dateOf, endOfPeriod } from './time.mjs';

const CRITERIA = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
const DAY = 86_400;

const within = (city, ...names) => chance(city.seed, 'rating', ...names);

function ofDossiers(city) {
  const done = city.dossiers.filter((d) => typeof d.ended === 'number' && within(city, 'd', d.n) < 0.4);
  return done.map((d) => ({
    id: `DG-${d.n}`,
    dossier: d.id,
    at: d.ended + DAY,
    points: CRITERIA.filter((c) => within(city, 'left out', d.n, c) >= 0.02).map((c) => {
      const x = within(city, 'p', d.n, c);
      return [c, x < 0.1 ? 0 : x < 0.3 ? 1 : 2];
    }),
  }));
}

function ofReports(city) {
  const answered = city.reports.filter((r) => typeof r.answered === 'number' && within(city, 'r', r.n) < 0.5);
  return answered.map((r) => ({
    id: `HL-${r.n}`,
    report: r.id,
    org: r.org,
    at: r.answered + DAY,
    mark: 1 + Math.floor(within(city, 'm', r.n) * 5),
  }));
}

function ofUnits(city) {
  const monthly = (unit, period) => {
    const good = 40 + Math.floor(within(city, 'v', unit.id, period) * 50);
    return { id: `${codeOf(unit)}-${period}`, org: codeOf(unit), at: endOfPeriod(period) - DAY, shares: [good, 95 - good, 5] };
  };
  return city.units.filter((u) => u.codes?.length).flatMap((u) => city.periods.map((p) => monthly(u, p)));
}

// One each that must be refused or stand apart: points that cannot be, a criterion that nobody agreed,
// a dossier that nobody knows.
function odd(city) {
  const at = endOfPeriod(city.periods.at(-1)) - 2 * DAY;
  return [
    { id: 'DG-X1', dossier: 'H26.101-260601-99999', at, points: [['1', 3]] },
    { id: 'DG-X2', dossier: 'H26.101-260601-99999', at, points: [['10', 1]] },
    { id: 'DG-X3', dossier: 'H26.101-260601-99999', at, points: CRITERIA.map((c) => [c, 2]) },
  ];
}

export function ratingsOf(city) {
  return {
    dossiers: [...ofDossiers(city), ...odd(city)],
    reports: ofReports(city),
    units: ofUnits(city),
  };
}

export const dayOf = (rating) => dateOf(rating.at);
