// Citizen reports: of a unit, and of a person only through a task.

import { REPORT_CATEGORIES } from '../world/products.mjs';
import { dateOf } from '../world/time.mjs';

const OTHER = '4';

export function reportAt(world, report, asOf) {
  const answered = report.answered !== null && report.answered <= asOf ? report.answered : null;
  const product = REPORT_CATEGORIES[report.category ?? OTHER]?.product ?? null;
  return {
    key: `report:ihanoi:${report.id}`,
    kind: 'report',
    aliases: [],
    unit: world.dir.unitByCode(report.org, dateOf(report.received)),
    lead: { state: 'unresolved' },
    named: false,
    assigned: report.received,
    dues: [null],
    changes: [],
    quantity: 1,
    completions: answered === null ? [] : [{ at: answered, quantity: 1 }],
    failures: 0,
    product,
    held: product ? [] : ['no_product'],
    left: report.duplicate_of !== null && (report.answered === null || answered !== null),
  };
}
