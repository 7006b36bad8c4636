// Time in the simulated city. A moment is either exact (a number: seconds since
// 1970-01-01T00:00:00Z) or known only to the day (a string "yyyy-mm-dd", city date).
// City time is +07:00 all year. Nothing here reads a clock.

const OFFSET = 7 * 3600;
const DAY = 86400;

export const isBare = (moment) => typeof moment === 'string';

// "2026-06-10" and optional "08:30:00", city time -> seconds.
export function at(date, time = '00:00:00') {
  const [y, m, d] = date.split('-').map(Number);
  const [hh, mm, ss] = time.split(':').map(Number);
  return Date.UTC(y, m - 1, d, hh, mm, ss) / 1000 - OFFSET;
}

const cityDate = (seconds) => new Date((Math.floor(seconds) + OFFSET) * 1000);

// The city date of a moment.
export function dateOf(moment) {
  return isBare(moment) ? moment : cityDate(moment).toISOString().slice(0, 10);
}

export function clockOf(seconds) {
  return cityDate(seconds).toISOString().slice(11, 19);
}

export const addDays = (date, days) => dateOf(at(date) + days * DAY);
export const weekday = (date) => (cityDate(at(date)).getUTCDay() + 6) % 7; // 0 = Monday

// The last instant a moment may mean: a bare date lasts to 24:00 of its day.
export const endOf = (moment) => (isBare(moment) ? at(moment) + DAY : moment);

// Has it happened by `asOf`? A bare date happens at its 24:00.
export const happened = (moment, asOf) => endOf(moment) <= asOf;

export const periodOf = (moment) => dateOf(moment).slice(0, 7);

export function addMonths(period, n) {
  const [y, m] = period.split('-').map(Number);
  const index = y * 12 + (m - 1) + n;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export const firstDay = (period) => `${period}-01`;
export const lastDay = (period) => addDays(firstDay(addMonths(period, 1)), -1);
// 24:00 of its last day.
export const endOfPeriod = (period) => at(firstDay(addMonths(period, 1)));

// Strict readers for the command line and /truth.
export const isPeriod = (text) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

export function parseInstant(text) {
  const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;
  const m = shape.exec(text);
  if (!m) return null;
  const base = Date.UTC(+m[1], +m[2] - 1, +m[3], +m[4], +m[5], +m[6]) / 1000;
  const zone =
    m[8] === 'Z' ? 0 : (m[8][0] === '-' ? -1 : 1) * (+m[8].slice(1, 3) * 3600 + +m[8].slice(4, 6) * 60);
  return base - zone + (m[7] ? Number(`0${m[7]}`) : 0);
}

export function formatInstant(seconds) {
  const whole = Math.floor(seconds);
  const micros = Math.round((seconds - whole) * 1e6);
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`;
}
