import { ConflictError, type Row } from '../core/index.ts';
import {
  type AddFile,
  addFile,
  createFileBuilder,
  dataColumns,
  loadZstd,
  type Snapshot,
  type Store,
  type Table,
} from '../lake/index.ts';

/** Appends rows to a table that only cli writes (policies, generations, labels, directory), in one commit. */
export async function appendRows(store: Store, table: Table, rows: readonly Row[], operation = 'WRITE'): Promise<void> {
  if (rows.length === 0) return;
  const add = await fileOf(store, table, rows);
  await table.commit(() => [{ add }], { operation, parameters: { mode: 'Append' } });
}

/**
 * As {@link appendRows}, but only on top of the version that the rows were made for: ConflictError when somebody
 * else has committed since.
 */
export async function appendRowsAt(
  store: Store,
  table: Table,
  rows: readonly Row[],
  version: number,
  operation: string,
): Promise<void> {
  const add = await fileOf(store, table, rows);
  const plan = (snapshot: Snapshot) => {
    if (snapshot.version === version) return [{ add }];
    throw new ConflictError(`[cli] ${table.name} is at version ${snapshot.version}, not ${version}; read it again`);
  };
  await table.commit(plan, { operation, parameters: { mode: 'Append' } });
}

async function fileOf(store: Store, table: Table, rows: readonly Row[]): Promise<AddFile> {
  const builder = createFileBuilder(dataColumns(table.definition), await loadZstd());
  for (const row of rows) builder.append(row);
  return addFile(store, table.definition, builder.finish(), {}, crypto.randomUUID(), Date.now() * 1000);
}
