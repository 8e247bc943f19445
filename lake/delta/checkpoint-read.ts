import * as zlib from 'node:zlib';
import { type Compressors, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { ConfigError, messageOf } from '../../core/index.ts';
import { loadWasmZstd } from '../parquet/index.ts';
import type { Store } from '../store/store.ts';
import { type Action, toAction } from './actions.ts';

const COLUMNS = ['txn', 'add', 'remove', 'metaData', 'protocol'];

/** The actions in a classic checkpoint, whose parts are given by their keys. ConfigError when one is damaged. */
export async function readCheckpoint(store: Store, keys: readonly string[]): Promise<readonly Action[]> {
  const actions: Action[] = [];
  for (const key of keys) {
    const bytes = await store.get(key);
    if (bytes === null)
      throw new ConfigError(`[lake/delta] ${key} is gone; the table's log is being cleaned or damaged`);
    const rows = await rowsOf(bytes, key);
    for (const [index, row] of rows.entries()) {
      const action = toAction(row, `${key} row ${index + 1}`);
      if (action !== null) actions.push(action);
    }
  }
  return actions;
}

async function rowsOf(bytes: Uint8Array, key: string): Promise<Record<string, unknown>[]> {
  // A Buffer may be a window on a larger pool.
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(file);
    const codecs = new Set(metadata.row_groups.flatMap((group) => group.columns.map((c) => c.meta_data?.codec)));
    const names = new Set(metadata.schema.map((element) => element.name));
    const rows = await parquetReadObjects({
      file,
      metadata,
      compressors: await compressors(codecs.has('ZSTD')),
      // A checkpoint may leave out kinds that it has none of.
      columns: COLUMNS.filter((name) => names.has(name)),
    });
    return rows.map((row) => plain(row) as Record<string, unknown>);
  } catch (error) {
    throw new ConfigError(`[lake/delta] ${key} cannot be read: ${messageOf(error)}; the table's log is damaged`);
  }
}

/** Numbers instead of bigint (the log's are all exact), and members that are null left out, as in JSON. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const made: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    // In partitionValues a null means null; elsewhere it means "not given".
    if (name === 'partitionValues' && member !== null) made[name] = member;
    else if (member !== null && member !== undefined) made[name] = plain(member);
  }
  return made;
}

/** hyparquet itself knows snappy only. */
async function compressors(withZstd: boolean): Promise<Compressors> {
  const gzip = { GZIP: (input: Uint8Array) => zlib.gunzipSync(input) };
  return withZstd ? { ...gzip, ZSTD: await zstd() } : gzip;
}

async function zstd(): Promise<(input: Uint8Array) => Uint8Array> {
  const native = (zlib as unknown as { zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array }).zstdDecompressSync;
  // hyparquet gives the length as well, which Node would take for options.
  if (native !== undefined) return (input) => native(input);
  const { decompress } = await loadWasmZstd();
  return (input) => decompress(input);
}
