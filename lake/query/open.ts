import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BIGINT,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBResult,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { ConfigError } from '../../core/index.ts';
import { loadState } from '../delta/log.ts';
import { emptyRelation, globEscape, identifier, literal, snapshotSelect } from '../delta/scan.ts';
import { toField } from '../delta/schema.ts';
import type { Snapshot } from '../delta/state.ts';
import { type At, type Table, tableAt } from '../delta/table.ts';
import type { Store } from '../store/store.ts';
import type { TableDefinition } from '../tables/definition.ts';
import { type ColumnData, columnSink } from './columns.ts';
import { createConnections, type Session } from './connections.ts';
import { toJson } from './json.ts';
import { assertReadOnly, sqlError, tablesOf } from './statement.ts';

/** Values for $1, $2 … */
export type Param = string | number | bigint | boolean | null;

export interface SqlOptions {
  readonly params?: readonly Param[];
  /** A version (of the one table that the query names) or a time (of all that it names). */
  readonly at?: At;
  readonly signal?: AbortSignal;
  /** ConfigError when the result has more rows; default 1,000,000, for `columns` 50,000,000. */
  readonly rowsMax?: number;
}

export interface SqlResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Record<string, unknown>[];
}

/** SQL over the lake, read-only. */
export interface Query {
  /** Runs one statement; values are JSON-ready, see {@link toJson}. ConfigError, in one line, when it is wrong. */
  sql(text: string, options?: SqlOptions): Promise<SqlResult>;
  /** The same as whole columns, for millions of rows, see {@link ColumnData}. */
  columns(text: string, options?: SqlOptions): Promise<readonly ColumnData[]>;
  close(): Promise<void>;
}

export interface QueryOptions {
  readonly store: Store;
  readonly tables: readonly TableDefinition[];
  /** µs since 1970 UTC. */
  readonly clock: () => number;
  /** DuckDB's own bound; beyond it, sorts and joins go to disk. Default 1024. */
  readonly memoryLimitMb?: number;
  /** Default 2. */
  readonly threads?: number;
}

/** Queries that run at a time. */
const CONNECTIONS = 4;

/**
 * Opens the lake for SQL through DuckDB. Each table that a query names becomes a view over exactly the files of
 * its snapshot, which we resolve: DuckDB lists no folders. DuckDB can reach nothing but the tables' folders,
 * loads no extension and changes nothing. A table that nobody has written yet is empty.
 */
export async function openQuery(options: QueryOptions): Promise<Query> {
  const { store, tables, clock, memoryLimitMb = 1024, threads = 2 } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'beagle-query-'));
  const instance = await openInstance(
    scratch,
    tables.map((table) => store.locate(table.name)),
    memoryLimitMb,
    threads,
  );
  const parser = await instance.connect();
  const connections = createConnections(instance, CONNECTIONS);
  const handles = new Map(tables.map((definition) => [definition.name, tableAt(store, definition, { clock })]));
  const names = [...handles.keys()].sort();

  const run = async <T>(
    text: string,
    { params = [], at, signal, rowsMax }: SqlOptions,
    rowsDefault: number,
    read: (result: DuckDBResult) => { add(chunk: DuckDBDataChunk): void; finish(): T },
  ): Promise<T> => {
    const used = await tablesOf(parser, text, names);
    if (at !== undefined && 'version' in at && used.length > 1) {
      throw new ConfigError(
        `[lake/query] --version with ${used.join(' and ')}: each has versions of its own; use --timestamp`,
      );
    }
    const views = await Promise.all(used.map((name) => resolveView(handles.get(name) as Table, at)));
    return connections.use(signal, async (session) => {
      try {
        await bindViews(session, views);
        await assertReadOnly(session.connection, text);
        const result = await session.connection.stream(text, params.map(bound), params.map(boundType) as never);
        const reader = read(result);
        await eachChunk(result, rowsMax ?? rowsDefault, reader.add);
        return reader.finish();
      } catch (error) {
        signal?.throwIfAborted();
        throw sqlError(error, names);
      }
    });
  };
  return {
    sql: (text, given = {}) => run(text, given, 1_000_000, rowsOf),
    columns: (text, given = {}) => run(text, given, 50_000_000, columnsOf),
    close: async () => {
      connections.close();
      parser.closeSync();
      instance.closeSync();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

async function openInstance(scratch: string, folders: readonly string[], memoryMb: number, threads: number) {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`,
    threads: String(threads),
    temp_directory: scratch,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  // DuckDB compares a file's name both as the pattern that it was given as and as the name that was found.
  const allowed = folders.flatMap((folder) => [`${folder}/`, globEscape(`${folder}/`)]).map(literal);
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  // Files never change under a name, so that their footers need reading once.
  await connection.run('SET GLOBAL parquet_metadata_cache = true');
  await connection.run(`SET GLOBAL allowed_directories = [${allowed.join(', ')}]`);
  await connection.run('SET GLOBAL enable_external_access = false');
  await connection.run('SET GLOBAL lock_configuration = true');
  connection.closeSync();
  return instance;
}

interface View {
  readonly name: string;
  readonly id: string;
  select(): string;
}

async function resolveView({ definition, name, store, snapshot }: Table, at: At | undefined): Promise<View> {
  let found: Snapshot;
  try {
    found = await snapshot(at);
  } catch (error) {
    // A table that nobody has written yet is empty; one that cannot be read, or not at that time, is an error.
    if (at !== undefined || (await loadState(store, name)) !== null) throw error;
    return { name, id: 'none', select: () => emptyRelation(definition.columns.map(toField)) };
  }
  return {
    name,
    id: `${found.metadata.id}@${found.version}`,
    select: () => snapshotSelect(name, found, store.locate),
  };
}

async function bindViews({ connection, views }: Session, wanted: readonly View[]): Promise<void> {
  for (const { name, id, select } of wanted) {
    if (views.get(name) === id) continue;
    views.delete(name);
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${identifier(name)} AS ${select()}`);
    views.set(name, id);
  }
}

const bound = (param: Param): DuckDBValue =>
  typeof param === 'number' && Number.isSafeInteger(param) ? BigInt(param) : param;
/** Whole numbers go in as BIGINT, so that LIMIT and comparisons with whole columns take them as they are. */
const boundType = (param: Param) => (typeof bound(param) === 'bigint' ? BIGINT : undefined);

async function eachChunk(result: DuckDBResult, rowsMax: number, take: (chunk: DuckDBDataChunk) => void): Promise<void> {
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    rows += chunk.rowCount;
    if (rows > rowsMax) throw new ConfigError(`[lake/query] the result has more than ${rowsMax} rows; add a LIMIT`);
    take(chunk);
  }
}

function rowsOf(result: DuckDBResult) {
  const names = result.deduplicatedColumnNames();
  const types = result.columnTypes();
  const converters = types.map(toJson);
  const rows: Record<string, unknown>[] = [];
  return {
    add: (chunk: DuckDBDataChunk) => {
      const columns = converters.map((convert, index) => chunk.getColumnValues(index).map(convert));
      for (let row = 0; row < chunk.rowCount; row++) {
        const made: Record<string, unknown> = {};
        for (const [index, name] of names.entries()) made[name] = columns[index]?.[row] ?? null;
        rows.push(made);
      }
    },
    finish: (): SqlResult => ({
      columns: names.map((name, index) => ({ name, type: String(types[index]) })),
      rows,
    }),
  };
}

function columnsOf(result: DuckDBResult) {
  const types = result.columnTypes();
  const sinks = result.deduplicatedColumnNames().map((name, index) => columnSink(name, types[index] as DuckDBType));
  return {
    add: (chunk: DuckDBDataChunk) => {
      for (const [index, sink] of sinks.entries()) sink.add(chunk.getColumnVector(index), chunk.rowCount);
    },
    finish: (): ColumnData[] => sinks.map((sink) => sink.finish()),
  };
}
