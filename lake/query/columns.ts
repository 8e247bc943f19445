import { type DuckDBType, DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api';
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

/** Takes a column chunk by chunk, so that no chunk need be kept. */
export interface ColumnSink {
  add(vector: DuckDBVector, count: number): void;
  finish(): ColumnData;
}

/** Members of the pinned driver's vectors that its types hide: its own getItem costs several times as much. */
interface Inside {
  readonly items: ArrayLike<number> & { readonly buffer: ArrayBufferLike; readonly byteOffset: number };
  readonly dataView: DataView;
  readonly validity: { readonly data: BigUint64Array | null };
}
const inside = (vector: DuckDBVector): Inside => vector as unknown as Inside;

/** One bit a row, 1 = has a value; null when all have one. */
function bitsOf(vector: DuckDBVector, count: number): Uint8Array | null {
  const { data } = inside(vector).validity;
  return data === null ? null : new Uint8Array(data.buffer, data.byteOffset, Math.ceil(count / 8));
}
const isValid = (bits: Uint8Array | null, row: number): boolean =>
  bits === null || ((bits[row >> 3] as number) & (1 << (row & 7))) !== 0;

/** ConfigError for a type that has no array form. */
export function columnSink(name: string, type: DuckDBType): ColumnSink {
  const column = { name, type: String(type) };
  switch (type.typeId) {
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.UINTEGER:
      return numbers({ ...column, kind: 'float64' }, (length) => new Float64Array(length), copy(Number.NaN));
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return numbers({ ...column, kind: 'float64' }, (length) => new Float64Array(length), copyLong);
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.DATE:
      return numbers({ ...column, kind: 'int32' }, (length) => new Int32Array(length), copy(0));
    case DuckDBTypeId.BOOLEAN:
      return numbers({ ...column, kind: 'boolean' }, (length) => new Uint8Array(length), copyBoolean);
    case DuckDBTypeId.VARCHAR:
      return objects({ ...column, kind: 'string' }, texts);
    default:
      if (type.typeId === DuckDBTypeId.LIST && type.valueType.typeId === DuckDBTypeId.VARCHAR) {
        return objects({ ...column, kind: 'list' }, lists);
      }
      throw new ConfigError(`[lake/query] a column of ${String(type)} cannot be had as an array; cast it in the query`);
  }
}

type Numbers = Float64Array | Int32Array | Uint8Array;
type Copy = (vector: DuckDBVector, values: Numbers, at: number, count: number, bits: Uint8Array | null) => void;

/** A typed array that doubles when it is full. */
function numbers(column: object, make: (length: number) => Numbers, fill: Copy): ColumnSink {
  let values = make(2048);
  let rows = 0;
  const validity = createValidity();
  return {
    add: (vector, count) => {
      if (rows + count > values.length) {
        const larger = make(Math.max(values.length * 2, rows + count));
        larger.set(values.subarray(0, rows));
        values = larger;
      }
      const bits = bitsOf(vector, count);
      fill(vector, values, rows, count, bits);
      validity.add(bits, rows, count);
      rows += count;
    },
    finish: () => ({ ...column, values: values.slice(0, rows), valid: validity.finish(rows) }) as ColumnData,
  };
}

function objects(column: object, read: (vector: DuckDBVector, count: number, into: unknown[]) => void): ColumnSink {
  const values: unknown[] = [];
  const validity = createValidity();
  return {
    add: (vector, count) => {
      validity.add(bitsOf(vector, count), values.length, count);
      read(vector, count, values);
    },
    finish: () => ({ ...column, values, valid: validity.finish(values.length) }) as ColumnData,
  };
}

function createValidity() {
  let valid: Uint8Array | null = null;
  return {
    add: (bits: Uint8Array | null, at: number, count: number): void => {
      if (bits === null && valid === null) return;
      if (valid === null || at + count > valid.length) {
        const larger: Uint8Array = new Uint8Array(Math.max((valid?.length ?? at) * 2, at + count, 2048)).fill(1);
        if (valid !== null) larger.set(valid);
        valid = larger;
      }
      for (let i = 0; i < count; i++) valid[at + i] = isValid(bits, i) ? 1 : 0;
    },
    finish: (rows: number): Uint8Array | null => valid?.slice(0, rows) ?? null,
  };
}

function copy(none: number): Copy {
  return (vector, values, at, count, bits) => {
    const { items } = inside(vector);
    for (let i = 0; i < count; i++) values[at + i] = isValid(bits, i) ? (items[i] as number) : none;
  };
}

/** 64-bit numbers by their halves: far faster than through BigInt, and as exact up to 2^53. */
const copyLong: Copy = (vector, values, at, count, bits) => {
  const { items } = inside(vector);
  const halves = new Int32Array(items.buffer, items.byteOffset, count * 2);
  for (let i = 0; i < count; i++) {
    const low = (halves[2 * i] as number) >>> 0;
    values[at + i] = isValid(bits, i) ? (halves[2 * i + 1] as number) * 4_294_967_296 + low : Number.NaN;
  }
};

const copyBoolean: Copy = (vector, values, at, count, bits) => {
  const { dataView } = inside(vector);
  for (let i = 0; i < count; i++) values[at + i] = isValid(bits, i) && dataView.getUint8(i) !== 0 ? 1 : 0;
};

/** DuckDB keeps texts of up to 12 bytes in the vector itself, behind their length; longer ones elsewhere. */
const TEXT_BYTES = 16;
const INLINE_BYTES_MAX = 12;

function texts(vector: DuckDBVector, count: number, into: unknown[]): void {
  const { dataView } = inside(vector);
  const bytes = Buffer.from(dataView.buffer as ArrayBuffer, dataView.byteOffset, dataView.byteLength);
  const bits = bitsOf(vector, count);
  for (let i = 0; i < count; i++) {
    if (!isValid(bits, i)) into.push(null);
    else {
      const length = dataView.getUint32(i * TEXT_BYTES, true);
      const start = i * TEXT_BYTES + 4;
      into.push(length <= INLINE_BYTES_MAX ? bytes.toString('utf8', start, start + length) : vector.getItem(i));
    }
  }
}

function lists(vector: DuckDBVector, count: number, into: unknown[]): void {
  for (let i = 0; i < count; i++) into.push((vector.getItem(i) as { items: string[] } | null)?.items ?? null);
}
