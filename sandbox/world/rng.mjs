// Seeded randomness. Every use asks for a stream by name, so adding a use never shifts
// another one: the same seed gives the same city, byte for byte.

// 32-bit FNV-1a, finished with a mixer so that near names give far values.
export function hash32(text) {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

// A number in [0, 1) that depends on the names alone: for choices of the renderer, which
// must not depend on the order in which pages are asked for.
export function chance(...names) {
  return hash32(names.join('\u0000')) / 4294967296;
}

export class Rng {
  constructor(...names) {
    this.state = hash32(names.join('\u0000')) || 1;
  }

  // mulberry32
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  // Both ends included.
  int(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  bool(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  // entries: [[value, weight], ...]
  weighted(entries) {
    const total = entries.reduce((sum, [, w]) => sum + w, 0);
    let at = this.next() * total;
    for (const [value, w] of entries) {
      at -= w;
      if (at < 0) return value;
    }
    return entries[entries.length - 1][0];
  }

  shuffled(list) {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }
}
