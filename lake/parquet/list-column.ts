import type { Column } from '../../core/index.ts';
import { VALUE_BYTES_MAX } from './byte-column.ts';
import { ByteValues } from './byte-values.ts';
import { type ColumnBuffer, type ColumnStatistics, unsuitable } from './column-buffer.ts';
import type { ChunkMeta, Leaf } from './footer.ts';
import { type Limits, TYPE } from './format.ts';
import { Levels } from './levels.ts';
import type { Scratch } from './number-values.ts';
import type { PageWriter } from './pages.ts';

/**
 * list<string> with required elements, in the three levels of the format's LIST
 * (https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists). Lists have no bounds.
 */
export class ListColumn implements ColumnBuffer {
  readonly column: Column;
  readonly bounded = false;
  readonly #leaf: Leaf;
  readonly #levels: Levels;
  readonly #values: ByteValues;
  /** Definition level of an empty list; a null list is one below. */
  readonly #empty: number;
  #rows = 0;
  #nullRows = 0;
  #nulls = 0;

  constructor(column: Column, limits: Limits) {
    this.column = column;
    this.#empty = column.nullable ? 1 : 0;
    this.#leaf = { path: [column.name, 'list', 'element'], type: TYPE.byteArray };
    this.#levels = new Levels(this.#empty + 1, 1);
    this.#values = new ByteValues(limits);
  }

  get bytes(): number {
    return this.#values.bytes + this.#levels.length * 2;
  }

  append(value: unknown): void {
    const levels = this.#levels;
    if (Array.isArray(value)) {
      for (const element of value) {
        if (typeof element !== 'string') throw unsuitable(this.column, element, 'strings as elements');
        if (element.length > VALUE_BYTES_MAX / 3) throw unsuitable(this.column, element, 'shorter strings');
      }
      this.#values.settle(levels.length);
      if (value.length === 0) levels.add(this.#empty, 0);
      for (let i = 0; i < value.length; i++) {
        this.#values.addString(value[i]);
        levels.add(this.#empty + 1, i === 0 ? 0 : 1);
      }
    } else if ((value === null || value === undefined) && this.column.nullable) {
      levels.add(0, 0);
      this.#nullRows++;
    } else throw unsuitable(this.column, value, 'an array of strings');
    this.#rows++;
  }

  truncate(rows: number): void {
    if (this.#rows <= rows) return;
    const levels = this.#levels;
    let values = this.#values.count;
    do {
      levels.length--;
      if (levels.has(levels.length)) values--;
    } while (!levels.begins(levels.length));
    if (this.column.nullable && levels.definition[levels.length] === 0) this.#nullRows--;
    this.#values.truncate(values);
    this.#rows--;
  }

  flush(pages: PageWriter, scratch: Scratch): ChunkMeta {
    const { encoded } = this.#values.encode(this.#levels.length, scratch);
    const nullCount = this.#levels.length - this.#values.count;
    const meta = pages.writeChunk(this.#leaf, this.#levels, encoded, { nullCount, min: null, max: null });
    this.#nulls += this.#nullRows;
    this.#nullRows = 0;
    this.#rows = 0;
    this.#levels.length = 0;
    this.#values.clear();
    return meta;
  }

  takeStatistics(): ColumnStatistics {
    const nullCount = this.#nulls;
    this.#nulls = 0;
    return { nullCount, min: undefined, max: undefined };
  }
}
