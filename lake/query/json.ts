import {
  type DuckDBArrayValue,
  type DuckDBBlobValue,
  type DuckDBDateValue,
  type DuckDBListValue,
  type DuckDBMapValue,
  type DuckDBStructValue,
  type DuckDBTimestampTZValue,
  type DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';

type ToJson = (value: DuckDBValue) => unknown;

/**
 * The converter of a column's values into what JSON can hold: whole numbers as numbers while they are exact and
 * as text beyond, NaN and infinities as null, timestamps as ISO 8601 with microseconds and Z, dates YYYY-MM-DD,
 * BLOB as base64, lists as arrays, structs as objects, maps as arrays of {key, value}, all else as DuckDB's text.
 */
export function toJson(type: DuckDBType): ToJson {
  const convert = converter(type);
  return (value) => (value === null || value === undefined ? null : convert(value));
}

function converter(type: DuckDBType): ToJson {
  switch (type.typeId) {
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value));
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return (value) => (Number.isFinite(value) ? value : null);
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.VARCHAR:
      return (value) => value;
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (value) => isoTime((value as DuckDBTimestampValue | DuckDBTimestampTZValue).micros);
    case DuckDBTypeId.DATE:
      return (value) => isoDate((value as DuckDBDateValue).days);
    case DuckDBTypeId.BLOB:
      return (value) => Buffer.from((value as DuckDBBlobValue).bytes).toString('base64');
    default:
      return nested(type);
  }
}

function nested(type: DuckDBType): ToJson {
  if (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY) {
    const element = toJson(type.valueType);
    return (value) => (value as DuckDBListValue | DuckDBArrayValue).items.map((item) => element(item));
  }
  if (type.typeId === DuckDBTypeId.STRUCT) {
    const fields = type.entryNames.map((name, index) => [name, toJson(type.entryTypes[index] as DuckDBType)] as const);
    return (value) =>
      Object.fromEntries(
        fields.map(([name, field]) => [name, field((value as DuckDBStructValue).entries[name] ?? null)]),
      );
  }
  if (type.typeId === DuckDBTypeId.MAP) {
    const [key, item] = [toJson(type.keyType), toJson(type.valueType)];
    return (value) =>
      (value as DuckDBMapValue).entries.map((entry) => ({ key: key(entry.key), value: item(entry.value) }));
  }
  return (value) => String(value);
}

/** The largest |µs| that Date holds. */
const DATE_MAX_US = 8_640_000_000_000_000_000n;

/** ISO 8601 in UTC with six digits of fraction; `infinity` and times beyond Date's reach as text. */
function isoTime(micros: bigint): string {
  if (micros > DATE_MAX_US || micros < -DATE_MAX_US) return micros > 0n ? 'infinity' : '-infinity';
  const fraction = ((micros % 1000n) + 1000n) % 1000n;
  const text = new Date(Number((micros - fraction) / 1000n)).toISOString();
  return `${text.slice(0, -1)}${String(fraction).padStart(3, '0')}Z`;
}

function isoDate(days: number): string {
  if (Math.abs(days) > 100_000_000) return days > 0 ? 'infinity' : '-infinity';
  return new Date(days * 86_400_000).toISOString().split('T')[0] as string;
}
