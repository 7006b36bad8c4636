// Units of the city: every ward on the four axes, the city's own bodies and some
// departments. The root code H26 is an assumption: no source that we could read confirms
// it, so it is one constant.

import { readFileSync } from 'node:fs';

export const ROOT_CODE = 'H26';
const AXES = ['committee', 'party', 'front', 'council'];
const WARD_NAMES = {
  committee: (ward) => `Ủy ban nhân dân ${ward}`,
  party: (ward) => `Đảng ủy ${ward}`,
  front: (ward) => `Ủy ban Mặt trận Tổ quốc Việt Nam ${ward}`,
  council: (ward) => `Hội đồng nhân dân ${ward}`,
};
const CITY = [
  { id: 'city-committee', name: 'Ủy ban nhân dân thành phố Hà Nội', axis: 'committee', code: ROOT_CODE },
  { id: 'city-party', name: 'Thành ủy Hà Nội', axis: 'party', code: `${ROOT_CODE}.1` },
  {
    id: 'city-front',
    name: 'Ủy ban Mặt trận Tổ quốc Việt Nam thành phố Hà Nội',
    axis: 'front',
    code: `${ROOT_CODE}.2`,
  },
  { id: 'city-council', name: 'Hội đồng nhân dân thành phố Hà Nội', axis: 'council', code: `${ROOT_CODE}.3` },
];
const DEPARTMENTS = [
  'Văn phòng Ủy ban nhân dân thành phố',
  'Sở Nội vụ',
  'Sở Tài chính',
  'Sở Khoa học và Công nghệ',
  'Sở Xây dựng',
  'Sở Nông nghiệp và Môi trường',
  'Sở Văn hóa và Thể thao',
  'Sở Giáo dục và Đào tạo',
  'Sở Y tế',
  'Sở Tư pháp',
];
const OLD_CODES_UNTIL = '2025-06-30';

const oldCode = (n) => `000.00.${String(n).padStart(2, '0')}.${ROOT_CODE}`;

// A few units still had a first-generation code until the wards were merged.
function codesOf(code, oldNumber) {
  if (!oldNumber) return [{ code }];
  return [
    { code: oldCode(oldNumber), to: OLD_CODES_UNTIL },
    { code, from: '2025-07-01' },
  ];
}

function department(name, index) {
  const n = 11 + index;
  return {
    id: `dept-${n}`,
    name,
    axis: 'committee',
    parent: 'city-committee',
    ward: null,
    codes: codesOf(`${ROOT_CODE}.${n}`, index < 2 ? n : 0),
  };
}

function wardUnits(ward, index) {
  return AXES.map((axis, k) => ({
    id: `w${ward.code}-${axis}`,
    name: WARD_NAMES[axis](ward.name),
    axis,
    parent: `city-${axis}`,
    ward: ward.code,
    codes: codesOf(`${ROOT_CODE}.${101 + index * 4 + k}`, axis === 'committee' && index < 3 ? 50 + index : 0),
  }));
}

export function makeUnits() {
  const wards = JSON.parse(readFileSync(new URL('../data/hanoi-126-wards.json', import.meta.url), 'utf8'));
  const city = CITY.map(({ code, ...unit }) => ({ ...unit, parent: null, ward: null, codes: [{ code }] }));
  return [...city, ...DEPARTMENTS.map(department), ...wards.flatMap(wardUnits)];
}

// directory.json's organisation_codes: former notations that senders still write.
export function makeOrganisationCodes(units) {
  const source = 'Bảng mã định danh (mô phỏng)';
  const row = (old_code, code) => ({ old_code, code, relation: 'same', source });
  const ours = units.filter((u) => u.codes.length > 1).map((u) => row(u.codes[0].code, codeOf(u)));
  return [...ours, row('000.00.00.G22', 'G22'), row('000.00.00.G09', 'G09')];
}

// The code that a unit writes on its messages today.
export const codeOf = (unit) => unit.codes[unit.codes.length - 1].code;

// Units in the order in which people fill them, after the five first ones (people.mjs).
export function fillingOrder(units) {
  const byId = new Map(units.map((u) => [u.id, u]));
  const wards = [...new Set(units.filter((u) => u.ward).map((u) => u.ward))];
  const unit = (i, axis) => byId.get(`w${wards[i]}-${axis}`);
  const first = [unit(0, 'committee'), unit(1, 'committee'), unit(0, 'party'), unit(0, 'front')];
  const rest = [
    unit(2, 'committee'),
    unit(1, 'party'),
    byId.get('dept-14'),
    byId.get('dept-12'),
    unit(1, 'front'),
  ];
  for (let i = 3; i < wards.length; i++) {
    rest.push(unit(i, 'committee'));
    if (i % 3 === 0) rest.push(unit(i, 'party'), unit(i, 'council'));
    if (i % 4 === 0) rest.push(unit(i, 'front'));
  }
  // The largest cities need every ward's units; they come last, so that a smaller city stays as it was.
  const single = unit(0, 'council'),
    taken = new Set([...first, ...rest, single]);
  const last = units.filter((u) => u.ward && !taken.has(u));
  return { single, units: [...first, ...rest, ...last] };
}

export const WRITES_OUTSIDE = [
  { code: 'G22', name: 'Văn phòng Chính phủ' },
  { code: `${ROOT_CODE}.DN.001`, name: 'Công ty Thoát nước (mô phỏng)' },
  { code: 'G09', name: 'Bộ Nội vụ' },
  { code: ROOT_CODE, name: 'Ủy ban nhân dân thành phố Hà Nội' },
  { code: `${ROOT_CODE}.1`, name: 'Thành ủy Hà Nội' },
  { code: `${ROOT_CODE}.17`, name: 'Sở Văn hóa và Thể thao' },
];
