// Assessments: general points by group for everybody, organising and unity for leaders.
// Some people's are left out, on purpose.

import { addMonths } from './time.mjs';

const POINTS = {
  star: [
    [9.5, 10],
    [9.5, 10],
    [9, 10],
  ],
  weak: [
    [4, 6],
    [3, 5],
    [2, 4],
  ],
  plain: [
    [8, 10],
    [7.5, 9.5],
    [7, 9],
  ],
};

const half = (rng, [low, high]) => String(low + rng.int(0, (high - low) * 2) / 2);

function styleOf(city, person) {
  if (person === city.cast.weak) return 'weak';
  if (person === city.cast.star) return 'star';
  return city.rng('points', person).bool(0.3) ? 'star' : 'plain';
}

function general(city, rng, person) {
  const [a, b, c] = POINTS[styleOf(city, person)].map((range) => half(rng, range));
  return { a, b, c };
}

function missing(city, person, period) {
  const { cast, periods } = city;
  const recent = periods.indexOf(period) >= periods.length - 2;
  if (person === cast.unassessed) return recent ? 'all' : null;
  if (person === cast.unassessedLeader) return recent ? 'leadership' : null;
  if (city.staffed.slice(0, 4).some((s) => s.posts.some((p) => p.person === person))) return null;
  return city.rng('unassessed', person, period).bool(0.012) ? 'general' : null;
}

function assessmentOf(city, post, period) {
  const gap = missing(city, post.person, period);
  if (gap === 'all') return null;
  const rng = city.rng('assessment', post.person, period);
  const assessor = post.manager ?? city.approvers.find((p) => p !== post.person);
  const row = { person: post.person, period, assessor, date: `${addMonths(period, 1)}-0${rng.int(1, 4)}` };
  const points = general(city, rng, post.person);
  if (gap !== 'general') row.general = points;
  if (post.role === 'member' || gap === 'leadership') return row;
  return { ...row, organising: rng.bool(0.8) ? '1' : '0.5', unity: rng.bool(0.85) ? '1' : '0.5' };
}

export function assess(city) {
  const rows = [];
  for (const period of city.periods) {
    for (const post of city.directory.memberships) {
      if (city.postOf(post.person, `${period}-28`) !== post) continue;
      const row = assessmentOf(city, post, period);
      if (row) rows.push(row);
    }
  }
  city.assessments = rows;
}
