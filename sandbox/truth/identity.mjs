// Who is meant by the keys that a platform writes, on a city date. Written from the
// counting rules (section 4a "Who"; decision 0001, 22 and 23) over the directory's rows.

const within = (row, date) => (!row.from || row.from <= date) && (!row.to || date <= row.to);

function index(rows, keyOf) {
  const map = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    if (!map.has(key)) map.set(key, []);
    map.get(key).push(row);
  }
  return map;
}

const join = (...names) => names.join('\u0000');
const NOBODY = { state: 'unresolved' };

export class Directory {
  constructor({ units, directory }) {
    this.units = new Map(units.map((u) => [u.id, u]));
    this.codes = index(
      units.flatMap((u) => u.codes.map((c) => ({ ...c, unit: u.id }))),
      (c) => c.code,
    );
    this.names = index(units, (u) => u.name.normalize('NFC'));
    this.posts = index(directory.memberships, (m) => m.person);
    this.rows = {
      staff: index(directory.staff_codes, (r) => join(r.issuer, r.code)),
      email: index(directory.emails, (r) => r.address.toLowerCase()),
      account: index(directory.accounts, (r) => join(r.register, r.account)),
      label: index(directory.labels, (r) => join(r.register, r.unit, r.label)),
    };
  }

  owners(kind, key, date) {
    const rows = this.rows[kind].get(key) ?? [];
    return [...new Set(rows.filter((r) => within(r, date)).map((r) => r.person))].sort();
  }

  // The first key that the source states and the directory knows that day decides.
  resolve(keys, date) {
    for (const [kind, key] of keys) {
      const persons = this.owners(kind, key, date);
      if (persons.length === 1) return { state: 'resolved', person: persons[0] };
      if (persons.length > 1) return { state: 'ambiguous', candidates: persons };
    }
    return NOBODY;
  }

  // StaffInfo of a status message: staff code of the organisation that writes, then address.
  staff(staff, organisation, date) {
    const keys = [];
    if (staff?.code) keys.push(['staff', join(organisation, staff.code)]);
    if (staff?.email) keys.push(['email', staff.email.toLowerCase()]);
    return this.resolve(keys, date);
  }

  account(account, date) {
    return this.resolve(account ? [['account', join('hanoiwork', account)]] : [], date);
  }

  label(unit, label, date) {
    return this.resolve(unit && label ? [['label', join('dvc', unit, label)]] : [], date);
  }

  // Everybody who ever had the account.
  everHad(account) {
    return new Set((this.rows.account.get(join('hanoiwork', account)) ?? []).map((r) => r.person));
  }

  unitByCode(code, date) {
    const found = (this.codes.get(code.trim()) ?? []).filter((c) => within(c, date));
    return found.length === 1 ? found[0].unit : null;
  }

  // A dossier's unit stands there by name, else by the code in front of its number.
  unitByName(name) {
    const found = this.names.get(name) ?? [];
    return found.length === 1 ? found[0].id : null;
  }

  postOf(person, date) {
    return (this.posts.get(person) ?? []).find((m) => within(m, date)) ?? null;
  }

  unitOf(person, date) {
    return this.postOf(person, date)?.unit ?? null;
  }
}
