// Exact ratios on BigInt: lowest terms, positive denominator.

const gcd = (a, b) => {
  while (b) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
};

export function ratio(num, den = 1n) {
  let n = BigInt(num),
    d = BigInt(den);
  if (d === 0n) throw new Error('ratio: zero denominator');
  if (d < 0n) [n, d] = [-n, -d];
  const g = gcd(n, d) || 1n;
  return { n: n / g, d: d / g };
}

export const ZERO = ratio(0),
  ONE = ratio(1);

// "1.25" -> 5/4
export function decimal(text) {
  const m = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!m) throw new Error(`not a decimal: ${text}`);
  const places = m[2] ?? '';
  return ratio(BigInt(m[1] + places), 10n ** BigInt(places.length));
}

export const add = (a, b) => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
export const sub = (a, b) => ratio(a.n * b.d - b.n * a.d, a.d * b.d);
export const mul = (a, b) => ratio(a.n * b.n, a.d * b.d);
export const div = (a, b) => ratio(a.n * b.d, a.d * b.n);
export const compare = (a, b) => (a.n * b.d < b.n * a.d ? -1 : a.n * b.d > b.n * a.d ? 1 : 0);
export const min = (a, b) => (compare(a, b) <= 0 ? a : b);
export const max = (a, b) => (compare(a, b) >= 0 ? a : b);
export const sum = (list) => list.reduce(add, ZERO);
export const exact = (a) => `${a.n}/${a.d}`;

// Two decimals, half up, of a ratio that is not negative.
export function twoDecimals(a) {
  const hundredths = (a.n * 200n + a.d) / (a.d * 2n);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}
