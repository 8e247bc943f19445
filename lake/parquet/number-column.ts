import type { Column } from '../../core/index.ts';
import { type ColumnBuffer, type ColumnStatistics, unsuitable } from './column-buffer.ts';
import type { ChunkMeta, Leaf } from './footer.ts';
import { type Limits, type PhysicalType, TYPE } from './format.ts';
import { Levels } from './levels.ts';
import { NumberValues, type Scratch } from './number-values.ts';
import type { PageWriter } from './pages.ts';
import { type Bounds, chunkStatisticsOfNumbers, deltaNumber } from './statistics.ts';

/** int, long, double, timestamp and date. */
export class NumberColumn implements ColumnBuffer {
  readonly column: Column;
  readonly bounded: boolean;
  readonly bytes = 0;
  readonly #type: PhysicalType;
  readonly #limits: Limits;
  readonly #leaf: Leaf;
  readonly #levels: Levels;
  readonly #values: NumberValues;
  #nulls = 0;
  /** Null before the first value; false once bounds are out of the question. */
  #bounds: Bounds<number> | null | false = null;

  constructor(column: Column, type: PhysicalType, bounded: boolean, limits: Limits) {
    this.column = column;
    this.bounded = bounded;
    this.#type = type;
    this.#limits = limits;
    this.#leaf = { path: [column.name], type };
    this.#levels = new Levels(column.nullable ? 1 : 0, 0);
    this.#values = new NumberValues(type);
  }

  append(value: unknown): void {
    if (typeof value === 'number') {
      if (this.#type === TYPE.int32) {
        if ((value | 0) !== value) throw unsuitable(this.column, value, 'a whole number of 32 bits');
      } else if (this.#type === TYPE.int64 && !Number.isSafeInteger(value)) {
        throw unsuitable(this.column, value, 'a whole number within ±(2^53 - 1)');
      }
      // + 0 makes 0 of the integer -0; a double keeps its sign.
      this.#values.add(this.#type === TYPE.double ? value : value + 0);
      this.#levels.add(1, 0);
    } else if ((value === null || value === undefined) && this.column.nullable) {
      this.#levels.add(0, 0);
    } else throw unsuitable(this.column, value, 'a number');
  }

  truncate(rows: number): void {
    if (this.#levels.length <= rows) return;
    this.#levels.length = rows;
    if (this.#levels.has(rows)) this.#values.count--;
  }

  flush(pages: PageWriter, scratch: Scratch): ChunkMeta {
    const nulls = this.#levels.length - this.#values.count;
    const { encoded, bounds } = this.#values.encode(this.#levels.length, this.#limits, scratch);
    const found = bounds();
    const statistics = chunkStatisticsOfNumbers(this.#type, nulls, found);
    const meta = pages.writeChunk(this.#leaf, this.#levels, encoded, statistics);
    this.#nulls += nulls;
    this.#merge(found);
    this.#levels.length = 0;
    this.#values.clear();
    return meta;
  }

  takeStatistics(): ColumnStatistics {
    const bounds = this.bounded && this.#bounds !== false ? this.#bounds : null;
    const { type } = this.column;
    const taken = {
      nullCount: this.#nulls,
      min: bounds === null ? undefined : deltaNumber(type, bounds.min, 'min'),
      max: bounds === null ? undefined : deltaNumber(type, bounds.max, 'max'),
    };
    this.#nulls = 0;
    this.#bounds = null;
    return taken;
  }

  #merge(found: Bounds<number> | null): void {
    if (this.#bounds === false) return;
    if (found === null) {
      // Values without bounds are NaNs.
      if (this.#values.count > 0) this.#bounds = false;
      return;
    }
    const known = this.#bounds ?? found;
    this.#bounds = { min: Math.min(known.min, found.min), max: Math.max(known.max, found.max) };
  }
}
