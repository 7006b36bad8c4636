// Citizen reports: of a unit, and of a person only through a task.

import { REPORT_CATEGORIES } from '../world/products.mjs';
import { dateOf } from '../world/time.mjs';
import { isBefore, stated, versions } from './conflicts.mjs';

const OTHER = '4';

// Answered at another time, or no longer, or before it was sent.
function answerInConflict(report, received, asOf) {
  const said = versions(report).map((v) => v.answered);
  const first = said.find((x) => x !== null) ?? null;
  const known = [first, report.answered].some((x) => x !== null && x <= asOf);
  if (known && stated(report, (v) => v.answered).rewritten) return true;
  return report.answered !== null && report.answered <= asOf && isBefore(report.answered, received);
}

export function reportAt(world, report, asOf) {
  const answered = report.answered !== null && report.answered <= asOf ? report.answered : null;
  const product = REPORT_CATEGORIES[report.category ?? OTHER]?.product ?? null;
  const received = stated(report, (v) => v.received);
  const left = report.duplicate_of !== null && (report.answered === null || answered !== null);
  const conflict = !left && (received.rewritten || answerInConflict(report, received.value, asOf));
  const ends = versions(report)
    .map((v) => v.answered)
    .filter((x) => x !== null);
  return {
    key: `report:ihanoi:${report.id}`,
    kind: 'report',
    aliases: [],
    unit: world.dir.unitByCode(report.org, dateOf(received.value)),
    lead: { state: 'unresolved' },
    named: false,
    assigned: received.value,
    dues: [null],
    changes: [],
    quantity: 1,
    completions: answered === null ? [] : [{ at: answered, quantity: 1 }],
    failures: 0,
    product,
    held: [product ? null : 'no_product', conflict ? 'conflict' : null].filter(Boolean),
    left,
    ...(conflict ? { contested: ends } : {}),
  };
}
