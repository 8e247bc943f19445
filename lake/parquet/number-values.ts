import { ByteBuffer } from './bytes.ts';
import { ENCODING, type Limits, type PhysicalType, TYPE } from './format.ts';
import { bitWidthOf, writeHybrid } from './hybrid.ts';
import { NumberDictionary } from './number-dictionary.ts';
import type { EncodedValues, Segment } from './pages.ts';
import type { Bounds } from './statistics.ts';

/** Scratch space that one builder's columns share, for they are encoded one after the other. */
export class Scratch {
  readonly dictionary = new NumberDictionary();
  readonly page = new ByteBuffer(64 * 1024);
}

/** The numbers of one column in a row group: INT32, INT64 (safe integers) or DOUBLE. */
export class NumberValues {
  readonly #type: PhysicalType;
  readonly #width: number;
  #values = new Float64Array(0);
  count = 0;

  constructor(type: PhysicalType) {
    this.#type = type;
    this.#width = type === TYPE.int32 ? 4 : 8;
  }

  add(value: number): void {
    if (this.count === this.#values.length) this.#grow();
    this.#values[this.count++] = value;
  }

  /** The values with a dictionary where it makes them smaller, and their bounds (null when empty or with a NaN). */
  encode(
    entryEnd: number,
    limits: Limits,
    scratch: Scratch,
  ): { encoded: EncodedValues; bounds: () => Bounds<number> | null } {
    const { dictionary } = scratch;
    const found = dictionary.build(this.#values, this.count, limits.dictionaryEntriesMax);
    const bitWidth = bitWidthOf(Math.max(0, dictionary.size - 1));
    const plainBytes = this.count * this.#width;
    if (found && dictionary.size * this.#width + (this.count * bitWidth) / 8 < plainBytes) {
      const { entries, size } = dictionary;
      const bytes = new Uint8Array(size * this.#width);
      this.#writePlain(bytes, entries, 0, size);
      return {
        encoded: {
          dictionary: { bytes, count: size },
          segments: [indexSegment(dictionary.indices, entryEnd, bitWidth, scratch.page)],
        },
        bounds: () => boundsOf(entries, size),
      };
    }
    return {
      encoded: { dictionary: null, segments: [this.#plainSegment(entryEnd, scratch.page)] },
      bounds: () => boundsOf(this.#values, this.count),
    };
  }

  clear(): void {
    this.count = 0;
  }

  #plainSegment(entryEnd: number, page: ByteBuffer): Segment {
    const width = this.#width;
    return {
      encoding: ENCODING.plain,
      entryEnd,
      fit: (from, bytesMax) => from + Math.max(1, Math.floor(bytesMax / width)),
      encode: (from, to) => {
        page.clear();
        page.reserve((to - from) * width);
        this.#writePlain(page.bytes, this.#values, from, to);
        return page.view(0, (to - from) * width);
      },
    };
  }

  #writePlain(bytes: Uint8Array, values: Float64Array, from: number, to: number): void {
    if (this.#type === TYPE.double) {
      bytes.set(new Uint8Array(values.buffer, values.byteOffset + from * 8, (to - from) * 8));
      return;
    }
    // A view of whole words needs an aligned start; Buffer.allocUnsafeSlow and new Uint8Array begin at 0.
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
    if (this.#type === TYPE.int32) {
      for (let i = from; i < to; i++) words[i - from] = values[i] as number;
      return;
    }
    for (let i = from, at = 0; i < to; i++) {
      const value = values[i] as number;
      const high = Math.floor(value / 4294967296);
      words[at++] = value - high * 4294967296;
      words[at++] = high;
    }
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(1024, this.#values.length * 2));
    grown.set(this.#values);
    this.#values = grown;
  }
}

/** Pages of dictionary indices: one byte of bit width, then the hybrid. */
export function indexSegment(indices: Uint32Array, entryEnd: number, bitWidth: number, page: ByteBuffer): Segment {
  return {
    encoding: ENCODING.rleDictionary,
    entryEnd,
    fit: () => Number.POSITIVE_INFINITY,
    encode: (from, to) => {
      page.clear();
      page.u8(bitWidth);
      writeHybrid(page, indices, from, to, bitWidth);
      return page.view();
    },
  };
}

/** NaN has no place in an order: a column with one has no bounds (engines differ on where it sorts). */
function boundsOf(values: Float64Array, count: number): Bounds<number> | null {
  if (count === 0) return null;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = values[i] as number;
    if (value < min) min = value;
    if (value > max) max = value;
    if (Number.isNaN(value)) return null;
  }
  return { min, max };
}
