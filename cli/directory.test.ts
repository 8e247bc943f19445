import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCompany, directory } from '../ingest/index.ts';
import { loadDirectory, saveCompany } from './directory.ts';
import { openLake } from './lake-access.ts';

test('the directory knows the person behind an account of any app; the same company is written once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'beagle-directory-'));
  const lake = await openLake(folder, expect.unreachable);
  expect((await loadDirectory(lake.query)).keyOf('okta', 'nobody')).toBe(null);
  const company = createCompany({ people: 25, seed: 1, startUs: 1_767_603_600_000_000 });
  await saveCompany(lake, company);
  await saveCompany(lake, company);
  const known = await loadDirectory(lake.query);
  for (const row of directory(company)) {
    expect(known.keyOf(row.app, row.account_uid)).toBe(`person:${row.person_id}`);
    expect(known.person(`person:${row.person_id}`)?.name).toBe(row.name);
  }
  expect(known.person('person:nobody')).toBe(undefined);
  const versions = async () => (await lake.query.sql('SELECT DISTINCT version FROM directory ORDER BY 1')).rows;
  expect(await versions()).toHaveLength(1);
  await saveCompany(lake, createCompany({ people: 30, seed: 1, startUs: company.startUs }));
  expect(await versions()).toHaveLength(2);
  await lake.query.close();
  await rm(folder, { recursive: true });
});
