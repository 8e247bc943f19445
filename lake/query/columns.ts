import { type DuckDBDataChunk, type DuckDBType, DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api';
import { ConfigError } from '../../core/index.ts';

/**
 * A column of a result, by its DuckDB type: doubles, whole numbers beyond 32 bits and timestamps (µs since 1970)
 * as Float64Array, smaller whole numbers and dates (days since 1970) as Int32Array, booleans as Uint8Array of 0
 * and 1, texts as an array, lists of texts as an array of arrays. `valid` has 1 where there is a value and 0
 * where there is null (a number's place then holds NaN in a Float64Array and 0 elsewhere); it is null when no
 * value is null. Whole numbers beyond 2^53 lose their last digits.
 */
export type ColumnData = {
  readonly name: string;
  readonly type: string;
  readonly valid: Uint8Array | null;
} & (
  | { readonly kind: 'float64'; readonly values: Float64Array }
  | { readonly kind: 'int32'; readonly values: Int32Array }
  | { readonly kind: 'boolean'; readonly values: Uint8Array }
  | { readonly kind: 'string'; readonly values: (string | null)[] }
  | { readonly kind: 'list'; readonly values: (string[] | null)[] }
);

interface Items {
  readonly items: ArrayLike<number> & { readonly buffer: ArrayBufferLike; readonly byteOffset: number };
}
interface Validity {
  readonly validity: { readonly data: BigUint64Array | null; readonly offset: number };
}

type Fill = (vector: DuckDBVector, at: number, count: number, valid: Uint8Array | null) => void;

/** Gathers one column chunk by chunk into an array of `rows` places. */
export function gather(name: string, type: DuckDBType, chunks: readonly DuckDBDataChunk[], index: number): ColumnData {
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  const { column, fill } = target(name, type, rows);
  let valid: Uint8Array | null = null;
  let at = 0;
  for (const chunk of chunks) {
    const count = chunk.rowCount;
    const vector = chunk.getColumnVector(index);
    const bits = bitsOf(vector, count);
    if (bits !== null) {
      valid ??= new Uint8Array(rows).fill(1);
      for (let i = 0; i < count; i++) valid[at + i] = ((bits[i >> 3] as number) >> (i & 7)) & 1;
    }
    fill(vector, at, count, bits === null ? null : (valid as Uint8Array).subarray(at, at + count));
    at += count;
  }
  return { ...column, valid } as ColumnData;
}

/** One bit a row, 1 = has a value; null when all have one. */
function bitsOf(vector: DuckDBVector, count: number): Uint8Array | null {
  const { data } = (vector as unknown as Validity).validity;
  return data === null ? null : new Uint8Array(data.buffer, data.byteOffset, Math.ceil(count / 8));
}

function target(name: string, type: DuckDBType, rows: number): { column: object; fill: Fill } {
  const column = { name, type: String(type) };
  switch (type.typeId) {
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.UINTEGER: {
      const values = new Float64Array(rows);
      return { column: { ...column, kind: 'float64', values }, fill: copy(values, Number.NaN) };
    }
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ: {
      const values = new Float64Array(rows);
      return { column: { ...column, kind: 'float64', values }, fill: copyLong(values) };
    }
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT: {
      const values = new Int32Array(rows);
      return { column: { ...column, kind: 'int32', values }, fill: copy(values, 0) };
    }
    default:
      return objects(column, type, rows);
  }
}

function objects(column: object, type: DuckDBType, rows: number): { column: object; fill: Fill } {
  if (type.typeId === DuckDBTypeId.BOOLEAN) {
    const values = new Uint8Array(rows);
    const fill: Fill = (vector, at, count) => {
      for (let i = 0; i < count; i++) values[at + i] = vector.getItem(i) === true ? 1 : 0;
    };
    return { column: { ...column, kind: 'boolean', values }, fill };
  }
  if (type.typeId === DuckDBTypeId.DATE) {
    const values = new Int32Array(rows);
    return { column: { ...column, kind: 'int32', values }, fill: copy(values, 0) };
  }
  if (type.typeId === DuckDBTypeId.VARCHAR) {
    const values = new Array<string | null>(rows).fill(null);
    const fill: Fill = (vector, at, count) => {
      for (let i = 0; i < count; i++) values[at + i] = vector.getItem(i) as string | null;
    };
    return { column: { ...column, kind: 'string', values }, fill };
  }
  if (type.typeId === DuckDBTypeId.LIST && type.valueType.typeId === DuckDBTypeId.VARCHAR) {
    const values = new Array<string[] | null>(rows).fill(null);
    const fill: Fill = (vector, at, count) => {
      for (let i = 0; i < count; i++) values[at + i] = (vector.getItem(i) as { items: string[] } | null)?.items ?? null;
    };
    return { column: { ...column, kind: 'list', values }, fill };
  }
  throw new ConfigError(`[lake/query] a column of ${String(type)} cannot be had as an array; cast it in the query`);
}

function copy(values: Float64Array | Int32Array, none: number): Fill {
  return (vector, at, count, valid) => {
    const { items } = vector as unknown as Items;
    for (let i = 0; i < count; i++) values[at + i] = valid !== null && valid[i] === 0 ? none : (items[i] as number);
  };
}

/** 64-bit numbers by their halves: far faster than through BigInt, and as exact up to 2^53. */
function copyLong(values: Float64Array): Fill {
  return (vector, at, count, valid) => {
    const { items } = vector as unknown as Items;
    const halves = new Int32Array(items.buffer, items.byteOffset, count * 2);
    for (let i = 0; i < count; i++) {
      const low = (halves[2 * i] as number) >>> 0;
      const high = halves[2 * i + 1] as number;
      values[at + i] = valid !== null && valid[i] === 0 ? Number.NaN : high * 4_294_967_296 + low;
    }
  };
}
