import { ByteBuffer } from './bytes.ts';
import { ENCODING, type Limits } from './format.ts';
import { bitWidthOf } from './hybrid.ts';
import { indexSegment, type Scratch } from './number-values.ts';
import type { EncodedValues, Segment } from './pages.ts';
import type { Bounds } from './statistics.ts';
import { appendString, compareBytes } from './utf8.ts';

/**
 * Below this many entries a dictionary is not judged yet: with 10,000 equally busy people the first 8,192 of
 * them come in 17,000 events, so that a column of people keeps its dictionary, and one of unique ids loses it.
 */
const TRIAL_ENTRIES = 8192;

/** Slots for recent strings, a power of two. */
const RECENT = 64;

/**
 * The strings (or byte strings) of one column in a row group: at first as indices into a dictionary, each
 * distinct string encoded once; from the point where the dictionary is full, or bytes come that have no
 * string, as PLAIN values. Both are kept in the form in which the file has them.
 */
export class ByteValues {
  count = 0;
  /** Bytes kept so far. */
  bytes = 0;
  readonly #limits: Limits;
  /** Entries `[u32 length][bytes]`, as a dictionary page holds them. */
  readonly #dictionary = new ByteBuffer();
  readonly #indexOf = new Map<string, number>();
  #indices = new Uint32Array(0);
  #indexed = 0;
  /** Values `[u32 length][bytes]`, as a PLAIN page holds them. */
  readonly #plain = new ByteBuffer();
  /** The entry of the column's levels at which PLAIN begins; null while there is a dictionary. */
  #plainEntry: number | null = null;
  #last = '';
  #lastIndex = -1;
  readonly #recent: (string | null)[] = new Array<string | null>(RECENT).fill(null);
  readonly #recentIndex = new Uint32Array(RECENT);
  /** Where the newest row begins in `#plain`. */
  #rowStart = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** To be called before each row that has values: `entry` is the number of entries in the column's levels so far. */
  settle(entry: number): void {
    this.#rowStart = this.#plain.length;
    if (this.#plainEntry !== null) return;
    const entries = this.#indexOf.size;
    if (entries >= TRIAL_ENTRIES && entries * 3 > this.#indexed * 2) this.#convert();
    else if (
      entries >= this.#limits.dictionaryEntriesMax ||
      this.#dictionary.length >= this.#limits.dictionaryBytesMax
    ) {
      this.#plainEntry = entry;
    }
  }

  addString(text: string): void {
    this.count++;
    if (this.#plainEntry !== null) {
      this.bytes += 4 + appendString(this.#plain, text);
      return;
    }
    if (text !== this.#last || this.#lastIndex < 0) {
      this.#lastIndex = this.#find(text);
      this.#last = text;
    }
    if (this.#indexed === this.#indices.length) this.#growIndices(1);
    this.#indices[this.#indexed++] = this.#lastIndex;
    this.bytes += 4;
  }

  /**
   * Adds the first `count` of `texts`, of which null is none, as rows of their own behind `entry` others; `settle`
   * is part of it. Rows added so cannot be taken back.
   */
  addRows(texts: readonly (string | null)[], count: number, entry: number): void {
    this.settle(entry);
    if (this.#plainEntry !== null) {
      for (let i = 0; i < count; i++) {
        const text = texts[i] as string | null;
        if (text !== null) this.addString(text);
      }
      return;
    }
    if (this.#indexed + count > this.#indices.length) this.#growIndices(count);
    const indices = this.#indices;
    const start = this.#indexed;
    let at = start;
    let last = this.#last;
    let lastIndex = this.#lastIndex;
    for (let i = 0; i < count; i++) {
      const text = texts[i] as string | null;
      if (text === null) continue;
      if (text !== last || lastIndex < 0) {
        lastIndex = this.#find(text);
        last = text;
      }
      indices[at++] = lastIndex;
    }
    this.#indexed = at;
    this.#last = last;
    this.#lastIndex = lastIndex;
    this.count += at - start;
    this.bytes += (at - start) * 4;
  }

  /** Bytes are compared with nothing, so they end the dictionary. `entry` as for {@link settle}, which it replaces. */
  addBytes(bytes: Uint8Array, entry: number): void {
    this.#plainEntry ??= this.#indexed === 0 ? 0 : entry;
    this.#rowStart = this.#plain.length;
    this.count++;
    const plain = this.#plain;
    plain.reserve(4 + bytes.length);
    plain.setU32(plain.length, bytes.length);
    plain.bytes.set(bytes, plain.length + 4);
    plain.length += 4 + bytes.length;
    this.bytes += 4 + bytes.length;
  }

  /** Takes back the values of the newest row, which leaves `count`. */
  truncate(count: number): void {
    this.bytes -= this.#plain.length - this.#rowStart;
    this.#plain.length = this.#rowStart;
    if (count < this.#indexed) this.#indexed = count;
    this.count = count;
  }

  encode(entryEnd: number, scratch: Scratch): { encoded: EncodedValues; bounds: () => Bounds<Uint8Array> | null } {
    // Small columns of mostly distinct values never came to trial.
    if (this.#indexed > 0 && this.#indexOf.size * 3 > this.#indexed * 2) this.#convert();
    const segments: Segment[] = [];
    const size = this.#indexed === 0 ? 0 : this.#indexOf.size;
    const dictionaryEnd = this.#plainEntry ?? entryEnd;
    if (size > 0) segments.push(indexSegment(this.#indices, dictionaryEnd, bitWidthOf(size - 1), scratch.page));
    if (this.#plainEntry !== null || size === 0) segments.push(this.#plainSegment(entryEnd));
    return {
      encoded: { dictionary: size === 0 ? null : { bytes: this.#dictionary.view(), count: size }, segments },
      bounds: () => this.#bounds(),
    };
  }

  clear(): void {
    this.count = 0;
    this.bytes = 0;
    this.#dictionary.clear();
    this.#indexOf.clear();
    this.#recent.fill(null);
    this.#indexed = 0;
    this.#plain.clear();
    this.#rowStart = 0;
    this.#plainEntry = null;
    this.#lastIndex = -1;
    this.#last = '';
  }

  /** Text's entry, by way of a table of recent ones: most columns have few values, and it needs no hash of the whole text. */
  #find(text: string): number {
    const { length } = text;
    const mixed = length === 0 ? 0 : length + 7 * text.charCodeAt(length - 1) + 31 * text.charCodeAt(length >>> 1);
    const slot = mixed & (RECENT - 1);
    if (this.#recent[slot] === text) return this.#recentIndex[slot] as number;
    const index = this.#indexOf.get(text) ?? this.#addEntry(text);
    this.#recent[slot] = text;
    this.#recentIndex[slot] = index;
    return index;
  }

  #addEntry(text: string): number {
    const index = this.#indexOf.size;
    this.#indexOf.set(text, index);
    this.bytes += 4 + appendString(this.#dictionary, text);
    return index;
  }

  /** Rewrites all indices as PLAIN values. Only done while nearly all are distinct, so what is written stays small. */
  #convert(): void {
    const starts = this.#entryStarts();
    const { bytes } = this.#dictionary;
    const tail = this.#plain.copy();
    this.#plain.clear();
    for (let i = 0; i < this.#indexed; i++) {
      const index = this.#indices[i] as number;
      this.#plain.append(bytes.subarray(starts[index], starts[index + 1]));
    }
    this.#plain.append(tail);
    this.bytes = this.#plain.length;
    this.#dictionary.clear();
    this.#indexOf.clear();
    this.#indexed = 0;
    this.#lastIndex = -1;
    this.#plainEntry = 0;
  }

  #entryStarts(): Uint32Array {
    const starts = new Uint32Array(this.#indexOf.size + 1);
    for (let i = 0, at = 0; i < this.#indexOf.size; i++) {
      at += 4 + this.#dictionary.getU32(at);
      starts[i + 1] = at;
    }
    return starts;
  }

  #plainSegment(entryEnd: number): Segment {
    const plain = this.#plain;
    let start = 0;
    return {
      encoding: ENCODING.plain,
      entryEnd,
      fit: (from, bytesMax) => {
        let value = from;
        for (let at = start; at < plain.length && at - start < bytesMax; at += 4 + plain.getU32(at)) value++;
        return Math.max(value, from + 1);
      },
      encode: (from, to) => {
        const pageStart = start;
        for (let value = from; value < to; value++) start += 4 + plain.getU32(start);
        return plain.view(pageStart, start);
      },
    };
  }

  #bounds(): Bounds<Uint8Array> | null {
    const found = new Extremes();
    if (this.#indexed > 0) scan(this.#dictionary, found);
    scan(this.#plain, found);
    return found.bounds();
  }

  #growIndices(more: number): void {
    const grown = new Uint32Array(Math.max(1024, this.#indices.length * 2, this.#indexed + more));
    grown.set(this.#indices);
    this.#indices = grown;
  }
}

/** The least and the greatest byte string seen. */
class Extremes {
  #min: Uint8Array | null = null;
  #max: Uint8Array | null = null;

  see(bytes: Uint8Array, start: number, end: number): void {
    const min = this.#min;
    const max = this.#max;
    if (min === null || compareBytes(bytes, start, end, min, 0, min.length) < 0) this.#min = copyOf(bytes, start, end);
    if (max === null || compareBytes(bytes, start, end, max, 0, max.length) > 0) this.#max = copyOf(bytes, start, end);
  }

  bounds(): Bounds<Uint8Array> | null {
    return this.#min === null || this.#max === null ? null : { min: this.#min, max: this.#max };
  }
}

/** Not `slice`, which for a Buffer gives a view of memory that the next batch overwrites. */
function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

function scan(buffer: ByteBuffer, found: Extremes): void {
  for (let at = 0; at < buffer.length; ) {
    const start = at + 4;
    at = start + buffer.getU32(at);
    found.see(buffer.bytes, start, at);
  }
}
