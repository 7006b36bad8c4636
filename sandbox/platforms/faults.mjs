// What whoever runs a platform could do to what it shows. A city has none of it unless it was started with --faults;
// then POST /faults on the truth server sets the whole list, at any time. Each fault:
//
//   { platform, stream, kind, match: { field: value } }   rows whose record has these fields, and
//   kind "hide"     they are shown no more; total "kept": still counted by the list's total
//   kind "rewrite"  set: { field: value }; changed: the time of change that the list selects by, if it moves
//   kind "again"    shown once more, with `set`; changed as above
//
// A message of the document hub is matched by docId, and rewritten by replace: [[text, text]...].

const KINDS = ['hide', 'rewrite', 'again'];

const fieldsOf = (row) => (row.record ? row.record() : row);
const fits = (row, match) => {
  const fields = fieldsOf(row);
  return Object.entries(match).every(([name, value]) => String(fields[name]) === String(value));
};

function rewritten(row, { set = {}, changed, replace = [] }) {
  const key = changed ?? row.key;
  if (row.record) return { ...row, key, record: () => ({ ...row.record(), ...set }) };
  const write = () => replace.reduce((text, [from, to]) => text.replaceAll(from, to), row.write());
  return { ...row, ...set, write };
}

function shown(row, fault) {
  if (!fits(row, fault.match)) return [row];
  if (fault.kind === 'hide') return fault.total === 'kept' ? [{ ...row, ghost: true }] : [];
  return fault.kind === 'again' ? [row, rewritten(row, fault)] : [rewritten(row, fault)];
}

export class Faults {
  #all = [];

  set(list) {
    for (const { platform, stream, kind, match } of list) {
      if (!platform || !stream || !match || !KINDS.includes(kind)) throw new Error('a fault needs platform, stream, kind, match');
    }
    this.#all = list;
  }

  apply(platform, stream, rows) {
    const mine = this.#all.filter((f) => f.platform === platform && f.stream === stream);
    return mine.reduce((list, fault) => list.flatMap((row) => shown(row, fault)), rows);
  }
}

// The rows that a list of the city goes through, as it shows them now.
export const rowsShown = (city, platform, stream, rows) => city.faults?.apply(platform, stream, rows) ?? rows;
export const withoutGhosts = (rows) => rows.filter((row) => !row.ghost);
