// People and the dated keys by which platforms name them. Some people are cast for parts
// that the planted cases need; everybody else is ordinary.

import { Rng } from './rng.mjs';
import { asciiOf, makeName } from './names.mjs';
import { codeOf, fillingOrder } from './places.mjs';
import { addDays, addMonths, firstDay } from './time.mjs';

export const FEWEST_OFFICIALS = 48;
export const CITY_OFFICE = 'vpub.thanhpho';
const KEYS_FROM = '2025-07-01';
const LONG_LABEL = 46; // where the one-stop system cuts a name

// Sizes of the filled units: 8 to 15 people each, near 12.
function unitSizes(rng, people) {
  const count = Math.max(4, Math.round(people / 12.2));
  const sizes = Array.from(
    { length: count },
    (_, i) => Math.floor(people / count) + (i < people % count ? 1 : 0),
  );
  for (let k = 0; k < count * 2; k++) {
    const from = rng.int(0, count - 1),
      to = rng.int(0, count - 1);
    if (sizes[from] > (from < 4 ? 11 : 8) && sizes[to] < 15) {
      sizes[from]--;
      sizes[to]++;
    }
  }
  return sizes;
}

function post(unit, person, role, manager, from) {
  const all = unit.axis === 'committee' && unit.ward;
  return {
    person,
    unit: unit.id,
    role,
    manager,
    peer_group: role === 'member' ? 'chuyên viên' : 'lãnh đạo',
    fed_by: all ? ['edoc', 'dvc', 'ihanoi', 'hanoiwork'] : ['edoc', 'hanoiwork'],
    from,
  };
}

// One head, one or two deputies; deputies answer to the head, members to a deputy or the head.
function staffUnit(unit, ids) {
  const [head, ...rest] = ids;
  const deputies = rest.slice(0, ids.length < 11 ? 1 : 2);
  const members = rest.slice(deputies.length);
  const share = Math.ceil((members.length - 1) / deputies.length);
  const managerOf = (i) => (i === members.length - 1 ? head : deputies[Math.floor(i / share)]);
  return {
    unit,
    head,
    deputies,
    members,
    posts: [
      post(unit, head, 'head', null, KEYS_FROM),
      ...deputies.map((p) => post(unit, p, 'deputy', head, KEYS_FROM)),
      ...members.map((p, i) => post(unit, p, 'member', managerOf(i), KEYS_FROM)),
    ],
    team: (manager) => members.filter((_, i) => managerOf(i) === manager),
  };
}

function makeUnitsWithPeople(rng, order, officials) {
  let next = 1;
  const take = (n) => Array.from({ length: n }, () => `p${String(next++).padStart(5, '0')}`);
  const staffed = unitSizes(rng, officials - 1).map((size, i) => staffUnit(order.units[i], take(size)));
  const single = {
    unit: order.single,
    posts: [],
    deputies: [],
    members: [],
    head: take(1)[0],
    team: () => [],
  };
  single.posts = [post(single.unit, single.head, 'head', null, KEYS_FROM)];
  return [...staffed, single];
}

function makePerson(rng, id, name, group) {
  const person = { id, name, group };
  if (rng.bool(0.4)) person.national_id = `001${String(rng.int(0, 999999999)).padStart(9, '0')}`;
  return person;
}

// Which people play which part. Held and ambiguous items stay with one deputy's team and
// missing assessments with another's, so that few leaders wait for them.
function castParts(staffed) {
  const [first, second, party, front] = staffed;
  const heldTeam = second.team(second.deputies[0]);
  const partyTeam = party.team(party.deputies[0]);
  const single = staffed[staffed.length - 1];
  const lastTeam = first.team(first.deputies[first.deputies.length - 1]);
  return {
    held: heldTeam.slice(0, 2),
    twins: heldTeam.slice(2, 4),
    unassessed: partyTeam[0],
    unassessedLeader: front.deputies[0],
    moved: first.members[0],
    weak: lastTeam[0],
    star: lastTeam[1],
    idle: lastTeam[2],
    idleOnce: first.members[1],
    longName: first.members[2],
    single: single.head,
    publicEmployee: front.members[0],
    contract: front.members[1],
    cadre: party.members[party.members.length - 1],
  };
}

const groupOf = (rng, id, cast) => {
  if (id === cast.publicEmployee) return 'public_employee';
  if (id === cast.contract) return 'contract';
  return id === cast.cadre ? 'cadre' : 'civil_servant';
};

function namePeople(seed, staffed, cast) {
  const people = new Map();
  for (const s of staffed) {
    const used = new Set();
    for (const { person: id } of s.posts) {
      const rng = new Rng(seed, 'person', id);
      let name = makeName(rng);
      while (used.has(name)) name = makeName(rng);
      if (id === cast.twins[1]) name = people.get(cast.twins[0]).name;
      used.add(name);
      people.set(id, makePerson(rng, id, name, groupOf(rng, id, cast)));
    }
  }
  return people;
}

// Larger cities have more people outside the decree, but never leaders.
function spreadGroups(seed, staffed, people) {
  for (const s of staffed.slice(4)) {
    for (const id of s.members.slice(1)) {
      const rng = new Rng(seed, 'group', id);
      if (rng.bool(0.05)) people.get(id).group = rng.pick(['public_employee', 'contract', 'cadre']);
    }
  }
}

// The mid-month transfer: last day in the old unit is the 15th of the last month but one.
function transfer(staffed, cast, periods) {
  const [first, , party] = staffed;
  const lastDay = addDays(firstDay(addMonths(periods[periods.length - 1], -1)), 14);
  const old = first.posts.find((p) => p.person === cast.moved);
  old.to = lastDay;
  const manager = party.deputies[party.deputies.length - 1];
  party.posts.push(post(party.unit, cast.moved, 'member', manager, addDays(lastDay, 1)));
  return { person: cast.moved, from: first.unit.id, to: party.unit.id, lastDay };
}

function labelText(person, id, cast) {
  if (id === cast.twins[1]) return `${person.name} (Tư pháp - Hộ tịch)`;
  if (id !== cast.longName) return person.name;
  return `${`${person.name} - Chuyên viên Văn hóa, Xã hội và Môi trường`.slice(0, LONG_LABEL)}...`;
}

const span = (row, post_) => ({ ...row, from: post_.from, ...(post_.to ? { to: post_.to } : {}) });

// Keys that belong to a post: staff code of the unit, and the dossier label.
function postKeys(dir, world, post_) {
  const unit = world.unitById.get(post_.unit);
  const person = world.personById.get(post_.person);
  const n = post_.person.slice(-4);
  dir.staff_codes.push(span({ person: person.id, issuer: codeOf(unit), code: `CB${n}` }, post_));
  if (!post_.fed_by.includes('dvc')) return;
  const [one, two] = world.approvers.filter((p) => p !== person.id);
  const label = labelText(person, person.id, world.cast);
  dir.labels.push(
    span({ person: person.id, register: 'dvc', unit: unit.id, label, approved_by: [one, two] }, post_),
  );
}

// Keys that a person keeps: one address, and one task account (the moved person got another, one
// person has a second one besides).
function personKeys(dir, world, id) {
  const name = asciiOf(world.personById.get(id).name);
  const n = Number(id.slice(1));
  dir.emails.push({ person: id, address: `${name}.${n}@example.vn`, from: KEYS_FROM });
  const account = (suffix, dates) => ({
    person: id,
    register: 'hanoiwork',
    account: `${name}.${n}${suffix}`,
    ...dates,
  });
  if (id === world.cast.longName) dir.accounts.push(account('.phu', { from: KEYS_FROM }));
  if (id !== world.move.person) dir.accounts.push(account('', { from: KEYS_FROM }));
  else {
    dir.accounts.push(account('', { from: KEYS_FROM, to: world.move.lastDay }));
    dir.accounts.push(account('.b', { from: addDays(world.move.lastDay, 1) }));
  }
}

// For three days the one-stop system let both people of one name sign with the same label.
function sharedLabel(dir, world) {
  const [one, two] = world.cast.twins;
  const own = dir.labels.find((row) => row.person === one);
  const from = addDays(firstDay(world.periods[world.periods.length - 1]), 8);
  world.sharedLabel = { label: own.label, from, to: addDays(from, 2) };
  dir.labels.push({ ...own, person: two, from, to: addDays(from, 2) });
}

// One person for each duty, of those who lead nobody; the approver for the unit of the first head, with all below it.
function duties(world, memberships) {
  const leading = new Set(memberships.filter((m) => m.role !== 'member').map((m) => m.person));
  const planted = new Set(Object.values(world.cast).flat());
  const free = world.people.filter(
    (p) => p.national_id && !planted.has(p.id) && !leading.has(p.id),
  );
  const names = ['approver', 'catalogue_keeper', 'policy_keeper', 'operator', 'auditor'];
  const heads = memberships.filter((m) => m.role === 'head');
  return names.slice(0, free.length).map((duty, i) => ({
    person: free[free.length - 1 - i].id,
    duty,
    ...(duty === 'approver' && { unit: heads[0].unit, level: 1 }),
    from: '2026-01-01',
  }));
}

// Who assigns heads their work and accepts it: of the city's own office, so of no unit of this city, with the account alone.
function cityOffice(seed, dir) {
  const person = { id: 'vpub', name: makeName(new Rng(seed, 'person', 'vpub')), group: 'civil_servant' };
  dir.accounts.push({ person: person.id, register: 'hanoiwork', account: CITY_OFFICE, from: KEYS_FROM });
  return person;
}

export function fillPeople(world) {
  const staffed = makeUnitsWithPeople(
    new Rng(world.seed, 'sizes'),
    fillingOrder(world.units),
    world.officials,
  );
  world.staffed = staffed;
  world.cast = castParts(staffed);
  world.personById = namePeople(world.seed, staffed, world.cast);
  spreadGroups(world.seed, staffed, world.personById);
  world.people = [...world.personById.values()];
  world.approvers = [staffed[0].head, staffed[1].head, staffed[2].head];
  world.move = transfer(staffed, world.cast, world.periods);
  const dir = {
    memberships: staffed.flatMap((s) => s.posts),
    staff_codes: [],
    emails: [],
    accounts: [],
    labels: [],
  };
  for (const p of dir.memberships) postKeys(dir, world, p);
  for (const p of world.people) personKeys(dir, world, p.id);
  sharedLabel(dir, world);
  world.people.push(cityOffice(world.seed, dir));
  dir.duties = duties(world, dir.memberships);
  world.directory = dir;
}
