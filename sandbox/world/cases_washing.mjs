// Planted attempts to wash something clean, or to count it twice: a task of several over late dossiers, duplicates, an
// acceptance of one's own, a withdrawal behind a late end. Beside each stands what must not change.

import { dossierKey } from './builder.mjs';
import { addDays } from './time.mjs';

// Rows: [status, [month, day, time?], who]; who null: the official of the case.
function made(stage, cast, { received, due, rows }) {
  return stage.city.dossier({
    unit: cast.unit,
    received: stage.at(...received),
    due: Array.isArray(due) ? stage.at(...due, '17:00:00') : due,
    rows: [
      ['2', stage.at(...received), 'desk'],
      ['4', stage.at(...received) + 3600, cast.person],
      ...rows.map(([status, when, who]) => [status, stage.at(...when), who ?? cast.person]),
    ],
  });
}

// A deadline known to the day; the clock stood for two days of 24 hours: the last day of the month is still that day.
function waitToTheLastDay(stage) {
  const { city } = stage;
  const cast = stage.committee();
  const dossier = made(stage, cast, {
    received: [-1, 5],
    due: addDays(stage.day(-1, 'last'), -2),
    rows: [
      ['5', [-1, 10, '08:00:00'], null],
      ['4', [-1, 12, '08:00:00'], null],
    ],
  });
  city.plant('wait_moves_a_day_to_the_last_of_the_month', {
    items: [dossierKey(dossier)],
    people: [cast.person],
    expect: { '-1': '0/1', 0: '0/1 L1 C' },
    klass: 'assigned',
  });
}

export function plantWashingCases(stage) {
  waitToTheLastDay(stage);
}
