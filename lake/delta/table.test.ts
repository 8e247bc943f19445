import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, ConflictError, RetryableError } from '../../core/index.ts';
import { createLocalStore } from '../store/local.ts';
import type { Store } from '../store/store.ts';
import type { TableDefinition } from '../tables/definition.ts';
import { openTable } from './create.ts';
import { commitKey } from './names.ts';
import { tableAt } from './table.ts';
import { addFile } from './write.ts';

const DEFINITION: TableDefinition = {
  name: 'things',
  columns: [
    { name: 'id', type: 'string', nullable: false, comment: 'Id.' },
    { name: 'day', type: 'date', nullable: false, comment: 'Day.' },
    { name: 'tags', type: 'list<string>', nullable: true, comment: 'Tags.' },
  ],
  partitionBy: ['day'],
};

let root: string;
let store: Store;
let nowUs = 1_700_000_000_000_000;
const deps = { clock: () => nowUs, sleep: async () => {}, version: '9.9.9' };
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-delta-'));
  store = createLocalStore(root);
  nowUs = 1_700_000_000_000_000;
});
afterEach(() => rm(root, { recursive: true }));

const add = (path: string, rows = 1, dataChange = true) => ({
  add: {
    path,
    partitionValues: { day: '2026-01-01' },
    size: 10,
    modificationTime: 1,
    dataChange,
    stats: `{"numRecords":${rows}}`,
  },
});
const remove = (path: string) => ({ remove: { path, deletionTimestamp: 1, dataChange: false } });
const WRITE = { operation: 'WRITE', parameters: { mode: 'Append', n: 1 } };

describe('openTable', () => {
  it('creates version 0 with protocol and metaData, once however many open it', async () => {
    const tables = await Promise.all(
      Array.from({ length: 8 }, () => openTable(createLocalStore(root), DEFINITION, deps)),
    );
    const ids = await Promise.all(tables.map(async (table) => (await table.snapshot()).metadata.id));
    expect(new Set(ids).size).toBe(1);
    const snapshot = await tables[0]!.snapshot();
    expect(snapshot.version).toBe(0);
    expect(snapshot.protocol).toEqual({ minReaderVersion: 1, minWriterVersion: 2 });
    expect(snapshot.metadata.partitionColumns).toEqual(['day']);
    expect(JSON.parse(snapshot.metadata.schemaString).fields[2]).toEqual({
      name: 'tags',
      type: { type: 'array', elementType: 'string', containsNull: true },
      nullable: true,
      metadata: { comment: 'Tags.' },
    });
  });

  it('adds nullable columns to a table that lacks them, and refuses any other difference', async () => {
    await openTable(store, DEFINITION, deps);
    const note = { name: 'note', type: 'string', nullable: true, comment: '' } as const;
    const wider = { ...DEFINITION, columns: [note, ...DEFINITION.columns] };
    const table = await openTable(store, wider, deps);
    const { version, metadata } = await table.snapshot();
    expect(version).toBe(1);
    expect(JSON.parse(metadata.schemaString).fields.map((f: { name: string }) => f.name)).toEqual([
      'id',
      'day',
      'tags',
      'note',
    ]);
    expect((await (await openTable(store, wider, deps)).snapshot()).version).toBe(1);
    const refused: [Partial<TableDefinition>, RegExp][] = [
      [{}, /it has a column note/],
      [{ columns: [...wider.columns, { ...note, name: 'must', nullable: false }] }, /lacks must/],
      [
        { columns: wider.columns.map((c) => (c.name === 'id' ? { ...c, type: 'long' as const } : c)) },
        /id is string, not long/,
      ],
      [{ columns: wider.columns.map((c) => (c.name === 'id' ? { ...c, nullable: true } : c)) }, /id may not be null/],
      [{ columns: wider.columns, partitionBy: [] }, /partitioned by \(day\)/],
    ];
    for (const [change, message] of refused) {
      await expect(openTable(store, { ...DEFINITION, ...change }, deps)).rejects.toThrow(message);
    }
  });

  it('says that there is no table when a handle finds none', async () => {
    await expect(tableAt(store, DEFINITION, deps).snapshot()).rejects.toThrow(ConfigError);
  });
});

describe('commit', () => {
  it('appends, folds txn and writes commitInfo', async () => {
    const table = await openTable(store, DEFINITION, deps);
    expect(await table.commit(() => [add('a', 3), { txn: { appId: 'w', version: 7 } }], WRITE)).toEqual({ version: 1 });
    const snapshot = await table.snapshot();
    expect(snapshot.numRecords).toBe(3);
    expect(snapshot.txns).toEqual(new Map([['w', 7]]));
    const [first] = new TextDecoder().decode((await store.get(commitKey('things', 1)))!).split('\n');
    expect(JSON.parse(first!).commitInfo).toMatchObject({
      operation: 'WRITE',
      operationParameters: { mode: 'Append', n: '1' },
      engineInfo: 'beagle/9.9.9',
      isBlindAppend: true,
      timestamp: 1_700_000_000_001,
    });
  });

  it('does nothing when the plan gives null', async () => {
    const table = await openTable(store, DEFINITION, deps);
    expect(await table.commit(() => null, WRITE)).toBeNull();
    expect((await table.snapshot()).version).toBe(0);
  });

  it('leaves an earlier snapshot as it was', async () => {
    const table = await openTable(store, DEFINITION, deps);
    await table.commit(() => [add('b'), add('a')], WRITE);
    const before = await table.snapshot();
    await table.commit(() => [remove('a'), add('c')], WRITE);
    expect(before.files.map((f) => f.path)).toEqual(['a', 'b']);
    expect((await table.snapshot()).files.map((f) => f.path)).toEqual(['b', 'c']);
    expect((await table.snapshot({ version: 1 })).files).toEqual(before.files);
  });

  it('refuses plans that do not fit the version: doubled adds, dead removes, old txns', async () => {
    const table = await openTable(store, DEFINITION, deps);
    await table.commit(() => [add('a'), { txn: { appId: 'w', version: 7 } }], WRITE);
    for (const action of [add('a'), remove('zzz'), { txn: { appId: 'w', version: 7 } }]) {
      await expect(table.commit(() => [action], WRITE)).rejects.toThrow(ConflictError);
    }
    expect((await table.snapshot()).version).toBe(1);
  });

  it('refuses to write to a table that needs another writer', async () => {
    const table = await openTable(store, DEFINITION, deps);
    const protocol = { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ['rowTracking'] };
    await table.commit(() => [{ protocol }], WRITE);
    await expect(table.commit(() => [add('a')], WRITE)).rejects.toThrow(/rowTracking/);
  });

  it('ends with every txn exactly once, whatever the number of committers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 8 }), async (writers, batches) => {
        const name = `race-${Math.random().toString(36).slice(2)}`;
        const definition = { ...DEFINITION, name };
        const runs = Array.from({ length: writers }, async (_, writer) => {
          const table = await openTable(createLocalStore(root), definition, deps);
          for (let n = 0; n < batches; n++) {
            // Two writers share an appId: both try each batch, one lands it.
            const appId = `app-${writer >> 1}`;
            await table.commit(({ txns }) => {
              const held = txns.get(appId) ?? -1;
              return held >= n ? null : [add(`${appId}-${n}`), { txn: { appId, version: n } }];
            }, WRITE);
          }
        });
        await Promise.all(runs);
        const snapshot = await tableAt(store, definition, deps).snapshot();
        const apps = Math.ceil(writers / 2);
        expect(snapshot.files).toHaveLength(apps * batches);
        expect(snapshot.numRecords).toBe(apps * batches);
        expect(snapshot.version).toBe(apps * batches);
        expect([...snapshot.txns.values()]).toEqual(Array.from({ length: apps }, () => batches - 1));
      }),
      { numRuns: 12 },
    );
  });

  it('never doubles or loses a commit whose put is ambiguous', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('ok', 'landed', 'lost', 'raced'), { maxLength: 25 }), async (fates) => {
        const definition = { ...DEFINITION, name: `ambiguous-${Math.random().toString(36).slice(2)}` };
        const other = await openTable(store, definition, deps);
        const queue = [...fates];
        let others = 0;
        const flaky: Store = {
          ...store,
          putIfAbsent: async (key, bytes) => {
            const fate = queue.shift() ?? 'ok';
            if (fate === 'raced') await other.commit(() => [add(`other-${others++}`)], WRITE);
            if (fate === 'lost') throw new RetryableError('[test] timed out before');
            const won = await store.putIfAbsent(key, bytes);
            if (fate !== 'ok') throw new RetryableError('[test] timed out after');
            return won;
          },
        };
        const table = tableAt(flaky, definition, deps);
        const versions = new Set<number>();
        for (let n = 0; n < 6; n++) {
          let done: { version: number } | null = null;
          // A caller that was told "unknown" asks the table, as the committer does.
          while (done === null) {
            done = await table
              .commit(
                ({ txns, version }) =>
                  (txns.get('w') ?? -1) >= n
                    ? null
                    : [add(`mine-${n}@${version}`), { txn: { appId: 'w', version: n } }],
                WRITE,
              )
              .catch((error: unknown) => {
                expect(error).toBeInstanceOf(RetryableError);
                return null;
              });
            if ((await table.snapshot()).txns.get('w') === n) break;
          }
          if (done !== null) versions.add(done.version);
        }
        const { files } = await tableAt(store, definition, deps).snapshot();
        const mine = files.filter((f) => f.path.startsWith('mine')).map((f) => f.path.split('@')[0]);
        expect(mine).toEqual(Array.from({ length: 6 }, (_, n) => `mine-${n}`));
        expect(files.length - mine.length).toBe(others);
      }),
      { numRuns: 25 },
    );
  });

  it('leaves a data file whose commit never came out of the table', async () => {
    const table = await openTable(store, DEFINITION, deps);
    const file = {
      bytes: new Uint8Array([1]),
      statistics: { numRecords: 1, minValues: {}, maxValues: {}, nullCount: {} },
    };
    const orphan = await addFile(store, DEFINITION, file, { day: '2026-01-01' }, 'x-0', nowUs);
    expect(orphan.path).toBe('day=2026-01-01/part-x-0.parquet');
    expect((await table.snapshot()).files).toEqual([]);
    await expect(addFile(store, DEFINITION, file, { day: '2026-01-01' }, 'x-0', nowUs)).rejects.toThrow(ConflictError);
    await table.commit(() => [{ add: orphan }], WRITE);
    expect((await table.snapshot()).numRecords).toBe(1);
  });
});

describe('time', () => {
  it('finds versions by time and by number, and says what is out of reach', async () => {
    const table = await openTable(store, DEFINITION, deps);
    for (let i = 1; i <= 9; i++) {
      nowUs += 60_000_000;
      await table.commit(() => [add(`f${i}`)], WRITE);
    }
    const start = 1_700_000_000_000_000;
    for (let i = 0; i <= 9; i++) {
      expect((await table.snapshot({ timestampUs: start + i * 60_000_000 })).version).toBe(i);
      if (i > 0) expect((await table.snapshot({ timestampUs: start + i * 60_000_000 - 1 })).version).toBe(i - 1);
      expect((await table.snapshot({ version: i })).files).toHaveLength(i);
    }
    expect((await table.snapshot({ timestampUs: start * 2 })).version).toBe(9);
    await expect(table.snapshot({ timestampUs: start - 1 })).rejects.toThrow(/does not reach back/);
    await expect(table.snapshot({ version: 10 })).rejects.toThrow(/no version 10; the newest is 9/);
  });

  it('never lets a commit’s timestamp fall behind the one before, when the clock does', async () => {
    const table = await openTable(store, DEFINITION, deps);
    nowUs -= 3_600_000_000;
    await table.commit(() => [add('a')], WRITE);
    const history = await table.history();
    expect(history.map((h) => [h.version, h.operation, h.filesAdded, h.rowsAdded])).toEqual([
      [1, 'WRITE', 1, 1],
      [0, 'CREATE TABLE', 0, 0],
    ]);
    expect(history[0]!.timestampUs).toBeGreaterThan(history[1]!.timestampUs);
  });

  it('gives the new rows of each version behind a cursor', async () => {
    const table = await openTable(store, DEFINITION, deps);
    await table.commit(() => [add('a')], WRITE);
    await table.commit(() => [remove('a'), add('b', 1, false)], { operation: 'OPTIMIZE' });
    await table.commit(() => [add('c')], WRITE);
    const seen: unknown[] = [];
    for await (const { version, adds } of table.changes(0)) seen.push([version, adds.map((a) => a.path)]);
    expect(seen).toEqual([
      [1, ['a']],
      [2, []],
      [3, ['c']],
    ]);
    for await (const _ of table.changes(3)) throw new Error('nothing is new');
    await store.delete(commitKey('things', 2));
    await expect(
      (async () => {
        for await (const _ of table.changes(0));
      })(),
    ).rejects.toThrow(/lacks version 2/);
    table.reset();
    await expect(table.snapshot()).rejects.toThrow(/lacks version 2/);
  });
});
