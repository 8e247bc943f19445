import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalStore, openQuery, type Param, type Query, TABLES } from '../../lake/index.ts';
import { createFakeDeps, NOON_US } from './fake-deps.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let folder: string;
let query: Query;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-dashboard-'));
  query = await openQuery({ store: createLocalStore(folder), tables: TABLES, clock: () => NOON_US });
  server = await startTestServer(
    await createFakeDeps({
      lake: {
        sql: async (text, options) => {
          const { rows } = await query.sql(text, { params: (options?.params ?? []) as Param[] });
          return { rows: [...rows] };
        },
      },
    }),
  );
});
afterAll(async () => {
  await server.close();
  await query.close();
  await rm(folder, { recursive: true });
});

describe('over the lake itself, before its first commit', () => {
  it.each([
    ['/api/overview', { openFindings: 0, controlGaps: 0, stepUpsPer1000Logins: 0 }],
    ['/api/series?range=7d', { range: '7d', bucketS: 3600 }],
    ['/api/people?search=ada', { people: [], total: 0 }],
    ['/api/events?app=okta&min_risk=20&gaps=1&before=1767355200000000:uid', { events: [], next: null }],
    ['/api/findings', { findings: [] }],
    ['/api/quarantine', { reasons: [] }],
  ])('%s answers with what is there: nothing', async (path, body) => {
    expect(await server.json(path)).toMatchObject(body);
  });

  it.each(['/api/events/uid', '/api/people/person%3Aada'])('%s is not found', async (path) => {
    expect((await server.get(path)).status).toBe(404);
  });
});
