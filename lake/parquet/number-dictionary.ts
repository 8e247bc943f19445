/** A dictionary is not judged before it has as many entries, for the reason that byte-values.ts gives. */
const TRIAL_ENTRIES = 8192;

/**
 * Finds the distinct values of a column of numbers, compared by their bits (so -0 is not 0, and NaN is NaN).
 * Open addressing over typed arrays: about 5 ns a value where a Map takes 30.
 */
export class NumberDictionary {
  /** The distinct values, in order of first occurrence. */
  entries = new Float64Array(1024);
  size = 0;
  /** For each value the index of its entry. */
  indices = new Uint32Array(1024);
  #entryBits = new Int32Array(this.entries.buffer);
  /** Index + 1 of the entry in a slot, 0 for an empty one. */
  #slots = new Int32Array(2048);
  #mask = 0;

  /** Fills `entries` and `indices`; false as soon as a dictionary of at most `entriesMax` would not pay. */
  build(values: Float64Array, count: number, entriesMax: number): boolean {
    if (this.indices.length < count) this.indices = new Uint32Array(Math.max(count, this.indices.length * 2));
    const bits = new Int32Array(values.buffer, values.byteOffset, count * 2);
    this.size = 0;
    this.#mask = 1023;
    this.#slots.fill(0, 0, 1024);
    const indices = this.indices;
    let lastLow = 0;
    let lastHigh = 0;
    let lastIndex = -1;
    for (let i = 0; i < count; i++) {
      const low = bits[i * 2] as number;
      const high = bits[i * 2 + 1] as number;
      if (low !== lastLow || high !== lastHigh || lastIndex < 0) {
        const before = this.size;
        lastIndex = this.#indexOf(low, high);
        if (this.size !== before && !this.#pays(i + 1, entriesMax)) return false;
        lastLow = low;
        lastHigh = high;
      }
      indices[i] = lastIndex;
    }
    return true;
  }

  #pays(seen: number, entriesMax: number): boolean {
    return this.size <= entriesMax && (this.size < TRIAL_ENTRIES || this.size * 3 < seen * 2);
  }

  #indexOf(low: number, high: number): number {
    let slot = hash(low, high) & this.#mask;
    for (;;) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) break;
      if (this.#entryBits[entry * 2] === low && this.#entryBits[entry * 2 + 1] === high) return entry;
      slot = (slot + 1) & this.#mask;
    }
    const index = this.size++;
    if (index === this.entries.length) this.#growEntries();
    this.#entryBits[index * 2] = low;
    this.#entryBits[index * 2 + 1] = high;
    this.#slots[slot] = index + 1;
    if (this.size * 2 > this.#mask) this.#growSlots();
    return index;
  }

  #growEntries(): void {
    const entries = new Float64Array(this.entries.length * 2);
    entries.set(this.entries);
    this.entries = entries;
    this.#entryBits = new Int32Array(entries.buffer);
  }

  #growSlots(): void {
    const capacity = (this.#mask + 1) * 2;
    if (this.#slots.length < capacity) this.#slots = new Int32Array(capacity);
    else this.#slots.fill(0, 0, capacity);
    this.#mask = capacity - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = hash(this.#entryBits[index * 2] as number, this.#entryBits[index * 2 + 1] as number) & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = index + 1;
    }
  }
}

/** Multiplicative hashing; the constants are those of murmur3's finaliser and of the golden ratio. */
function hash(low: number, high: number): number {
  let mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
