import { ConfigError } from '../../core/index.ts';

/** Names in `_delta_log`, as PROTOCOL.md ("Delta Log Entries", "Checkpoints") gives them. */

const digits = (version: number): string => String(version).padStart(20, '0');

export const logFolder = (table: string): string => `${table}/_delta_log/`;
export const commitKey = (table: string, version: number): string => `${logFolder(table)}${digits(version)}.json`;
export const checkpointKey = (table: string, version: number): string =>
  `${logFolder(table)}${digits(version)}.checkpoint.parquet`;
export const lastCheckpointKey = (table: string): string => `${logFolder(table)}_last_checkpoint`;
/** Behind every name of an earlier version, before those of `version`. */
export const beforeVersion = (table: string, version: number): string => `${logFolder(table)}${digits(version)}`;

export type LogName =
  | { readonly kind: 'commit'; readonly version: number }
  /** `part` of `parts`, counted from 1; a single file is part 1 of 1. */
  | { readonly kind: 'checkpoint'; readonly version: number; readonly part: number; readonly parts: number }
  /** A V2 checkpoint with a UUID in its name. */
  | { readonly kind: 'checkpoint-v2'; readonly version: number };

/** What a name in the log folder stands for; null for what a reader ignores (checksums, compacted logs …). */
export function parseLogName(name: string): LogName | null {
  const commit = /^(\d{20})\.json$/.exec(name);
  if (commit) return { kind: 'commit', version: Number(commit[1]) };
  const checkpoint = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/.exec(name);
  if (checkpoint) {
    const [, version, part, parts] = checkpoint;
    return { kind: 'checkpoint', version: Number(version), part: Number(part ?? 1), parts: Number(parts ?? 1) };
  }
  const v2 = /^(\d{20})\.checkpoint\.[0-9a-f-]{36}\.(?:parquet|json)$/.exec(name);
  return v2 ? { kind: 'checkpoint-v2', version: Number(v2[1]) } : null;
}

/**
 * One spelling for each file: the path decoded, without the scheme that some writers put before an absolute
 * path, so that `file:/a%20b`, `file:///a%20b` and `/a b` are one file.
 */
export function canonicalPath(path: string): string {
  return decodePath(path).replace(/^file:\/*(?=\/)/, '');
}

/** The key of a data file. ConfigError for a file outside the table's folder (a shallow clone, say). */
export function dataKey(table: string, path: string): string {
  const decoded = decodePath(path);
  if (/^[a-z][a-z0-9+.-]*:\/|^\//i.test(decoded)) {
    throw new ConfigError(`[lake/delta] ${table} refers to ${path} outside its folder; Beagle reads no shallow clones`);
  }
  return `${table}/${decoded}`;
}

/** A relative path as an add action holds it: URI-encoded, the slashes kept (RFC 2396). */
export function encodePath(path: string): string {
  return path
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('%3D', '='))
    .join('/');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * `name=value/` for each partition column, as Hive and Spark name the folders: characters that are unsafe in a
 * path are written as %XX, null as __HIVE_DEFAULT_PARTITION__.
 */
export function partitionFolder(columns: readonly string[], values: Readonly<Record<string, string | null>>): string {
  return columns.map((name) => `${hiveEscape(name)}=${hiveEscape(values[name] ?? null)}/`).join('');
}

function hiveEscape(value: string | null): string {
  if (value === null || value === '') return '__HIVE_DEFAULT_PARTITION__';
  return value.replace(/[^A-Za-z0-9 _.,;@+()!~$&\u0080-\uffff-]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}
