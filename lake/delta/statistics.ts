import { compareKeys } from '../store/keys.ts';
import type { AddFile } from './actions.ts';
import type { DeltaField } from './schema.ts';
import type { DataFile } from './write.ts';

type Bounds = Readonly<Record<string, unknown>>;

interface Parsed {
  readonly numRecords?: number;
  readonly minValues?: Bounds;
  readonly maxValues?: Bounds;
  readonly nullCount?: Bounds;
}

/**
 * The statistics of a file with the rows of all `files`: the least minimum, the greatest maximum, the sum of
 * nulls. A column gets bounds only when each file has them or holds nothing but nulls in it; a null count only
 * when each file has one: no statistic is "unknown" to every reader.
 */
export function mergeStatistics(
  fields: readonly DeltaField[],
  files: readonly AddFile[],
  numRecords: number,
): DataFile['statistics'] {
  const all = files.map(parse);
  const merged = {
    numRecords,
    minValues: {} as Record<string, unknown>,
    maxValues: {} as Record<string, unknown>,
    nullCount: {} as Record<string, unknown>,
  };
  for (const { name } of fields) {
    const nulls = all.map((statistics) => statistics.nullCount?.[name]);
    if (nulls.every((count) => typeof count === 'number')) {
      merged.nullCount[name] = nulls.reduce((sum, count) => sum + count, 0);
    }
    const filled = all.filter((statistics) => !isAllNull(statistics, name));
    const min = extreme(
      filled.map((statistics) => statistics.minValues?.[name]),
      -1,
    );
    const max = extreme(
      filled.map((statistics) => statistics.maxValues?.[name]),
      1,
    );
    if (min !== undefined) merged.minValues[name] = min;
    if (max !== undefined) merged.maxValues[name] = max;
  }
  return merged;
}

/** The sum of the files' rows; null when one does not say. */
export function rowsIn(files: readonly AddFile[]): number | null {
  const counts = files.map((file) => parse(file).numRecords);
  return counts.every((count) => count !== undefined) ? counts.reduce((sum, count) => sum + count, 0) : null;
}

function parse(file: AddFile): Parsed {
  try {
    return JSON.parse(file.stats ?? '{}') as Parsed;
  } catch {
    return {};
  }
}

const isAllNull = ({ numRecords, nullCount }: Parsed, name: string): boolean =>
  numRecords !== undefined && nullCount?.[name] === numRecords;

/** The least (side -1) or greatest (1); undefined unless all are there and of one comparable type. */
function extreme(values: readonly unknown[], side: -1 | 1): unknown {
  const [first] = values;
  if (typeof first !== 'string' && typeof first !== 'number') return undefined;
  if (!values.every((value) => typeof value === typeof first)) return undefined;
  return values.reduce((best, value) => (Math.sign(compare(value, best)) === side ? value : best), first);
}

/** Numbers by value, texts by their UTF-8 bytes; dates and times in ISO 8601 are texts that sort by time. */
function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' ? a - (b as number) : compareKeys(a as string, b as string);
}
