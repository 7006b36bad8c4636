// Made-up Vietnamese names. Nobody in the sandbox is a real person.

const FAMILY = [
  'Nguyễn',
  'Trần',
  'Lê',
  'Phạm',
  'Hoàng',
  'Vũ',
  'Đặng',
  'Bùi',
  'Đỗ',
  'Ngô',
  'Dương',
  'Lý',
  'Phan',
  'Đinh',
];
const MIDDLE = [
  'Thị',
  'Văn',
  'Minh',
  'Thu',
  'Quốc',
  'Hồng',
  'Thanh',
  'Đức',
  'Ngọc',
  'Hữu',
  'Tuấn',
  'Bích',
  'Xuân',
  'Kim',
];
const GIVEN = [
  'An',
  'Bình',
  'Cường',
  'Dũng',
  'Giang',
  'Hà',
  'Hải',
  'Hạnh',
  'Hiếu',
  'Hoa',
  'Hùng',
  'Hương',
  'Khánh',
  'Lan',
  'Linh',
  'Long',
  'Mai',
  'Nam',
  'Nga',
  'Ngân',
  'Phong',
  'Phương',
  'Quân',
  'Quỳnh',
  'Sơn',
  'Tâm',
  'Thảo',
  'Thắng',
  'Thủy',
  'Trang',
  'Tùng',
  'Việt',
  'Yến',
  'Tấn',
  'Uyên',
  'Vân',
  'Điệp',
  'Hậu',
  'Kiên',
  'Lâm',
];

export function makeName(rng) {
  return `${rng.pick(FAMILY)} ${rng.pick(MIDDLE)} ${rng.pick(GIVEN)}`;
}

// "Nguyễn Thị An" -> "nguyenthian", for accounts and addresses.
export function asciiOf(name) {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    .replace(/\s+/g, '')
    .toLowerCase();
}
