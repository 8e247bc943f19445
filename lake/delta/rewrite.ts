import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { messageOf } from '../../core/index.ts';
import type { Store } from '../store/store.ts';
import type { TableDefinition } from '../tables/definition.ts';
import type { Group } from './compaction.ts';
import { filesSelect, identifier, literal } from './scan.ts';
import { type DeltaField, parseSchema } from './schema.ts';
import type { Snapshot } from './state.ts';
import { mergeStatistics, rowsIn } from './statistics.ts';
import type { DataFile } from './write.ts';

/** Makes one file of a group's; close it when done. */
export interface Rewriter {
  rewrite(group: Group): Promise<DataFile>;
  close(): Promise<void>;
}

/**
 * Rewrites files of a snapshot through DuckDB, which does so several times as fast as rows could pass through
 * JavaScript: zstd, the table's types, sorted as its definition says, spilling to disk beyond the memory limit.
 */
export async function openRewriter(
  store: Store,
  definition: TableDefinition,
  { metadata }: Snapshot,
  limits: { readonly memoryLimitMb: number; readonly threads: number },
): Promise<Rewriter> {
  const scratch = await mkdtemp(join(tmpdir(), 'beagle-optimize-'));
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${limits.memoryLimitMb}MB`,
    threads: String(limits.threads),
    temp_directory: join(scratch, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const fields = parseSchema(definition.name, metadata.schemaString);
  const dataFields = fields.filter((field) => !metadata.partitionColumns.includes(field.name));
  let count = 0;
  return {
    rewrite: async (group) => {
      const path = join(scratch, `${count++}.parquet`);
      const files = filesSelect(definition.name, fields, metadata.partitionColumns, group.files, store.locate);
      const rows = await copyTo(
        connection,
        selectOf(files, dataFields, definition.sortBy ?? []),
        path,
        definition.name,
      );
      const expected = rowsIn(group.files);
      if (expected !== null && expected !== rows) {
        throw new Error(
          `[lake/delta] ${definition.name}: files of ${expected} rows were rewritten to ${rows}; nothing was changed`,
        );
      }
      const statistics = mergeStatistics(dataFields, group.files, rows);
      await countMissingNulls(connection, path, dataFields, statistics.nullCount as Record<string, unknown>);
      const bytes = await readFile(path);
      await rm(path);
      return { bytes, statistics };
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

function selectOf(files: string, fields: readonly DeltaField[], sortBy: readonly string[]): string {
  const order = sortBy.length === 0 ? '' : ` ORDER BY ${sortBy.map(identifier).join(', ')}`;
  return `SELECT ${fields.map((field) => identifier(field.name)).join(', ')} FROM (${files})${order}`;
}

async function copyTo(connection: DuckDBConnection, select: string, path: string, table: string): Promise<number> {
  try {
    const done = await connection.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
    return done.rowsChanged;
  } catch (error) {
    throw new Error(`[lake/delta] ${table} cannot be optimised: ${messageOf(error)}; nothing was changed`);
  }
}

/** Counts the nulls of columns that some old file said nothing of, such as one that was added to the table later. */
async function countMissingNulls(
  connection: DuckDBConnection,
  path: string,
  fields: readonly DeltaField[],
  nullCount: Record<string, unknown>,
): Promise<void> {
  const missing = fields.map((field) => field.name).filter((name) => nullCount[name] === undefined);
  if (missing.length === 0) return;
  const counts = missing.map((name) => `count(*) - count(${identifier(name)})`);
  const found = await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${literal(path)}`);
  for (const [index, name] of missing.entries()) nullCount[name] = Number(found.getRows()[0]?.[index]);
}
