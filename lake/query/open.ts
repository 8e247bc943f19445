import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIGINT, type DuckDBResult, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { ConfigError } from '../../core/index.ts';
import { type At, type Table, tableAt } from '../delta/table.ts';
import type { Store } from '../store/store.ts';
import type { TableDefinition } from '../tables/definition.ts';
import type { ColumnData } from './columns.ts';
import { createConnections } from './connections.ts';
import { openInstance } from './instance.ts';
import { columnsOf, eachChunk, type ResultReader, rowsOf, type SqlResult } from './results.ts';
import { assertReadOnly, sqlError, tablesOf } from './statement.ts';
import { bindViews, resolveView } from './views.ts';

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
    read: (result: DuckDBResult) => ResultReader<T>,
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
        const result = await session.connection.stream(text, params.map(bound), params.map(boundType) as DuckDBType[]);
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

const bound = (param: Param): DuckDBValue =>
  typeof param === 'number' && Number.isSafeInteger(param) ? BigInt(param) : param;
/** Whole numbers go in as BIGINT, so that LIMIT and comparisons with whole columns take them as they are. */
const boundType = (param: Param) => (typeof bound(param) === 'bigint' ? BIGINT : undefined);
