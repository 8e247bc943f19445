import { ConflictError } from '../../core/index.ts';
import type { Store } from '../store/store.ts';
import type { TableDefinition } from '../tables/definition.ts';
import type { AddFile } from './actions.ts';
import { encodePath, partitionFolder } from './names.ts';

/** A finished Parquet file, as the builder in lake/parquet gives it: statistics by column name. */
export interface DataFile {
  readonly bytes: Uint8Array;
  readonly statistics: {
    readonly numRecords: number;
    readonly minValues: Readonly<Record<string, unknown>>;
    readonly maxValues: Readonly<Record<string, unknown>>;
    readonly nullCount: Readonly<Record<string, unknown>>;
  };
}

/**
 * Puts a data file at `<table>/<partition folders>part-<name>.parquet` and gives the add action that a commit
 * makes it part of the table with. `partitionValues` are in Delta's text form (dates YYYY-MM-DD, null for
 * null); `name` must be new: it carries a nonce of the attempt. ConflictError when the file is there.
 */
export async function addFile(
  store: Store,
  definition: TableDefinition,
  file: DataFile,
  partitionValues: Readonly<Record<string, string | null>>,
  name: string,
  nowUs: number,
): Promise<AddFile> {
  const path = `${partitionFolder(definition.partitionBy, partitionValues)}part-${name}.parquet`;
  const key = `${definition.name}/${path}`;
  if (!(await store.putIfAbsent(key, file.bytes))) {
    throw new ConflictError(`[lake/delta] ${key} is there already; take a new name for every attempt`);
  }
  return {
    path: encodePath(path),
    partitionValues,
    size: file.bytes.byteLength,
    modificationTime: Math.floor(nowUs / 1000),
    dataChange: true,
    stats: JSON.stringify(file.statistics),
  };
}
