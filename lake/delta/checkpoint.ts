import { gzipSync } from 'node:zlib';
import { CODEC, type Codec, type NestedField, writeNested } from '../parquet/index.ts';
import type { Store } from '../store/store.ts';
import type { Metadata } from './actions.ts';
import { checkpointKey, lastCheckpointKey } from './names.ts';
import type { TableState } from './state.ts';

/** Fewer commits than this are read faster than a checkpoint. */
const COMMITS_MIN = 10;
/** A reader never has more commits to read than this: each is a request to the store. */
const COMMITS_MAX = 100;
/** Delta's default of delta.deletedFileRetentionDuration: older tombstones are left out. */
const TOMBSTONE_RETENTION_MS = 7 * 86_400_000;

/** Every reader of Parquet knows gzip, and every Node has it. */
const GZIP: Codec = { id: CODEC.gzip, compress: (bytes) => gzipSync(bytes, { level: 1 }) };

const optional = (name: string, type: NestedField['type']): NestedField => ({ name, type, nullable: true });
const required = (name: string, type: NestedField['type']): NestedField => ({ name, type, nullable: false });

/** PROTOCOL.md, "Checkpoint Schema": one row an action, one column a kind. */
const SCHEMA: readonly NestedField[] = [
  optional('txn', {
    struct: [required('appId', 'string'), required('version', 'long'), optional('lastUpdated', 'long')],
  }),
  optional('add', {
    struct: [
      required('path', 'string'),
      required('partitionValues', 'map<string,string>'),
      required('size', 'long'),
      required('modificationTime', 'long'),
      required('dataChange', 'boolean'),
      optional('stats', 'string'),
      optional('tags', 'map<string,string>'),
    ],
  }),
  optional('remove', {
    struct: [
      required('path', 'string'),
      optional('deletionTimestamp', 'long'),
      required('dataChange', 'boolean'),
      optional('extendedFileMetadata', 'boolean'),
      optional('partitionValues', 'map<string,string>'),
      optional('size', 'long'),
      optional('tags', 'map<string,string>'),
    ],
  }),
  optional('metaData', {
    struct: [
      required('id', 'string'),
      optional('name', 'string'),
      optional('description', 'string'),
      required('format', { struct: [required('provider', 'string'), optional('options', 'map<string,string>')] }),
      required('schemaString', 'string'),
      required('partitionColumns', 'list<string>'),
      optional('createdTime', 'long'),
      required('configuration', 'map<string,string>'),
    ],
  }),
  optional('protocol', {
    struct: [required('minReaderVersion', 'int'), required('minWriterVersion', 'int')],
  }),
];

/**
 * A checkpoint is due once the commits behind the last one hold more actions than it did (so that its cost is
 * spread evenly however large the table grows), but not before 10 commits and not later than 100.
 */
export function checkpointDue(state: TableState): boolean {
  const commits = state.version - state.checkpoint.version;
  return commits >= COMMITS_MAX || (commits >= COMMITS_MIN && state.tailActions > state.checkpoint.actions);
}

/**
 * Writes the state as a classic single-file checkpoint and points `_last_checkpoint` at it. Tombstones older
 * than a week are dropped, from the state too. Several processes may do so at once: the file of a version is
 * written once, and the pointer is a hint.
 */
export async function writeCheckpoint(store: Store, table: string, state: TableState, nowUs: number): Promise<void> {
  dropOldTombstones(state, nowUs / 1000 - TOMBSTONE_RETENTION_MS);
  const rows = rowsOf(state);
  const { version } = state;
  const bytes = writeNested(SCHEMA, rows, GZIP);
  await store.putIfAbsent(checkpointKey(table, version), bytes);
  const hint = { version, size: rows.length, sizeInBytes: bytes.byteLength, numOfAddFiles: state.files.size };
  await store.put(lastCheckpointKey(table), new TextEncoder().encode(JSON.stringify(hint)));
  state.checkpoint = { version, actions: rows.length };
  state.tailActions = 0;
}

function dropOldTombstones(state: TableState, beforeMs: number): void {
  for (const [path, { deletionTimestamp }] of state.tombstones) {
    if ((deletionTimestamp ?? 0) < beforeMs) state.tombstones.delete(path);
  }
}

function rowsOf(state: TableState): object[] {
  const { protocol, metadata } = state;
  return [
    ...(protocol === null ? [] : [{ protocol }]),
    ...(metadata === null ? [] : [{ metaData: withFormat(metadata) }]),
    ...[...state.txns].map(([appId, txn]) => ({ txn: { appId, ...txn } })),
    ...[...state.files.values()].map((add) => ({ add })),
    ...[...state.tombstones.values()].map((remove) => ({ remove })),
  ];
}

const withFormat = (metadata: Metadata) => ({
  ...metadata,
  format: { provider: metadata.format?.provider ?? 'parquet', options: metadata.format?.options ?? {} },
});
