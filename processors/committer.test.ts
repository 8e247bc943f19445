import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLocalStore, type Store, type Table } from '../lake/index.ts';
import { createCommitter } from './committer.ts';
import { openTables } from './fixture-worker.ts';
import { createMemoryStore, manifestOf } from './fixtures.ts';
import { BATCH_TABLES, type BatchTable, createManifests, type Manifest } from './manifest.ts';

const GROUP = 'beagle';
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-committer-'));
});
afterAll(() => rm(root, { recursive: true }));

let lakes = 0;
async function openLake(store: Store = createLocalStore(join(root, String(lakes++)))) {
  const tables = await openTables(store, { clock: () => Date.now() * 1000, sleep: async () => {} });
  return { store, tables };
}

const addOf = (path: string, rows: number) => ({
  path,
  partitionValues: path.startsWith('event_date') ? { event_date: '2026-02-03' } : {},
  size: 10,
  modificationTime: 1,
  dataChange: true,
  stats: `{"numRecords":${rows}}`,
});

/** A manifest with a file in each of these tables. */
function withFiles(shard: string, n: number, tables: readonly BatchTable[]): Manifest {
  const manifest = manifestOf(n);
  for (const table of tables) {
    const folder = table === 'events' ? 'event_date=2026-02-03/' : '';
    manifest.adds[table].push(addOf(`${folder}part-${shard}-${n}.parquet`, n + 1));
    manifest.counts[table] = n + 1;
  }
  return manifest;
}
const pathsOf = async (table: Table) => (await table.snapshot()).files.map((file) => file.path).sort();

/** Tables whose commits throw as told: before or behind the commit of one of them. */
function crashing(tables: Readonly<Record<BatchTable, Table>>, crash: { table: BatchTable; landed: boolean } | null) {
  const wrap = (name: BatchTable): Table => ({
    ...tables[name],
    async commit(plan, description) {
      if (crash?.table === name && !crash.landed) throw new Error('crash');
      const done = await tables[name].commit(plan, description);
      if (crash?.table === name) throw new Error('crash');
      return done;
    },
  });
  return Object.fromEntries(BATCH_TABLES.map((name) => [name, wrap(name)])) as Record<BatchTable, Table>;
}

const SHARDS = ['s@a/0', 's@a/1', 't@b/0'];
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ shard: fc.constantFrom(...SHARDS), tables: fc.subarray([...BATCH_TABLES]) }) },
  { weight: 3, arbitrary: fc.constant('commit' as const) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
  { weight: 2, arbitrary: fc.record({ crashAt: fc.constantFrom(...BATCH_TABLES), landed: fc.boolean() }) },
);

describe('the committer', () => {
  test('puts each file into its table once, whatever crashes and restarts come between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const { tables } = await openLake();
        const manifests = createManifests(createMemoryStore());
        const committerOf = (crash: { table: BatchTable; landed: boolean } | null) =>
          createCommitter({ manifests, tables: crashing(tables, crash), group: GROUP });
        let committer = committerOf(null);
        const next = new Map(SHARDS.map((shard) => [shard, 0]));
        const expected = Object.fromEntries(BATCH_TABLES.map((name) => [name, [] as string[]]));
        for (const given of steps) {
          if (given === 'commit') await committer.commit(SHARDS);
          else if (given === 'restart') committer = committerOf(null);
          else if ('shard' in given) {
            const n = next.get(given.shard) as number;
            const manifest = withFiles(given.shard.replace('/', '-'), n, given.tables);
            await manifests.put(given.shard, manifest);
            next.set(given.shard, n + 1);
            for (const name of BATCH_TABLES) expected[name]!.push(...manifest.adds[name].map((add) => add.path));
          } else {
            const crashed = committerOf({ table: given.crashAt, landed: given.landed }).commit(SHARDS);
            await crashed.catch((error: Error) => expect(error.message).toBe('crash'));
          }
        }
        await committer.commit(SHARDS);
        expect((await committer.commit(SHARDS)).through.size).toBe(0);
        for (const name of BATCH_TABLES) expect(await pathsOf(tables[name])).toEqual(expected[name]!.sort());
        for (const shard of SHARDS) expect(await committer.through(shard)).toBe((next.get(shard) as number) - 1);
      }),
      { numRuns: 12 },
    );
  });

  test('folds what is ready of all shards into one commit a table, and skips tables without rows', async () => {
    const { tables } = await openLake();
    const manifests = createManifests(createMemoryStore());
    await manifests.put('s@a/0', withFiles('0', 0, ['events', 'quarantine']));
    await manifests.put('s@a/0', withFiles('0', 1, ['events']));
    await manifests.put('s@a/1', withFiles('1', 0, ['events']));
    const committed = await createCommitter({ manifests, tables, group: GROUP }).commit(['s@a/0', 's@a/1', 's@a/2']);
    expect(committed).toMatchObject({
      version: 1,
      through: new Map([
        ['s@a/0', 1],
        ['s@a/1', 0],
      ]),
      counts: { records: 3, events: 4, quarantine: 1, redeliveries: 0, findings: 0 },
    });
    expect(committed.newest.get('s@a/0')?.n).toBe(1);
    const versions = await Promise.all(BATCH_TABLES.map(async (name) => (await tables[name].snapshot()).version));
    expect(versions).toEqual([1, 0, 0, 1]);
    expect((await tables.quarantine.snapshot()).txns).toEqual(new Map([['beagle/s@a/0', 1]]));
    expect((await tables.events.snapshot()).txns).toEqual(
      new Map([
        ['beagle/s@a/0', 1],
        ['beagle/s@a/1', 0],
      ]),
    );
  });

  test('says how far the lake is by a transaction of events, even of a batch without rows', async () => {
    const { tables } = await openLake();
    const manifests = createManifests(createMemoryStore());
    await manifests.put('s@a/0', manifestOf(0));
    const committer = createCommitter({ manifests, tables, group: GROUP });
    expect(await committer.through('s@a/0')).toBe(-1);
    await committer.commit(['s@a/0']);
    expect(await committer.through('s@a/0')).toBe(0);
    expect((await tables.events.snapshot()).files).toEqual([]);
  });

  test('leaves out what another committed between its plan and its put', async () => {
    const { store, tables } = await openLake();
    const manifests = createManifests(createMemoryStore());
    await manifests.put('s@a/0', withFiles('0', 0, ['events']));
    const rival = createCommitter({ manifests, tables: (await openLake(store)).tables, group: GROUP });
    let raced = false;
    const racing: Store = {
      ...store,
      async putIfAbsent(key, bytes) {
        if (!raced && key.startsWith('events/_delta_log/')) {
          raced = true;
          await rival.commit(['s@a/0']);
        }
        return store.putIfAbsent(key, bytes);
      },
    };
    const committer = createCommitter({ manifests, tables: (await openLake(racing)).tables, group: GROUP });
    expect((await committer.commit(['s@a/0'])).version).toBeNull();
    expect(raced).toBe(true);
    expect(await pathsOf(tables.events)).toHaveLength(1);
  });

  test.each([
    ['within a chain', [manifestOf(0), manifestOf(1, { after: '5' })], 0],
    ['behind what this process committed', [manifestOf(0), manifestOf(1, { after: '5' })], 1],
    ['before the first', [manifestOf(0, { after: '5' })], 0],
  ])('refuses a manifest that does not begin where the one before ends: %s', async (_, given, first) => {
    const { tables } = await openLake();
    const manifests = createManifests(createMemoryStore());
    const committer = createCommitter({ manifests, tables, group: GROUP });
    for (const [n, manifest] of given.entries()) {
      await manifests.put('s@a/0', manifest);
      if (n < first) await committer.commit(['s@a/0']);
    }
    await expect(committer.commit(['s@a/0'])).rejects.toThrow(
      /\[processors\/committer\] s@a\/0: manifest \d begins behind 5, .*; check the state folder/,
    );
  });

  test('checks the first manifest after a restart too; what is not kept any more cannot be checked', async () => {
    const { tables } = await openLake();
    const store = createMemoryStore();
    const manifests = createManifests(store);
    await manifests.put('s@a/0', manifestOf(0));
    await createCommitter({ manifests, tables, group: GROUP }).commit(['s@a/0']);
    await manifests.put('s@a/0', manifestOf(1, { after: '5' }));
    const restarted = createCommitter({ manifests, tables, group: GROUP });
    await expect(restarted.commit(['s@a/0'])).rejects.toThrow(/begins behind 5/);
    await store.delete('batches/s@a/0/000000000000.json');
    expect((await restarted.commit(['s@a/0'])).through).toEqual(new Map([['s@a/0', 1]]));
  });

  test('refuses a gap in the numbers', async () => {
    const { tables } = await openLake();
    const manifests = createManifests(createMemoryStore());
    for (const n of [0, 2]) await manifests.put('s@a/0', manifestOf(n));
    await expect(createCommitter({ manifests, tables, group: GROUP }).commit(['s@a/0'])).rejects.toThrow(/missing/);
  });

  test('takes manifests away that the lake has held for seven days, never the last of a shard', async () => {
    const { tables } = await openLake();
    const store = createMemoryStore();
    // In memory everything was written in 1970: by the arrival of the records that is long ago.
    const manifests = createManifests(store);
    const committer = createCommitter({ manifests, tables, group: GROUP });
    for (const n of [0, 1, 2]) await manifests.put('s@a/0', manifestOf(n));
    await manifests.put('s@a/1', manifestOf(0));
    await committer.commit(['s@a/0', 's@a/1']);
    expect([...store.objects.keys()]).toEqual(['batches/s@a/0/000000000002.json', 'batches/s@a/1/000000000000.json']);
    await manifests.put('s@a/0', manifestOf(3));
    await committer.commit(['s@a/0']);
    expect(await committer.through('s@a/0')).toBe(3);
  });

  test('keeps manifests that are younger', async () => {
    const { tables } = await openLake();
    const store = createMemoryStore();
    const manifests = createManifests(store);
    for (const n of [0, 1, 2]) await manifests.put('s@a/0', manifestOf(n, { arrivalUs: 6 * 86_400_000_000 }));
    await createCommitter({ manifests, tables, group: GROUP }).commit(['s@a/0']);
    expect(store.objects.size).toBe(3);
  });
});
