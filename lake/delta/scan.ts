import type { AddFile } from './actions.ts';
import { dataKey, encodePath, partitionFolder } from './names.ts';
import { type DeltaField, type DeltaType, parseSchema } from './schema.ts';
import type { Snapshot } from './state.ts';

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  long: 'BIGINT',
  integer: 'INTEGER',
  short: 'SMALLINT',
  byte: 'TINYINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
  timestamp_ntz: 'TIMESTAMP',
};

/** DuckDB's name of a Delta type; VARCHAR for one that it does not know. */
function duckType(type: DeltaType): string {
  if (typeof type === 'string') {
    return PRIMITIVES[type] ?? (/^decimal\(\d+, *\d+\)$/.test(type) ? type.toUpperCase() : 'VARCHAR');
  }
  if (type.type === 'array') return `${duckType(type.elementType)}[]`;
  if (type.type === 'map') return `MAP(${duckType(type.keyType)}, ${duckType(type.valueType)})`;
  return `STRUCT(${type.fields.map((field) => `${identifier(field.name)} ${duckType(field.type)}`).join(', ')})`;
}

/** A relation without rows and with the fields' names and types. */
export function emptyRelation(fields: readonly DeltaField[]): string {
  const columns = fields.map((field) => `CAST(NULL AS ${duckType(field.type)}) AS ${identifier(field.name)}`);
  return `SELECT ${columns.join(', ')} WHERE false`;
}

/**
 * A SELECT over exactly the snapshot's files, with the table's columns and types in order. Partition columns
 * come from the log, not from the files; a column that a file lacks (added to the table later) is null.
 * `locate` gives the path or address of a key.
 */
export function snapshotSelect(table: string, snapshot: Snapshot, locate: (key: string) => string): string {
  const fields = parseSchema(table, snapshot.metadata.schemaString);
  const partitionBy = snapshot.metadata.partitionColumns;
  return filesSelect(table, fields, partitionBy, snapshot.files, locate);
}

/** The same for some of a table's files. */
export function filesSelect(
  table: string,
  fields: readonly DeltaField[],
  partitionBy: readonly string[],
  files: readonly AddFile[],
  locate: (key: string) => string,
): string {
  const dataFields = fields.filter((field) => !partitionBy.includes(field.name));
  const groups = new Map<string, AddFile[]>();
  for (const file of files) {
    const inPath = isHivePath(file, partitionBy);
    const key = JSON.stringify([
      isComplete(file, dataFields),
      inPath,
      inPath ? [] : partitionBy.map((name) => file.partitionValues[name] ?? null),
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  const selects = [...groups].map(([key, group]) => {
    const [complete, inPath] = JSON.parse(key) as [boolean, boolean];
    const paths = group.map((file) => literal(globEscape(locate(dataKey(table, file.path)))));
    const hive = inPath && partitionBy.length > 0;
    const options = [hive ? hiveOptions(fields, partitionBy) : 'hive_partitioning = false'];
    if (!complete) options.push('union_by_name = true');
    const scan = `read_parquet([${paths.join(', ')}], ${options.join(', ')})`;
    const from = complete ? scan : `(${emptyRelation(dataFields)} UNION ALL BY NAME SELECT * FROM ${scan})`;
    const values = hive ? null : (group[0]?.partitionValues ?? {});
    return `SELECT ${fields.map((field) => columnOf(field, partitionBy, values)).join(', ')} FROM ${from}`;
  });
  return selects.length === 0 ? emptyRelation(fields) : selects.join(' UNION ALL ');
}

function columnOf(
  { name, type }: DeltaField,
  partitionBy: readonly string[],
  values: Readonly<Record<string, string | null>> | null,
): string {
  const value = values?.[name];
  const source =
    values === null || !partitionBy.includes(name)
      ? identifier(name)
      : value === undefined || value === null || (value === '' && type !== 'binary')
        ? 'NULL'
        : literal(value);
  return `CAST(${source} AS ${duckType(type)}) AS ${identifier(name)}`;
}

/**
 * Whether the file's folders spell its partition values: then DuckDB reads them from the path, and skips
 * whole partitions that a query does not ask for.
 */
function isHivePath(file: AddFile, partitionBy: readonly string[]): boolean {
  const plain = partitionBy.every((name) => /^[\w.-]+$/.test(`${name}${file.partitionValues[name] ?? '/'}`));
  return plain && file.path.startsWith(encodePath(partitionFolder(partitionBy, file.partitionValues)));
}

function hiveOptions(fields: readonly DeltaField[], partitionBy: readonly string[]): string {
  const types = fields
    .filter((field) => partitionBy.includes(field.name))
    .map((field) => `${literal(field.name)}: ${duckType(field.type)}`);
  return `hive_partitioning = true, hive_types = {${types.join(', ')}}`;
}

const completeness = new WeakMap<AddFile, { readonly fields: string; readonly complete: boolean }>();

/** Whether the file's statistics name every column, so that none can be missing in it. */
function isComplete(file: AddFile, fields: readonly DeltaField[]): boolean {
  const names = fields.map((field) => field.name).join('\0');
  const known = completeness.get(file);
  if (known?.fields === names) return known.complete;
  let counts: Readonly<Record<string, unknown>> = {};
  try {
    counts = (JSON.parse(file.stats ?? '{}') as { nullCount?: Record<string, unknown> }).nullCount ?? {};
  } catch {
    // Damaged statistics say nothing; the file itself is read.
  }
  const complete = fields.every((field) => Object.hasOwn(counts, field.name));
  completeness.set(file, { fields: names, complete });
  return complete;
}

/** DuckDB takes each path for a pattern: what would be one is put in brackets. */
export function globEscape(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}
