import type { Row } from '../core/index.ts';
import { addFile, createFileBuilder, dataColumns, loadZstd, type Store, type Table } from '../lake/index.ts';

/** Appends rows to a table that only cli writes (policies, generations, labels, directory), in one commit. */
export async function appendRows(store: Store, table: Table, rows: readonly Row[], operation = 'WRITE'): Promise<void> {
  if (rows.length === 0) return;
  const builder = createFileBuilder(dataColumns(table.definition), await loadZstd());
  for (const row of rows) builder.append(row);
  const add = await addFile(store, table.definition, builder.finish(), {}, crypto.randomUUID(), Date.now() * 1000);
  await table.commit(() => [{ add }], { operation, parameters: { mode: 'Append' } });
}
