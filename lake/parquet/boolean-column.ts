import type { Column } from '../../core/index.ts';
import { BooleanValues } from './boolean-values.ts';
import { type ColumnBuffer, type ColumnStatistics, unsuitable } from './column-buffer.ts';
import type { ChunkMeta, Leaf } from './footer.ts';
import { TYPE } from './format.ts';
import { Levels } from './levels.ts';
import type { Scratch } from './number-values.ts';
import type { PageWriter } from './pages.ts';

/** Booleans: Delta keeps no bounds of them. */
export class BooleanColumn implements ColumnBuffer {
  readonly column: Column;
  readonly bounded = false;
  readonly bytes = 0;
  readonly #leaf: Leaf;
  readonly #levels: Levels;
  readonly #values = new BooleanValues();
  #nulls = 0;

  constructor(column: Column) {
    this.column = column;
    this.#leaf = { path: [column.name], type: TYPE.boolean };
    this.#levels = new Levels(column.nullable ? 1 : 0, 0);
  }

  append(value: unknown): void {
    if (typeof value === 'boolean') {
      this.#values.add(value);
      this.#levels.add(1, 0);
    } else if ((value === null || value === undefined) && this.column.nullable) {
      this.#levels.add(0, 0);
    } else throw unsuitable(this.column, value, 'true or false');
  }

  truncate(rows: number): void {
    if (this.#levels.length <= rows) return;
    this.#levels.length = rows;
    if (this.#levels.has(rows)) this.#values.count--;
  }

  flush(pages: PageWriter, scratch: Scratch): ChunkMeta {
    const nulls = this.#levels.length - this.#values.count;
    const encoded = this.#values.encode(this.#levels.length, scratch);
    const meta = pages.writeChunk(this.#leaf, this.#levels, encoded, { nullCount: nulls, min: null, max: null });
    this.#nulls += nulls;
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
