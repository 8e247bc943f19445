import { loadState } from '../delta/log.ts';
import { emptyRelation, identifier, snapshotSelect } from '../delta/scan.ts';
import { toField } from '../delta/schema.ts';
import type { Snapshot } from '../delta/state.ts';
import type { At, Table } from '../delta/table.ts';
import type { Session } from './connections.ts';

/** A table at one version, as a query sees it. */
export interface View {
  readonly name: string;
  readonly id: string;
  select(): string;
}

/** The table's snapshot as a view. */
export async function resolveView({ definition, name, store, snapshot }: Table, at: At | undefined): Promise<View> {
  let found: Snapshot;
  try {
    found = await snapshot(at);
  } catch (error) {
    // A table that nobody has written yet is empty; one that cannot be read, or not at that time, is an error.
    if (at !== undefined || (await loadState(store, name)) !== null) throw error;
    return { name, id: 'none', select: () => emptyRelation(definition.columns.map(toField)) };
  }
  return {
    name,
    id: `${found.metadata.id}@${found.version}`,
    select: () => snapshotSelect(name, found, store.locate),
  };
}

/** Creates the views on the connection, those that it has not got already. */
export async function bindViews({ connection, views }: Session, wanted: readonly View[]): Promise<void> {
  for (const { name, id, select } of wanted) {
    if (views.get(name) === id) continue;
    views.delete(name);
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${identifier(name)} AS ${select()}`);
    views.set(name, id);
  }
}
