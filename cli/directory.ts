import type { Row } from '../core/index.ts';
import { type Company, directory } from '../ingest/index.ts';
import type { Query } from '../lake/index.ts';
import { type Lake, tableOf } from './lake-access.ts';
import { appendRows } from './rows.ts';

/** Who is behind an account, as the lake's directory says. */
export interface Directory {
  /** `person:<id>` of an app's account; null when nobody's. */
  keyOf(app: string, accountUid: string): string | null;
  person(actorKey: string): { name: string; role: string | null } | undefined;
}

/** Writes the synthetic company's directory as a new version, unless the newest is of the same company: as many people, and the same first one. */
export async function saveCompany(lake: Lake, company: Company): Promise<void> {
  const { rows } = await lake.query.sql(
    `SELECT max(version) AS version, count(DISTINCT person_id) AS people, min_by(email, person_id) AS first
     FROM directory WHERE version = (SELECT max(version) FROM directory)`,
  );
  const [{ version = null, people = 0, first = null } = {}] = rows;
  if (Number(people) === company.people && first === company.person(0).email) return;
  const next = version === null ? 1 : Number(version) + 1;
  const entries: Row[] = [];
  for (const row of directory(company)) entries.push({ ...row, version: next });
  await appendRows(lake.store, tableOf(lake, 'directory'), entries);
}

/** Reads the newest version of the directory; an empty one where there is none. */
export async function loadDirectory(query: Query): Promise<Directory> {
  const { rows } = await query.sql(
    `SELECT person_id, name, role, app, account_uid FROM directory
     WHERE version = (SELECT max(version) FROM directory)`,
    { rowsMax: 10_000_000 },
  );
  const accounts = new Map<string, string>();
  const people = new Map<string, { name: string; role: string | null }>();
  for (const row of rows) {
    const key = `person:${row.person_id}`;
    accounts.set(`${row.app}\n${row.account_uid}`, key);
    if (!people.has(key))
      people.set(key, { name: String(row.name), role: row.role === null ? null : String(row.role) });
  }
  return {
    keyOf: (app, accountUid) => accounts.get(`${app}\n${accountUid}`) ?? null,
    person: (actorKey) => people.get(actorKey),
  };
}
