import type { Column } from '../../core/index.ts';
import type { ChunkMeta } from './footer.ts';
import type { Scratch } from './number-values.ts';
import type { PageWriter } from './pages.ts';

/** What Delta says of a column: the bounds are undefined where there are none. */
export interface ColumnStatistics {
  readonly nullCount: number;
  readonly min: unknown;
  readonly max: unknown;
}

/**
 * One column of the rows that are not written yet. There is a class for each way of storing values, so that
 * each loop over columns meets one class only.
 */
export interface ColumnBuffer {
  readonly column: Column;
  readonly bounded: boolean;
  /** Adds one row's value; throws, with nothing changed, when it does not suit the column. */
  append(value: unknown): void;
  /** Takes back the newest row if there are more than `rows`. */
  truncate(rows: number): void;
  /** Bytes of variable length kept. */
  readonly bytes: number;
  /** Writes the rows as one column chunk and empties the buffer; the file's statistics go on. */
  flush(pages: PageWriter, scratch: Scratch): ChunkMeta;
  /** Statistics of all chunks since the last call. */
  takeStatistics(): ColumnStatistics;
}

/** Says what does not suit; one line, whatever the value. */
export function unsuitable(column: Column, value: unknown, wanted: string): TypeError {
  const got = value === null ? 'null' : value === undefined ? 'no value' : describe(value);
  return new TypeError(
    `[lake/parquet] column "${column.name}" (${column.type}${column.nullable ? '' : ', required'}) got ${got}; give ${wanted}`,
  );
}

function describe(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return `the ${typeof value} ${String(value)}`;
  }
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
