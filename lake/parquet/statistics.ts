import type { ColumnType } from '../../core/index.ts';
import { type PhysicalType, TYPE } from './format.ts';
import { prefixOf, successorOf } from './utf8.ts';

/** Delta's per-file statistics (https://github.com/delta-io/delta/blob/master/PROTOCOL.md#per-file-statistics), ready for JSON. */
export interface FileStatistics {
  readonly numRecords: number;
  readonly minValues: Record<string, unknown>;
  readonly maxValues: Record<string, unknown>;
  readonly nullCount: Record<string, number>;
}

/** Statistics of one column chunk as the footer holds them: PLAIN bytes of the bounds, or null where there are none. */
export interface ChunkStatistics {
  readonly nullCount: number;
  readonly min: Uint8Array | null;
  readonly max: Uint8Array | null;
}

/** Smallest and largest of some values. */
export interface Bounds<T> {
  readonly min: T;
  readonly max: T;
}

/** Delta's default length of string bounds, in code points. */
const DELTA_PREFIX = 32;

/** Longer strings give a chunk no bounds: they would swell the footer, and readers differ on truncated ones. */
const CHUNK_STRING_BYTES_MAX = 64;

export function chunkStatisticsOfNumbers(
  type: PhysicalType,
  nullCount: number,
  bounds: Bounds<number> | null,
): ChunkStatistics {
  if (bounds === null) return { nullCount, min: null, max: null };
  // -0 and +0 are equal but not the same bytes: the format asks for the wider pair.
  const min = type === TYPE.double && bounds.min === 0 ? -0 : bounds.min;
  const max = type === TYPE.double && bounds.max === 0 ? 0 : bounds.max;
  return { nullCount, min: plainNumber(type, min), max: plainNumber(type, max) };
}

export function chunkStatisticsOfStrings(nullCount: number, bounds: Bounds<Uint8Array> | null): ChunkStatistics {
  if (bounds === null || Math.max(bounds.min.length, bounds.max.length) > CHUNK_STRING_BYTES_MAX) {
    return { nullCount, min: null, max: null };
  }
  return { nullCount, ...bounds };
}

function plainNumber(type: PhysicalType, value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(type === TYPE.int32 ? 4 : 8));
  if (type === TYPE.int32) view.setInt32(0, value, true);
  else if (type === TYPE.int64) view.setBigInt64(0, BigInt(value), true);
  else view.setFloat64(0, value, true);
  return new Uint8Array(view.buffer);
}

/** A bound as Delta's JSON has it; undefined where JSON cannot say it, which means "unknown" to every reader. */
export function deltaNumber(type: ColumnType, value: number, side: 'min' | 'max'): unknown {
  if (type === 'date') return isoDate(value * 86_400_000)?.slice(0, 10);
  if (type === 'timestamp') {
    // Spark writes both bounds cut down to milliseconds and adds one to the upper bound when it reads
    // (delta DataSkippingReader.scala, "JSON serialization will truncate to milliseconds"). Readers that
    // do not add it are right as well when the upper bound is rounded up.
    return isoDate(side === 'min' ? Math.floor(value / 1000) : Math.ceil(value / 1000));
  }
  // -0 + 0 is 0: JSON has no -0.
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** ISO 8601 within the years that every engine reads. */
function isoDate(timeMs: number): string | undefined {
  if (!(timeMs >= -62_135_596_800_000 && timeMs < 253_402_300_800_000)) return undefined;
  return new Date(timeMs).toISOString();
}

/** The string's first 32 code points; for the upper bound of a longer string, the next greater prefix. */
export function deltaString(bytes: Uint8Array, side: 'min' | 'max'): string | undefined {
  const prefix = prefixOf(bytes, DELTA_PREFIX);
  if (prefix.length === bytes.length || side === 'min') return decoder.decode(prefix);
  return successorOf(decoder.decode(prefix));
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
