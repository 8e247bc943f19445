/**
 * The event uids of the last day by arrival time, exact (all 128 bits), in hourly segments: a uid counts as
 * recent for at least 24 and less than 25 hours. A segment of a past hour never changes again.
 * Costs about 23 to 46 bytes a uid (16 at a load between a third and two thirds).
 */
export interface RecentUids {
  /** True when the uid was there; else it is noted under the hour of `arrivalUs`. */
  seen(uid: string, arrivalUs: number): boolean;
  /** Hours since 1970 that are held, with the number of uids in each. */
  hours(): { hour: number; count: number }[];
  /** The uids of an hour, 16 bytes each, in no order. */
  bytesOf(hour: number): Uint8Array;
  restore(hour: number, bytes: Uint8Array): void;
}

const HOUR_US = 3_600_000_000;
const HOURS_KEPT = 24;

export function createRecentUids(): RecentUids {
  const segments = new Map<number, UidSet>();
  const words = new Uint32Array(4);
  let newest = -1;
  return {
    seen(uid, arrivalUs) {
      const hour = Math.floor(arrivalUs / HOUR_US);
      if (hour > newest) {
        newest = hour;
        for (const held of segments.keys()) if (held < hour - HOURS_KEPT) segments.delete(held);
      }
      parseUid(uid, words);
      for (const set of segments.values()) if (set.has(words)) return true;
      let set = segments.get(hour);
      if (set === undefined) {
        set = createUidSet();
        segments.set(hour, set);
      }
      set.add(words);
      return false;
    },
    hours: () => [...segments].map(([hour, set]) => ({ hour, count: set.count() })),
    bytesOf: (hour) => segments.get(hour)?.bytes() ?? new Uint8Array(0),
    restore(hour, bytes) {
      const set = createUidSet();
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at + 16 <= bytes.byteLength; at += 16) {
        for (let i = 0; i < 4; i++) words[i] = view.getUint32(at + 4 * i, true);
        set.add(words);
      }
      segments.set(hour, set);
      newest = Math.max(newest, hour);
    },
  };
}

interface UidSet {
  has(words: Uint32Array): boolean;
  add(words: Uint32Array): void;
  count(): number;
  bytes(): Uint8Array;
}

/** Open addressing with linear probing; the all-zero slot is empty (a uid of 128 zero bits is not expected of a hash). */
function createUidSet(): UidSet {
  let capacity = 1024;
  let slots = new Uint32Array(capacity * 4);
  let count = 0;
  const find = (table: Uint32Array, size: number, a: number, b: number, c: number, d: number) => {
    for (let slot = (a & (size - 1)) * 4; ; slot = slot + 4 === size * 4 ? 0 : slot + 4) {
      if ((table[slot] as number) === a && table[slot + 1] === b && table[slot + 2] === c && table[slot + 3] === d) {
        return slot;
      }
      if (
        ((table[slot] as number) |
          (table[slot + 1] as number) |
          (table[slot + 2] as number) |
          (table[slot + 3] as number)) ===
        0
      ) {
        return -slot - 1;
      }
    }
  };
  const grow = () => {
    const wider = new Uint32Array(capacity * 8);
    for (let at = 0; at < slots.length; at += 4) {
      const [a, b, c, d] = [
        slots[at] as number,
        slots[at + 1] as number,
        slots[at + 2] as number,
        slots[at + 3] as number,
      ];
      if ((a | b | c | d) === 0) continue;
      wider.set([a, b, c, d], -find(wider, capacity * 2, a, b, c, d) - 1);
    }
    slots = wider;
    capacity *= 2;
  };
  const locate = (words: Uint32Array) =>
    find(slots, capacity, words[0] as number, words[1] as number, words[2] as number, words[3] as number);
  return {
    has: (words) => locate(words) >= 0,
    add(words) {
      if (count * 3 > capacity * 2) grow();
      const slot = locate(words);
      if (slot >= 0) return;
      slots.set(words, -slot - 1);
      count++;
    },
    count: () => count,
    bytes() {
      const bytes = new Uint8Array(count * 16);
      const view = new DataView(bytes.buffer);
      let to = 0;
      for (let at = 0; at < slots.length; at += 4) {
        if (
          ((slots[at] as number) |
            (slots[at + 1] as number) |
            (slots[at + 2] as number) |
            (slots[at + 3] as number)) ===
          0
        )
          continue;
        for (let i = 0; i < 4; i++) view.setUint32(to + 4 * i, slots[at + i] as number, true);
        to += 16;
      }
      return bytes;
    },
  };
}

/** 32 lower-case hexadecimal digits into four words. */
function parseUid(uid: string, words: Uint32Array): void {
  for (let word = 0; word < 4; word++) {
    let bits = 0;
    for (let i = word * 8; i < word * 8 + 8; i++) {
      const code = uid.charCodeAt(i);
      bits = (bits << 4) | (code <= 0x39 ? code - 0x30 : code - 0x57);
    }
    words[word] = bits;
  }
}
