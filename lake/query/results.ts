import type { DuckDBDataChunk, DuckDBResult, DuckDBType } from '@duckdb/node-api';
import { ConfigError } from '../../core/index.ts';
import { type ColumnData, columnSink } from './columns.ts';
import { toJson } from './json.ts';

export interface SqlResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Record<string, unknown>[];
}

/** Takes a result chunk by chunk. */
export interface ResultReader<T> {
  add(chunk: DuckDBDataChunk): void;
  finish(): T;
}

/** Hands over all chunks; ConfigError when there are more rows than `rowsMax`. */
export async function eachChunk(
  result: DuckDBResult,
  rowsMax: number,
  take: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    rows += chunk.rowCount;
    if (rows > rowsMax) throw new ConfigError(`[lake/query] the result has more than ${rowsMax} rows; add a LIMIT`);
    take(chunk);
  }
}

/** Rows as objects of JSON-ready values. */
export function rowsOf(result: DuckDBResult): ResultReader<SqlResult> {
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

/** Whole columns as arrays. */
export function columnsOf(result: DuckDBResult): ResultReader<readonly ColumnData[]> {
  const types = result.columnTypes();
  const sinks = result.deduplicatedColumnNames().map((name, index) => columnSink(name, types[index] as DuckDBType));
  return {
    add: (chunk: DuckDBDataChunk) => {
      for (const [index, sink] of sinks.entries()) sink.add(chunk.getColumnVector(index), chunk.rowCount);
    },
    finish: (): ColumnData[] => sinks.map((sink) => sink.finish()),
  };
}
