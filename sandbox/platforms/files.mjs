// The same bytes as saved files, one folder per source, for `minhchung sync --from`.

import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubMessages } from '../render/edxml.mjs';
import { dossierRecords } from '../render/dossiers.mjs';
import { reportLists } from '../render/reports.mjs';
import { taskRecords } from '../render/tasks.mjs';
import { addDays, at, dateOf, endOfPeriod } from '../world/time.mjs';

const PAGE = 100;
const DAYS_AFTER_END = 3; // when somebody exports what a folder holds

function writePages(dir, name, records, wrap) {
  mkdirSync(dir, { recursive: true });
  for (let i = 0; i * PAGE < records.length; i++) {
    const rows = records.slice(i * PAGE, (i + 1) * PAGE).map((r) => r.record());
    writeFileSync(
      join(dir, `${name}-${String(i + 1).padStart(4, '0')}.json`),
      JSON.stringify(wrap(rows, records.length)),
    );
  }
}

export function writeFiles(city, dir) {
  const documents = join(dir, 'documents');
  mkdirSync(documents, { recursive: true });
  for (const m of hubMessages(city)) writeFileSync(join(documents, `${m.docId}.edxml`), m.write());
  const { dossiers, steps } = dossierRecords(city);
  const service = (rows, total) => ({ error_code: '0', message: '', totalrow: String(total), data: rows });
  writePages(join(dir, 'public_service'), 'dossiers', dossiers, service);
  writePages(join(dir, 'public_service'), 'steps', steps, service);
  for (const [org, lists] of reportLists(city)) {
    const page = (rows, total) => ({ totalrow: total, data: rows });
    writePages(join(dir, 'citizen_reports', org), '0-open', lists.open, page);
    writePages(join(dir, 'citizen_reports', org), '1-handled', lists.handled, page);
  }
  const work = (rows, total) => ({
    PageData: rows,
    TotalRows: total,
    CurrentPage: 1,
    PageSize: PAGE,
    TotalPage: Math.ceil(total / PAGE),
  });
  writePages(join(dir, 'hanoiwork'), 'tasks', taskRecords(city), work);
}

// A folder of files as of a few days after the last month.
export function dropFiles(city, dir, files) {
  mkdirSync(dir, { recursive: true });
  const put = at(addDays(dateOf(endOfPeriod(city.periods.at(-1))), DAYS_AFTER_END));
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(dir, name), bytes);
    utimesSync(join(dir, name), put, put);
  }
}
