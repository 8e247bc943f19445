import { createLocalStore, openQuery, openTable, type Query, type Store, TABLES, type Table } from '../lake/index.ts';

/** The lake of a data folder: its store, its tables by name, and SQL over them. */
export interface Lake {
  readonly store: Store;
  readonly tables: Readonly<Record<string, Table>>;
  readonly query: Query;
}

const clock = () => Date.now() * 1000;

/** Opens the lake for SQL alone; creates nothing. */
export async function openLakeQuery(path: string, memoryLimitMb?: number): Promise<Query> {
  const store = createLocalStore(path);
  return openQuery({ store, tables: TABLES, clock, ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }) });
}

/** Opens all tables, creating those that are not there. */
async function openTables(store: Store, warn: (message: string) => void): Promise<Record<string, Table>> {
  const opened: Record<string, Table> = {};
  for (const definition of TABLES) opened[definition.name] = await openTable(store, definition, { clock, warn });
  return opened;
}

export async function openLake(path: string, warn: (message: string) => void): Promise<Lake> {
  const store = createLocalStore(path);
  return { store, tables: await openTables(store, warn), query: await openLakeQuery(path, 512) };
}

export function tableOf(lake: Pick<Lake, 'tables'>, name: string): Table {
  const table = lake.tables[name];
  if (table === undefined) throw new Error(`[cli/lake-access] there is no table ${name}`);
  return table;
}
