/**
 * The types a lake column can have. In a row (a plain object) they are, in this order: string (or its
 * UTF-8 bytes), number, number, number, boolean, microseconds since 1970 UTC as number, days since 1970
 * as number, Uint8Array, array of strings. `null` stands for a missing value.
 */
export type ColumnType =
  | 'string'
  | 'int'
  | 'long'
  | 'double'
  | 'boolean'
  | 'timestamp'
  | 'date'
  | 'binary'
  | 'list<string>';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly comment: string;
}

/** A value of a row, as {@link ColumnType} describes it. */
export type Value = string | number | boolean | Uint8Array | readonly string[] | null;

export type Row = { readonly [column: string]: Value };
