// A workbook of one sheet, as spreadsheet programs write them: a ZIP archive of XML parts, texts
// shared or in the cell, dates as serial numbers with a style.

import { chance } from '../world/rng.mjs';
import { zip } from './zip.mjs';

const DAY_MS = 86_400_000;
const UNIX_EPOCH_SERIAL = 25_569; // 1970-01-01
const STYLES = { day: 1, minute: 2 };

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATED = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

// "2026/06/10 08:30:00" or "10/06/2026 08:30" -> {serial, style}; null: no such day.
function serialOf(text) {
  const [, day, clock] = /^(\S+)(?: (\S+))?$/.exec(text) ?? [];
  const numbers = (day ?? '').split('/').map(Number);
  const [y, m, d] = numbers[0] > 31 ? numbers : numbers.reverse();
  const ms = Date.UTC(y, m - 1, d);
  if (new Date(ms).getUTCDate() !== d) return null;
  const [h = 0, min = 0, s = 0] = (clock ?? '').split(':').map(Number);
  const fraction = (h * 3600 + min * 60 + s) / 86_400;
  return { serial: ms / DAY_MS + UNIX_EPOCH_SERIAL + fraction, style: clock ? STYLES.minute : STYLES.day };
}

function columnName(i) {
  return (i >= 26 ? columnName(Math.floor(i / 26) - 1) : '') + String.fromCharCode(65 + (i % 26));
}

class Sheet {
  constructor(seed) {
    this.seed = seed;
    this.shared = new Map();
  }

  text(place, text) {
    if (chance(this.seed, 'xi', place) < 0.2) {
      return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
    }
    if (!this.shared.has(text)) this.shared.set(text, this.shared.size);
    return `<c r="${place}" t="s"><v>${this.shared.get(text)}</v></c>`;
  }

  cell(place, cell) {
    if (!cell) return chance(this.seed, 'xe', place) < 0.3 ? `<c r="${place}" s="1"/>` : '';
    if (cell.number) return `<c r="${place}"><v>${cell.number}</v></c>`;
    const date = cell.date && serialOf(cell.date);
    if (date) return `<c r="${place}" s="${date.style}"><v>${date.serial}</v></c>`;
    return this.text(place, cell.date ?? cell.text);
  }

  row(cells, i) {
    const inside = cells.map((c, column) => this.cell(`${columnName(column)}${i + 1}`, c)).join('');
    return `<row r="${i + 1}">${inside}</row>`;
  }
}

const relations = (list) =>
  `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${list
    .map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${RELATED}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const KINDS = {
  'workbook.xml': `${CONTENT}.sheet.main+xml`,
  'worksheets/sheet1.xml': `${CONTENT}.worksheet+xml`,
  'sharedStrings.xml': `${CONTENT}.sharedStrings+xml`,
  'styles.xml': `${CONTENT}.styles+xml`,
};
const contentTypes = () =>
  `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
  Object.entries(KINDS)
    .map(([part, type]) => `<Override PartName="/xl/${part}" ContentType="${type}"/>`)
    .join('') +
  '</Types>';

const STYLE_SHEET =
  '<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>' +
  '<numFmt numFmtId="165" formatCode="[$-42A]dd/mm/yyyy\\ hh:mm"/></numFmts>' +
  '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>' +
  '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/>' +
  '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs>';

function partsOf(name, rows, seed) {
  const sheet = new Sheet(seed);
  const data = rows.map((cells, i) => sheet.row(cells, i)).join('');
  const strings = [...sheet.shared.keys()].map((t) => `<si><t xml:space="preserve">${escaped(t)}</t></si>`).join('');
  return {
    '[Content_Types].xml': contentTypes(),
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATED}"><sheets><sheet name="${escaped(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['sharedStrings', 'sharedStrings.xml'],
      ['styles', 'styles.xml'],
    ]),
    'xl/sharedStrings.xml': `${HEAD}<sst xmlns="${MAIN}">${strings}</sst>`,
    'xl/styles.xml': `${HEAD}<styleSheet xmlns="${MAIN}">${STYLE_SHEET}</styleSheet>`,
    'xl/worksheets/sheet1.xml': `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${data}</sheetData></worksheet>`,
  };
}

// `rows`: lists of null, {text}, {number} or {date}.
export const workbook = (name, rows, seed) => zip(partsOf(name, rows, seed));
