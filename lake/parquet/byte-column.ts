import type { Column } from '../../core/index.ts';
import { ByteValues } from './byte-values.ts';
import { type ColumnBuffer, type ColumnStatistics, unsuitable } from './column-buffer.ts';
import type { ChunkMeta, Leaf } from './footer.ts';
import { type Limits, TYPE } from './format.ts';
import { Levels } from './levels.ts';
import type { Scratch } from './number-values.ts';
import type { PageWriter } from './pages.ts';
import { type Bounds, chunkStatisticsOfStrings, deltaString } from './statistics.ts';
import { compareBytes } from './utf8.ts';

/** One value may not pass this; a page must stay below 2 GiB for every reader. */
export const VALUE_BYTES_MAX = 256 * 1024 * 1024;

/** string and binary. */
export class ByteColumn implements ColumnBuffer {
  readonly column: Column;
  readonly bounded: boolean;
  readonly #textual: boolean;
  readonly #leaf: Leaf;
  readonly #levels: Levels;
  readonly #values: ByteValues;
  /** Strings and nulls of the newest rows. */
  readonly #pending: (string | null)[] = [];
  #pendingCount = 0;
  #nulls = 0;
  #bounds: Bounds<Uint8Array> | null = null;

  constructor(column: Column, bounded: boolean, limits: Limits) {
    this.column = column;
    this.#textual = column.type === 'string';
    this.bounded = bounded && this.#textual;
    this.#leaf = { path: [column.name], type: TYPE.byteArray };
    this.#levels = new Levels(column.nullable ? 1 : 0, 0);
    this.#values = new ByteValues(limits);
  }

  get bytes(): number {
    return this.#values.bytes;
  }

  append(value: unknown): void {
    if (typeof value === 'string' && this.#textual) {
      if (value.length > VALUE_BYTES_MAX / 3) throw unsuitable(this.column, value, 'a shorter string');
      this.#pending[this.#pendingCount++] = value;
    } else if ((value === null || value === undefined) && this.column.nullable) {
      this.#pending[this.#pendingCount++] = null;
    } else if (value instanceof Uint8Array) {
      if (value.length > VALUE_BYTES_MAX) throw unsuitable(this.column, value, `at most ${VALUE_BYTES_MAX} bytes`);
      this.settle();
      this.#values.addBytes(value, this.#levels.length);
      this.#levels.add(1, 0);
    } else throw unsuitable(this.column, value, this.#textual ? 'a string or its UTF-8 bytes' : 'a Uint8Array');
  }

  /** Takes the pending rows in, which cannot be taken back from then on: one column at a time, while its tables are in the cache. */
  settle(): void {
    if (this.#pendingCount === 0) return;
    this.#values.addRows(this.#pending, this.#pendingCount, this.#levels.length);
    this.#levels.addRows(this.#pending, this.#pendingCount);
    this.#pendingCount = 0;
  }

  truncate(rows: number): void {
    if (this.#levels.length + this.#pendingCount <= rows) return;
    if (this.#pendingCount > 0) {
      this.#pendingCount--;
      return;
    }
    this.#levels.length = rows;
    if (this.#levels.has(rows)) this.#values.truncate(this.#values.count - 1);
  }

  flush(pages: PageWriter, scratch: Scratch): ChunkMeta {
    this.settle();
    const nulls = this.#levels.length - this.#values.count;
    const { encoded, bounds } = this.#values.encode(this.#levels.length, scratch);
    const found = this.bounded ? bounds() : null;
    const meta = pages.writeChunk(this.#leaf, this.#levels, encoded, chunkStatisticsOfStrings(nulls, found));
    this.#nulls += nulls;
    if (found !== null) this.#bounds = this.#bounds === null ? found : widest(this.#bounds, found);
    this.#levels.length = 0;
    this.#values.clear();
    return meta;
  }

  takeStatistics(): ColumnStatistics {
    const bounds = this.#bounds;
    const taken = {
      nullCount: this.#nulls,
      min: bounds === null ? undefined : deltaString(bounds.min, 'min'),
      max: bounds === null ? undefined : deltaString(bounds.max, 'max'),
    };
    this.#nulls = 0;
    this.#bounds = null;
    return taken;
  }
}

function widest(a: Bounds<Uint8Array>, b: Bounds<Uint8Array>): Bounds<Uint8Array> {
  const below = compareBytes(a.min, 0, a.min.length, b.min, 0, b.min.length) <= 0;
  const above = compareBytes(a.max, 0, a.max.length, b.max, 0, b.max.length) >= 0;
  return { min: below ? a.min : b.min, max: above ? a.max : b.max };
}
