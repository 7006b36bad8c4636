// What platforms do to texts on the wire. None of it changes what is meant.

import { chance } from '../world/rng.mjs';
import { clockOf, dateOf, isBare } from '../world/time.mjs';

const QUALITY = /[\u0302\u0306\u031b]/; // circumflex, breve, horn: part of the letter

// Half-decomposed Vietnamese: the letter composed, its tone mark apart ("â" + U+0301), as
// real messages carry it: neither NFC nor NFD.
export function halfDecompose(text) {
  return [...text.normalize('NFC')]
    .map((letter) => {
      const [base, ...marks] = [...letter.normalize('NFD')];
      const quality = marks.filter((m) => QUALITY.test(m)).join('');
      if (!quality || marks.length < 2) return letter;
      return (base + quality).normalize('NFC') + marks.filter((m) => !QUALITY.test(m)).join('');
    })
    .join('');
}

// Half-decomposes some texts, always the same ones.
export function wireText(text, seed, id, rate = 0.1) {
  return text && chance(seed, 'nfd', id) < rate ? halfDecompose(text) : text;
}

// Some senders still write an organisation's code in the first generation.
export const notation = (city, id, code) =>
  chance(city.seed, 'notation', id) < 0.15 ? (city.formerCodes().get(code) ?? code) : code;

const parts = (moment) => [
  dateOf(moment).split('-'),
  isBare(moment) ? ['00', '00', '00'] : clockOf(moment).split(':'),
];

export const slashDate = (moment) => dateOf(moment).replaceAll('-', '/'); // 2026/06/10
export const slashTime = (moment) => `${slashDate(moment)} ${parts(moment)[1].join(':')}`; // 2026/06/10 08:30:00
export const packedTime = (moment) => parts(moment).flat().join(''); // 20260610083000
export const showDate = (moment) => parts(moment)[0].reverse().join('/'); // 10/06/2026
export const showMinute = (moment) => `${showDate(moment)} ${clockOf(moment).slice(0, 5)}`; // 10/06/2026 08:30
export const dashTime = (moment) => `${dateOf(moment)} ${clockOf(moment)}`; // 2026-06-10 08:30:00
export const doubleDash = (moment) => dashTime(moment).replace(/-(\d\d) /, '--$1 '); // 2026-06--10 08:30:00
export const falseZulu = (moment) => `${dateOf(moment)}T${clockOf(moment)}.000Z`; // local time, marked Z

export const BOM = '\ufeff';
