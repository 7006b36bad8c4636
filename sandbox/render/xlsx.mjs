// A workbook of one sheet, as spreadsheet programs write them: a ZIP archive of XML parts, texts
// shared or in the cell, dates as serial numbers with a style.

import { deflateRawSync } from 'node:zlib';

import { chance } from '../world/rng.mjs';

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

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

// APPNOTE 4.3: local headers with their bytes, then the directory.
export function zip(parts) {
  const files = [], directory = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const bytes = Buffer.from(text), packed = deflateRawSync(bytes), label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4); // deflated
    common.writeUInt16LE(0x21, 8); // 1 January 1980
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(label.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('504b01021400', 'hex'), common, tail, label);
    files.push(Buffer.from('504b0304', 'hex'), common, label, packed);
    offset += 4 + common.length + label.length + packed.length;
  }
  const list = Buffer.concat(directory), end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, list, end]);
}

// `rows`: lists of null, {text}, {number} or {date}.
export const workbook = (name, rows, seed) => zip(partsOf(name, rows, seed));
