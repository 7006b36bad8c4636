// Who can sign in at the sandbox's providers: people of the city who have a personal number, and one who is nobody
// there. All are made up, and so are the passwords, which protect nothing.

import { createHash } from 'node:crypto';

export const PASSWORD = 'minhchung';
const LOW = { id: 'muc-thap', name: 'Lê Mức Thấp', number: '001099999998' }; // an account of the lowest level
const STRANGER = { id: 'nguoi-la', name: 'Trần Người Lạ', number: '001099999999' };

// A UUID from a text, so that a person keeps theirs from one start to the next.
function uuidOf(text) {
  const h = createHash('sha256').update(text).digest('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

const accountOf = (id, name, number, role, level = 'LoA3') => ({
  login: id,
  password: PASSWORD,
  person: id,
  name,
  number,
  role,
  subject: uuidOf(`sandbox ${id} ${number}`),
  level, // the highest that this person can reach
});

// By login. Role: the person's duty, else that of their first post, "none" without one.
export function accountsOf(city) {
  const roleOf = new Map(city.directory.duties.map((d) => [d.person, d.duty]));
  for (const m of city.directory.memberships) if (!roleOf.has(m.person)) roleOf.set(m.person, m.role);
  const people = city.people
    .filter((p) => p.national_id)
    .map((p) => accountOf(p.id, p.name, p.national_id, roleOf.get(p.id) ?? 'none'));
  people.push(accountOf(STRANGER.id, STRANGER.name, STRANGER.number, 'unknown'));
  people.push(accountOf(LOW.id, LOW.name, LOW.number, 'low', 'LoA1'));
  return new Map(people.map((a) => [a.login, a]));
}

// For people who try it out: one account of each role.
export function examplesOf(accounts) {
  const found = {};
  for (const a of accounts.values()) found[a.role] ??= { login: a.login, password: a.password, name: a.name };
  return found;
}
