import { randomUUID } from 'node:crypto';
import { RetryableError } from '../../core/index.ts';
import type { Store } from '../store/store.ts';
import type { TableDefinition } from '../tables/definition.ts';
import { type Action, encodeCommit, type Metadata } from './actions.ts';
import { commitInfo, type TableDeps } from './commit.ts';
import { loadState } from './log.ts';
import { commitKey } from './names.ts';
import { PROTOCOL } from './protocol.ts';
import { missingFields, parseSchema, toField, toSchemaString } from './schema.ts';
import { type Table, tableAt } from './table.ts';

/**
 * Opens a table, creating it when it is not there: several processes may do so at once, one creates it.
 * Nullable columns that the definition has and the table lacks are added to the table. ConfigError when it
 * differs in any other way.
 */
export async function openTable(store: Store, definition: TableDefinition, deps: TableDeps): Promise<Table> {
  const { name } = definition;
  if ((await loadState(store, name)) === null) {
    try {
      await store.putIfAbsent(commitKey(name, 0), firstVersion(definition, deps));
    } catch (error) {
      // It may have landed, or somebody else's: reading the table below tells.
      if (!(error instanceof RetryableError)) throw error;
    }
  }
  const table = tableAt(store, definition, deps);
  const missing = (metadata: Metadata) =>
    missingFields(definition, parseSchema(name, metadata.schemaString), metadata.partitionColumns);
  if (missing((await table.snapshot()).metadata) !== null) {
    await table.commit(
      ({ metadata }) => {
        const fields = missing(metadata);
        return fields === null ? null : [{ metaData: { ...metadata, schemaString: toSchemaString(fields) } }];
      },
      { operation: 'ADD COLUMNS' },
    );
  }
  return table;
}

function firstVersion(definition: TableDefinition, deps: TableDeps): Uint8Array {
  const createdTime = Math.floor(deps.clock() / 1000);
  const metaData: Metadata = {
    id: randomUUID(),
    name: definition.name,
    ...(definition.comment === undefined ? {} : { description: definition.comment }),
    format: { provider: 'parquet', options: {} },
    schemaString: toSchemaString(definition.columns.map(toField)),
    partitionColumns: definition.partitionBy,
    configuration: {},
    createdTime,
  };
  const actions: Action[] = [{ protocol: PROTOCOL }, { metaData }];
  const parameters = { partitionBy: JSON.stringify(definition.partitionBy) };
  const nonce = (deps.nonce ?? randomUUID)();
  return encodeCommit(
    commitInfo({ operation: 'CREATE TABLE', parameters }, actions, nonce, createdTime, deps),
    actions,
  );
}
