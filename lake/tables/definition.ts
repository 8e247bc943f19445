import type { Column } from '../../core/index.ts';

/** What a table of the lake is: its folder's name, its columns in order, its partition columns. */
export interface TableDefinition {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
  /** Rows are sorted by these when files are rewritten; as they are when absent. */
  readonly sortBy?: readonly string[];
  readonly comment?: string;
}

/** The columns that data files hold: Delta keeps partition values in the log, not in the files. */
export function dataColumns(definition: TableDefinition): Column[] {
  return definition.columns.filter((column) => !definition.partitionBy.includes(column.name));
}
