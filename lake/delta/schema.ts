import { type Column, type ColumnType, ConfigError } from '../../core/index.ts';
import type { TableDefinition } from '../tables/definition.ts';

/** A type in Delta's schema serialisation (PROTOCOL.md, "Schema Serialization Format"). */
export type DeltaType =
  | string
  | { readonly type: 'array'; readonly elementType: DeltaType; readonly containsNull: boolean }
  | { readonly type: 'map'; readonly keyType: DeltaType; readonly valueType: DeltaType }
  | { readonly type: 'struct'; readonly fields: readonly DeltaField[] };

export interface DeltaField {
  readonly name: string;
  readonly type: DeltaType;
  readonly nullable: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const PRIMITIVES: Readonly<Record<Exclude<ColumnType, 'list<string>'>, string>> = {
  string: 'string',
  int: 'integer',
  long: 'long',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp',
  date: 'date',
  binary: 'binary',
};

export function toField(column: Column): DeltaField {
  const type: DeltaType =
    column.type === 'list<string>'
      ? { type: 'array', elementType: 'string', containsNull: true }
      : PRIMITIVES[column.type];
  return { name: column.name, type, nullable: column.nullable, metadata: { comment: column.comment } };
}

export function toSchemaString(fields: readonly DeltaField[]): string {
  return JSON.stringify({ type: 'struct', fields });
}

/** ConfigError when it is not a schema. */
export function parseSchema(table: string, schemaString: string): readonly DeltaField[] {
  try {
    const schema = JSON.parse(schemaString) as { fields?: DeltaField[] };
    if (Array.isArray(schema.fields)) return schema.fields;
  } catch {
    // Said below.
  }
  throw new ConfigError(`[lake/delta] ${table} has a schema that cannot be read; the table's log is damaged`);
}

/**
 * The table's fields with those of the definition that it lacks behind them; null when it lacks none.
 * ConfigError when the table is another one: a column of another type, one that the definition does not know,
 * a missing one that may not be null, other partition columns.
 */
export function missingFields(
  definition: TableDefinition,
  existing: readonly DeltaField[],
  partitionColumns: readonly string[],
): readonly DeltaField[] | null {
  const refuse = (what: string): never => {
    throw new ConfigError(
      `[lake/delta] the table ${definition.name} is not the one this version knows: ${what}; use another folder or version`,
    );
  };
  if (partitionColumns.join() !== definition.partitionBy.join()) {
    refuse(`it is partitioned by (${partitionColumns.join(', ')}), not by (${definition.partitionBy.join(', ')})`);
  }
  const byName = new Map(existing.map((field) => [field.name, field]));
  const missing: DeltaField[] = [];
  for (const field of definition.columns.map(toField)) {
    const found = byName.get(field.name);
    byName.delete(field.name);
    if (found === undefined && !field.nullable) refuse(`it lacks ${field.name}, which may not be null`);
    if (found === undefined) missing.push(field);
    else if (typeOf(found.type) !== typeOf(field.type)) {
      refuse(`${field.name} is ${typeOf(found.type)}, not ${typeOf(field.type)}`);
    } else if (found.nullable !== field.nullable) {
      refuse(`${field.name} may ${found.nullable ? '' : 'not '}be null in it`);
    }
  }
  const [extra] = byName.keys();
  if (extra !== undefined) refuse(`it has a column ${extra}`);
  return missing.length === 0 ? null : [...existing, ...missing];
}

function typeOf(type: DeltaType): string {
  if (typeof type === 'string') return type;
  return type.type === 'array' ? `array<${typeOf(type.elementType)}>` : type.type;
}
