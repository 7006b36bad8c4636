// A tiny world, written out by hand: one unit, a head, a member and a colleague. Tests add
// the events of one rule and look at the sheet. Objects have the shapes of world/builder.mjs.

import { truthFor } from '../truth/index.mjs';
import { at, endOfPeriod } from '../world/time.mjs';

export const ORG = 'H26.101';
const FED = ['edoc', 'dvc', 'ihanoi', 'hanoiwork'];
const from = '2025-07-01';

const post = (person, role, manager) => ({
  person,
  unit: 'u1',
  role,
  manager,
  peer_group: role,
  fed_by: FED,
  from,
});
const general = { a: '8', b: '8', c: '8' };

export function tinyWorld(events = {}) {
  const people = ['head', 'me', 'other'].map((id) => ({ id, name: `Người ${id}`, group: 'civil_servant' }));
  return {
    units: [
      { id: 'u1', name: 'Đơn vị một', axis: 'committee', parent: null, ward: null, codes: [{ code: ORG }] },
      { id: 'u2', name: 'Đơn vị hai', axis: 'party', parent: null, ward: null, codes: [{ code: 'H26.102' }] },
    ],
    people,
    directory: {
      memberships: [
        post('head', 'head', null),
        post('me', 'member', 'head'),
        post('other', 'member', 'head'),
      ],
      staff_codes: people.map((p) => ({ person: p.id, issuer: ORG, code: `C-${p.id}`, from })),
      emails: people.map((p) => ({ person: p.id, address: `${p.id}@example.vn`, from })),
      accounts: [
        ...people.map((p) => ({ person: p.id, register: 'hanoiwork', account: `a.${p.id}`, from })),
        { person: 'city', register: 'hanoiwork', account: 'city', from },
      ],
      labels: people.map((p) => ({
        person: p.id,
        register: 'dvc',
        unit: 'u1',
        label: p.name,
        approved_by: ['x', 'y'],
        from,
      })),
    },
    assessments: people.map((p) => ({
      person: p.id,
      period: '2026-06',
      general,
      organising: '1',
      unity: '1',
    })),
    documents: [],
    statuses: [],
    dossiers: [],
    reports: [],
    tasks: [],
    ...events,
  };
}

export const june = (day, time = '10:00:00') => at(`2026-06-${String(day).padStart(2, '0')}`, time);
export const date = (day) => `2026-06-${String(day).padStart(2, '0')}`;
export const staff = (person) => ({ person, code: `C-${person}`, email: '', name: person, unit: 'u1' });

export const incoming = (number, more = {}) => ({
  issuer: 'G22',
  number,
  date: date(1),
  type: 'Công văn',
  due: date(20),
  receivers: [ORG],
  task_codes: [],
  ...more,
});
export const outgoing = (number, day, more = {}) => ({
  issuer: ORG,
  number,
  date: date(day),
  type: 'Báo cáo',
  due: null,
  receivers: ['H26.12'],
  task_codes: [],
  ...more,
});
export const status = (doc, code, when, person = null, org = ORG) => ({
  code,
  from: org,
  issuer: doc.issuer,
  number: doc.number,
  date: doc.date,
  at: when,
  staff: person && staff(person),
});

export const task = (code, more = {}) => ({
  code,
  type: 'NV01',
  unit: 'u1',
  lead: { account: 'a.me' },
  assigner: { account: 'a.head' },
  created: june(3),
  due: date(20),
  quantity: 1,
  instruction: null,
  claims: [],
  returns: [],
  extensions: [],
  recall: null,
  acceptance: null,
  coordinators: [],
  ...more,
});
export const accepted = (day, more = {}) => ({
  acceptance: { at: june(day), by: { account: 'a.head' }, ...more },
});

export const dossier = (id, rows, more = {}) => ({
  id,
  other: null,
  unit: 'u1',
  procedure: '1.000894',
  received: june(2),
  due: june(15, '17:00:00'),
  supplements: [],
  status: null,
  ended: null,
  returned: null,
  ...more,
  rows: [
    { status: '2', at: june(2), label: 'Một cửa' },
    ...rows.map(([s, when, label]) => ({ status: s, at: when, label })),
  ],
});
export const LABEL = 'Người me';

export const truthOf = (events, period = '2026-06') =>
  truthFor(tinyWorld(events), period, endOfPeriod(period));
export const sheetOf = (events, person = 'me', period = '2026-06') =>
  truthOf(events, period).sheets.find((s) => s.person === person);
