// Planted citizen reports that nobody leads: they belong to their unit.

import { reportKey } from './builder.mjs';

export function plantReportCases(stage) {
  const { city } = stage;
  const unit = city.staffed[0].unit.id;
  const plant = (name, report, klass) => {
    const made = city.report({ unit, received: stage.at(0, 6, '09:30:00'), ...report });
    city.plant(name, { items: [reportKey(made)], klass });
  };
  plant('report_of_unit_open', {}, 'unresolved');
  plant('report_of_unit_answered', { answered: stage.at(0, 9) }, 'unresolved');
  plant('report_in_both_lists', { answered: stage.at(0, 9), listed: 'both' }, 'unresolved');
  plant('report_closed_as_duplicate', { answered: stage.at(0, 9), duplicate_of: '260001' }, 'left');
  plant('report_of_unknown_category', { category: '7', answered: stage.at(0, 9) }, 'held');
}
