// What the software of a one-stop system does to a dossier before anybody else receives it: it
// writes a closing row in the name of nobody, writes 9 over 5, 6 and 8, and fills in what is
// missing. Rows that it wrote carry `by_sender`; `status` is then what was true, `sent` what it wrote.

import { chance } from './rng.mjs';

export const DESK = 'Cán bộ một cửa';
export const RECEIVED = 'Tiếp nhận hồ sơ';
const FINISHED = 'Kết thúc xử lý hồ sơ';
const NO_DEADLINE = 'Hồ sơ không có ngày hẹn trả';
const WORDS = { 5: 'Cán bộ trả hồ sơ bổ sung', 6: 'Công dân thực hiện NVTC', 8: 'Cán bộ trả bổ sung hồ sơ' };
const OVERWRITTEN = new Set(Object.keys(WORDS));

const NAME_CHARACTERS = 46;

// What is left of a long name.
export const cutName = (name) => `${name.repeat(NAME_CHARACTERS).slice(0, NAME_CHARACTERS)}...`;

const row = (status, at, says) => ({ status, at, says, sent: '9', by_sender: true, person: null, label: DESK });

export const finishedRow = (at) => row('9', at, FINISHED);
export const noDeadlineRow = (dossier) => row('9', dossier.received, NO_DEADLINE);
export const rewrittenRow = (was, at) => row(was, at, WORDS[was]);

// The dossier's own status as it is sent; the last row is the last thing that truly happened.
export function overwrite(dossier) {
  const { status } = dossier.rows[dossier.rows.length - 1];
  dossier.through_sender = true;
  dossier.sent_status = OVERWRITTEN.has(status) ? '9' : status;
  return dossier;
}

// An ordinary dossier of a unit with such software. One that was sent while it waited got its closing row at
// receipt; a finished one gets it at its end, beside the official's own or in place of it.
export function sendThrough(city, dossier) {
  if (chance(city.seed, 'sender', dossier.n) > 0.2) return;
  overwrite(dossier);
  const waited = dossier.rows.some((r) => OVERWRITTEN.has(r.status));
  const own = dossier.rows.findIndex((r) => r.status === '9' && !r.by_sender);
  if (waited && own >= 0) dossier.rows.push(finishedRow(dossier.received));
  if (own < 0 || dossier.ended === null) return;
  dossier.rows.push(finishedRow(dossier.ended));
  if (!waited && chance(city.seed, 'in place', dossier.n) < 0.4) dossier.rows.splice(own, 1);
}
