import type { Column, ColumnType } from '../../core/index.ts';

/** A column that always has a value. */
export const required = (name: string, type: ColumnType, comment: string): Column => ({
  name,
  type,
  nullable: false,
  comment,
});

/** A column that may be null. */
export const optional = (name: string, type: ColumnType, comment: string): Column => ({
  name,
  type,
  nullable: true,
  comment,
});
