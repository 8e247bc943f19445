import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import { ConfigError, messageOf } from '../../core/index.ts';

/**
 * The names of the tables that a statement reads (its own WITH names left out). ConfigError unless it is a
 * single SELECT, WITH, EXPLAIN, DESCRIBE, SUMMARIZE or SHOW. `parser` is a connection without any views, for
 * DuckDB looks through those that it knows.
 */
export async function tablesOf(parser: DuckDBConnection, text: string, known: readonly string[]): Promise<string[]> {
  const statements = await parsed(() => parser.extractStatements(text));
  if (statements.count !== 1) {
    throw new ConfigError(`[lake/query] ${statements.count} statements given; give exactly one`);
  }
  const body = explained(text) ?? text;
  const names = await parsed(async () => parser.getTableNames(body, false));
  const lower = new Set(names.map((name) => name.replace(/^"|"$/g, '').toLowerCase()));
  const found = known.filter((name) => lower.has(name));
  // DESCRIBE and SUMMARIZE hide their tables from DuckDB's own look-up: any word that is a table's name counts.
  if (lower.size === 0) {
    const words = new Set(text.toLowerCase().match(/\w+/g) ?? []);
    return known.filter((name) => words.has(name));
  }
  return found;
}

/** Prepares the statement with its views in place and refuses what does not just read. */
export async function assertReadOnly(connection: DuckDBConnection, text: string): Promise<void> {
  const type = await typeOf(connection, text);
  if (type === StatementType.SELECT) return;
  const body = type === StatementType.EXPLAIN ? explained(text) : null;
  // EXPLAIN ANALYZE runs what it explains.
  if (body !== null && (await typeOf(connection, body)) === StatementType.SELECT) return;
  throw new ConfigError(
    `[lake/query] ${StatementType[type]?.toLowerCase() ?? 'this'} is not allowed; the lake takes SELECT, WITH, EXPLAIN, DESCRIBE, SUMMARIZE and SHOW`,
  );
}

async function typeOf(connection: DuckDBConnection, text: string): Promise<StatementType> {
  const statements = await connection.extractStatements(text);
  if (statements.count !== 1) throw new ConfigError('[lake/query] give exactly one statement');
  const prepared = await statements.prepare(0);
  try {
    return prepared.statementType;
  } finally {
    prepared.destroySync();
  }
}

/** What an EXPLAIN explains; null when the text does not begin with one. */
function explained(text: string): string | null {
  const start = /^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)*explain\b\s*(?:\([^)]*\)|analyze\b)?/i.exec(text);
  return start === null ? null : text.slice(start[0].length);
}

async function parsed<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw sqlError(error, []);
  }
}

/** DuckDB's complaint in one line, without its drawing of the query; an unknown table is told which there are. */
export function sqlError(error: unknown, tables: readonly string[]): Error {
  if (error instanceof ConfigError) return error;
  const raw = error instanceof Error ? error.message : messageOf(error);
  const text = raw.replace(/\n\nLINE \d+:[\s\S]*$/, '').replace(/\s*\n\s*/g, ' ');
  const missing = /^Catalog Error: Table with name (.+?) does not exist/.exec(text);
  if (missing) return new ConfigError(`[lake/query] there is no table ${missing[1]}; there are ${tables.join(', ')}`);
  if (/^Out of Memory Error/.test(text)) {
    return new ConfigError(
      `[lake/query] the query needs more memory than it may use; narrow it (${text.slice(0, 120)})`,
    );
  }
  return new ConfigError(`[lake/query] ${text}; correct the query`);
}
