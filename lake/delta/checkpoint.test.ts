import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalStore } from '../store/local.ts';
import type { Store } from '../store/store.ts';
import type { TableDefinition } from '../tables/definition.ts';
import type { Action } from './actions.ts';
import { openTable } from './create.ts';
import { loadState } from './log.ts';
import { checkpointKey, commitKey, lastCheckpointKey } from './names.ts';
import { toSnapshot } from './state.ts';
import { tableAt } from './table.ts';

let root: string;
let store: Store;
const nowUs = 1_700_000_000_000_000;
const deps = { clock: () => nowUs };
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-checkpoint-'));
  store = createLocalStore(root);
});
afterAll(() => rm(root, { recursive: true }));

let count = 0;
const definition = (): TableDefinition => ({
  name: `t${count++}`,
  comment: 'Ünï',
  columns: [{ name: 'id', type: 'string', nullable: false, comment: '' }],
  partitionBy: [],
});
const add = (path: string, stats?: string): Action => ({
  add: {
    path,
    partitionValues: { a: null, b: 'x', ü: '' },
    size: 10,
    modificationTime: 1,
    dataChange: true,
    ...(stats === undefined ? {} : { stats }),
  },
});
const plain = ({
  version,
  timestampUs,
  files,
  txns,
  metadata,
  protocol,
  numRecords,
}: Awaited<ReturnType<ReturnType<typeof tableAt>['snapshot']>>) => ({
  version,
  timestampUs,
  files,
  txns: [...txns].sort(),
  metadata,
  protocol,
  numRecords,
});

/** A store that hides what `hidden` says. */
const hiding = (hidden: (key: string) => boolean): Store => ({
  ...store,
  get: async (key) => (hidden(key) ? null : store.get(key)),
  list: async function* (prefix, after) {
    for await (const object of store.list(prefix, after)) if (!hidden(object.key)) yield object;
  },
});

describe('checkpoints', () => {
  it('give the same snapshot as a replay of all commits, whichever one the reader starts from', async () => {
    const step = fc.record({
      adds: fc.array(fc.record({ path: fc.string({ minLength: 1, maxLength: 5 }), rows: fc.option(fc.nat(9)) }), {
        maxLength: 4,
      }),
      removes: fc.nat(2),
      txn: fc.option(fc.constantFrom('w1', 'ü2')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30 }), async (steps) => {
        const table = await openTable(store, definition(), deps);
        for (const [index, { adds, removes, txn }] of steps.entries()) {
          await table.commit(
            ({ files }) => [
              ...files
                .slice(0, removes)
                .map(({ path }) => ({ remove: { path, deletionTimestamp: nowUs / 1000, dataChange: true } })),
              ...adds.map(({ path, rows }, i) =>
                add(`${encodeURIComponent(path)}-${index}-${i}`, rows === null ? undefined : `{"numRecords":${rows}}`),
              ),
              ...(txn === null ? [] : [{ txn: { appId: txn, version: index } }]),
            ],
            { operation: 'WRITE' },
          );
        }
        const expected = plain(await table.snapshot());
        const checkpoints: string[] = [];
        for await (const { key } of store.list(`${table.name}/_delta_log/`))
          if (key.endsWith('.parquet')) checkpoints.push(key);
        expect(checkpoints.length).toBeGreaterThan(0);
        const isCheckpoint = (key: string) => checkpoints.includes(key);
        const views = [
          hiding((key) => isCheckpoint(key) || key.endsWith('_last_checkpoint')),
          hiding((key) => key.endsWith('_last_checkpoint')),
          hiding((key) => isCheckpoint(key)),
          ...checkpoints.map((kept) => hiding((key) => isCheckpoint(key) && key !== kept)),
          store,
        ];
        for (const view of views) {
          expect(plain(await tableAt(view, table.definition, deps).snapshot())).toEqual(expected);
        }
        const last = checkpoints.at(-1)!;
        const behind = Number(last.match(/(\d{20})/)![1]);
        const before = hiding((key) => /\d{20}\.json$/.test(key) && Number(key.match(/(\d{20})/)![1]) < behind);
        expect(plain(await tableAt(before, table.definition, deps).snapshot())).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it('are written when the tail outgrows the last one, after 10 commits at the earliest and 100 at the latest', async () => {
    const table = await openTable(store, definition(), deps);
    await table.commit(() => Array.from({ length: 60 }, (_, i) => add(`first-${i}`)), { operation: 'WRITE' });
    for (let i = 0; i < 215; i++) await table.commit(() => [add(`f${i}`)], { operation: 'WRITE' });
    const versions: number[] = [];
    for await (const { key } of store.list(`${table.name}/_delta_log/`)) {
      if (key.endsWith('.checkpoint.parquet')) versions.push(Number(key.slice(-39, -19)));
    }
    expect(versions).toEqual([9, 80, 180]);
    expect(JSON.parse(new TextDecoder().decode((await store.get(lastCheckpointKey(table.name)))!))).toMatchObject({
      version: 180,
      size: 2 + 60 + 179,
      numOfAddFiles: 60 + 179,
    });
  });

  it('are found though _last_checkpoint is damaged, stale or points at nothing', async () => {
    const table = await openTable(store, definition(), deps);
    for (let i = 0; i < 25; i++) await table.commit(() => [add(`f${i}`)], { operation: 'WRITE' });
    const expected = plain(await table.snapshot());
    for (const hint of [
      '',
      '{',
      'null',
      '{"version":"x"}',
      '{"version":-1}',
      '{"version":9}',
      '{"version":7}',
      '{"version":999}',
    ]) {
      await store.put(lastCheckpointKey(table.name), new TextEncoder().encode(hint));
      expect(plain(await tableAt(store, table.definition, deps).snapshot()), hint).toEqual(expected);
    }
  });

  it('drop tombstones after a week, and keep them till then', async () => {
    let clock = nowUs;
    const table = await openTable(store, definition(), { clock: () => clock });
    await table.commit(() => [add('a'), add('b')], { operation: 'WRITE' });
    await table.commit(() => [{ remove: { path: 'a', deletionTimestamp: clock / 1000, dataChange: true } }], {
      operation: 'DELETE',
    });
    const fill = async (n: number) => {
      for (let i = 0; i < 110; i++) await table.commit(() => [add(`f${n}-${i}`)], { operation: 'WRITE' });
    };
    await fill(1);
    expect((await loadState(store, table.name))!.tombstones.size).toBe(1);
    clock += 8 * 86_400_000_000;
    await fill(2);
    const late = await loadState(store, table.name);
    expect(late!.tombstones.size).toBe(0);
    expect(late!.files.has('a')).toBe(false);
    expect(toSnapshot(late!, late!.metadata!, late!.protocol!).files).toHaveLength(221);
  });

  it('do no harm when they cannot be written', async () => {
    const warnings: string[] = [];
    const broken: Store = {
      ...store,
      putIfAbsent: async (key, bytes) => {
        if (key.includes('checkpoint')) throw new Error('no room');
        return store.putIfAbsent(key, bytes);
      },
    };
    const table = await openTable(broken, definition(), { ...deps, warn: (message) => warnings.push(message) });
    for (let i = 0; i < 12; i++) await table.commit(() => [add(`f${i}`)], { operation: 'WRITE' });
    expect(warnings[0]).toMatch(/no checkpoint at 9: no room/);
    expect((await tableAt(store, table.definition, deps).snapshot()).files).toHaveLength(12);
  });

  it('are Parquet that DuckDB reads as the protocol’s columns', async () => {
    const table = await openTable(store, definition(), deps);
    for (let i = 0; i < 10; i++) {
      await table.commit(() => [add(`f${i}`, '{"numRecords":2}'), { txn: { appId: 'w', version: i } }], {
        operation: 'WRITE',
      });
    }
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const path = store.locate(checkpointKey(table.name, 9)).replaceAll("'", "''");
    const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
    expect(
      await read(`select count(add.path) n, min(add.partitionValues['b'][1]) b, sum(add.size) s from '${path}'`),
    ).toEqual([{ n: '9', b: 'x', s: '90' }]);
    expect(await read(`select txn.version v, txn.appId a from '${path}' where txn is not null`)).toEqual([
      { v: '8', a: 'w' },
    ]);
    expect(
      await read(`select metaData.description d, protocol.minReaderVersion r from '${path}' order by all`),
    ).toEqual(
      expect.arrayContaining([
        { d: 'Ünï', r: null },
        { d: null, r: 1 },
      ]),
    );
    connection.closeSync();
  });

  it('are read however another writer compressed them', async () => {
    const table = await openTable(store, definition(), deps);
    for (let i = 0; i < 14; i++) await table.commit(() => [add(`f${i}`, '{"numRecords":2}')], { operation: 'WRITE' });
    const expected = plain(await table.snapshot());
    const key = checkpointKey(table.name, 9);
    const path = store.locate(key).replaceAll("'", "''");
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const codec of ['zstd', 'snappy', 'gzip', 'uncompressed']) {
      await connection.run(`copy (from '${path}') to '${path}.new' (format parquet, compression ${codec})`);
      await store.put(key, await readFile(`${path}.new`));
      expect(plain(await tableAt(store, table.definition, deps).snapshot()), codec).toEqual(expected);
    }
    connection.closeSync();
  });

  it('that are damaged are named', async () => {
    const table = await openTable(store, definition(), deps);
    for (let i = 0; i < 12; i++) await table.commit(() => [add(`f${i}`)], { operation: 'WRITE' });
    await store.put(checkpointKey(table.name, 9), new Uint8Array([1, 2, 3]));
    await expect(tableAt(store, table.definition, deps).snapshot()).rejects.toThrow(
      /checkpoint\.parquet cannot be read/,
    );
    await store.put(commitKey(table.name, 12), new TextEncoder().encode('{"add":{"path":1}}\n'));
    await expect(tableAt(store, table.definition, deps).snapshot({ version: 12 })).rejects.toThrow(/damaged/);
  });
});
