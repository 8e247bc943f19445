export type { Action, AddFile, CommitInfo, Metadata, Protocol, RemoveFile, Txn } from './delta/actions.ts';
export type { CommitDescription, Plan, TableDeps } from './delta/commit.ts';
export { shouldOptimize } from './delta/compaction.ts';
export { openTable } from './delta/create.ts';
export type { Change, HistoryEntry } from './delta/history.ts';
export type { Optimized, OptimizeOptions } from './delta/optimize.ts';
export type { Snapshot } from './delta/state.ts';
export { type At, type Table, tableAt } from './delta/table.ts';
export { addFile, type DataFile } from './delta/write.ts';
export {
  type Codec,
  createFileBuilder,
  type FileBuilder,
  type FileBuilderOptions,
  type FileStatistics,
  loadZstd,
  type ParquetFile,
} from './parquet/index.ts';
export type { ColumnData } from './query/columns.ts';
export { openQuery, type Param, type Query, type QueryOptions, type SqlOptions } from './query/open.ts';
export type { SqlResult } from './query/results.ts';
export { createLocalStore } from './store/local.ts';
export type { Store, StoredObject } from './store/store.ts';
export * from './tables/index.ts';
