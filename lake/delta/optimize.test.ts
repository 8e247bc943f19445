import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ColumnType, Row } from '../../core/index.ts';
import { createFileBuilder, loadZstd } from '../parquet/index.ts';
import { openQuery } from '../query/open.ts';
import { createLocalStore } from '../store/local.ts';
import type { Store } from '../store/store.ts';
import { dataColumns, type TableDefinition } from '../tables/definition.ts';
import type { Action } from './actions.ts';
import { shouldOptimize } from './compaction.ts';
import { openTable } from './create.ts';
import { dataKey } from './names.ts';
import { type Table, tableAt } from './table.ts';
import { addFile } from './write.ts';

const column = (name: string, type: ColumnType, nullable = true) => ({ name, type, nullable, comment: '' });
const DEFINITION: TableDefinition = {
  name: 'things',
  columns: [
    column('id', 'string', false),
    column('day', 'date', false),
    column('n', 'long'),
    column('i', 'int', false),
    column('x', 'double'),
    column('ok', 'boolean'),
    column('time', 'timestamp', false),
    column('raw', 'binary'),
    column('json', 'string'),
    column('tags', 'list<string>', false),
  ],
  partitionBy: ['day'],
  sortBy: ['i', 'time'],
};

let root: string;
let store: Store;
let nowUs = 1_700_000_000_000_000;
const deps = { clock: () => nowUs, sleep: async () => {} };
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-optimize-'));
  store = createLocalStore(root);
});
afterEach(() => rm(root, { recursive: true }));

let count = 0;
function rowOf(n: number): Row {
  return {
    id: `id-${n}`,
    n: n % 4 === 0 ? null : n * 1_000_000_007,
    i: (n * 7919) % 100,
    x: n % 5 === 0 ? null : n / 3,
    ok: n % 3 === 0 ? null : n % 2 === 0,
    time: 1_700_000_000_000_000 + n * 1001,
    raw: n % 2 === 0 ? null : new Uint8Array([n & 255, 0, 255]),
    json: n % 6 === 0 ? null : `{"ü":"${n}"}`,
    tags: Array.from({ length: n % 3 }, (_, i) => `t${i}`),
  };
}
async function fileOf(day: string, rows: readonly Row[], definition = DEFINITION): Promise<Action> {
  const builder = createFileBuilder(dataColumns(definition), await loadZstd());
  for (const row of rows) builder.append(row);
  return { add: await addFile(store, definition, builder.finish(), { day }, `${count++}`, nowUs) };
}
const many = (first: number, length: number) => Array.from({ length }, (_, i) => rowOf(first + i));
async function fill(table: Table, files: number): Promise<void> {
  for (let i = 0; i < files; i++) {
    const action = await fileOf(`2026-01-0${1 + (i % 2)}`, many(i * 50, 50), table.definition);
    await table.commit(() => [action], { operation: 'WRITE' });
  }
}
async function contents(definition = DEFINITION, at?: { version: number }) {
  const query = await openQuery({ store, tables: [definition], clock: () => nowUs });
  const found = await query.sql('select * from things order by id', at === undefined ? {} : { at });
  await query.close();
  return found;
}

describe('optimize', () => {
  it('makes one file of a partition’s small ones, and changes no row, type or old version', async () => {
    const table = await openTable(store, DEFINITION, deps);
    await fill(table, 6);
    const before = await contents();
    const old = (await table.snapshot()).version;
    expect(await table.optimize()).toEqual({ filesAdded: 2, filesRemoved: 6, version: old + 1 });
    const snapshot = await table.snapshot();
    expect(snapshot.files).toHaveLength(2);
    expect(snapshot.numRecords).toBe(300);
    expect(await contents()).toEqual(before);
    expect(await contents(DEFINITION, { version: old })).toEqual(before);
    expect(await tableAt(store, DEFINITION, deps).snapshot()).toEqual(snapshot);
    expect(await table.optimize()).toBeNull();
    const changed: number[] = [];
    for await (const { adds } of table.changes(old)) changed.push(adds.length);
    expect(changed).toEqual([0]);
  });

  it('keeps the physical types, sorts the rows and merges the statistics', async () => {
    const table = await openTable(store, DEFINITION, deps);
    await fill(table, 6);
    await table.optimize();
    const file = (await table.snapshot()).files.find((f) => f.path.includes('2026-01-01'))!;
    const path = store.locate(dataKey('things', file.path));
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
    const types = await read(
      `select name, type, coalesce(logical_type, converted_type) kind from parquet_schema('${path}') where type is not null`,
    );
    expect(Object.fromEntries(types.map((t) => [t.name, `${t.type} ${t.kind}`]))).toMatchObject({
      id: expect.stringMatching(/BYTE_ARRAY .*(UTF8|String)/),
      n: expect.stringMatching(/INT64/),
      i: expect.stringMatching(/INT32/),
      x: 'DOUBLE null',
      ok: 'BOOLEAN null',
      time: expect.stringMatching(/INT64 TimestampType\(isAdjustedToUTC=1, unit=.*MICROS/),
      raw: 'BYTE_ARRAY null',
      element: expect.stringMatching(/BYTE_ARRAY .*(UTF8|String)/),
    });
    const columns = DEFINITION.columns.filter((c) => c.name !== 'day');
    const [truth] = await read(
      `select count(*) n, ${columns.map((c) => `(count(*) - count(${c.name}))::int "${c.name}"`).join(', ')} from '${path}'`,
    );
    const stats = JSON.parse(file.stats!);
    const { n, ...nulls } = truth as Record<string, unknown>;
    expect(stats.numRecords).toBe(150);
    expect(stats.nullCount).toMatchObject({ i: nulls.i, x: nulls.x, json: nulls.json, raw: nulls.raw, tags: 0 });
    expect(stats.nullCount.ok).toBe(nulls.ok);
    const [bounds] = await read(
      `select min(i) a, max(i) b, min(x) c, max(x) d, min(id) e, max(id) f, bool_and(i >= prev) as sorted from (select *, lag(i, 1, i) over (order by file_row_number) prev from read_parquet('${path}', file_row_number = true))`,
    );
    expect(bounds).toMatchObject({
      a: stats.minValues.i,
      b: stats.maxValues.i,
      c: stats.minValues.x,
      d: stats.maxValues.x,
      e: stats.minValues.id,
      f: stats.maxValues.id,
      sorted: true,
    });
    connection.closeSync();
  });

  it('is safe against an append, and against another optimise of the same files, in between', async () => {
    const table = await openTable(store, DEFINITION, deps);
    await fill(table, 8);
    const others = [
      tableAt(createLocalStore(root), DEFINITION, deps),
      tableAt(createLocalStore(root), DEFINITION, deps),
    ];
    const late = await fileOf('2026-01-01', many(1000, 10));
    const done = await Promise.all([
      table.optimize(),
      ...others.map((other) => other.optimize()),
      table.commit(() => [late], { operation: 'WRITE' }),
    ]);
    expect(done.slice(0, 3).filter((d) => d !== null).length).toBeGreaterThanOrEqual(1);
    const snapshot = await table.snapshot();
    expect(snapshot.numRecords).toBe(410);
    const { rows } = await contents();
    expect(new Set(rows.map((row) => row.id)).size).toBe(410);
    expect(rows).toHaveLength(410);
  });

  it('fills a column that was added later, and says how many nulls it has', async () => {
    const table = await openTable(store, DEFINITION, deps);
    await fill(table, 2);
    const wider = { ...DEFINITION, columns: [...DEFINITION.columns, column('note', 'string')] };
    const after = await openTable(store, wider, deps);
    const action = await fileOf('2026-01-01', [{ ...rowOf(500), note: 'x' }], wider);
    await after.commit(() => [action], { operation: 'WRITE' });
    const before = await contents(wider);
    await after.optimize();
    expect(await contents(wider)).toEqual(before);
    const stats = (await after.snapshot()).files.map((f) => JSON.parse(f.stats!));
    expect(stats.map((s) => s.nullCount.note)).toContain(50);
  });

  it('is due when a partition has more than 16 files of a size, and then merges those alone', async () => {
    const table = await openTable(store, DEFINITION, deps);
    const big = (await fileOf('2026-01-01', many(0, 1))) as { add: { path: string } };
    await table.commit(
      () => Array.from({ length: 20 }, (_, i) => ({ add: { ...big.add, path: `b${i}`, size: 40_000_000 } }) as Action),
      { operation: 'WRITE' },
    );
    expect(shouldOptimize(await table.snapshot())).toBe(false);
    expect(await table.optimize({ scope: 'due' })).toBeNull();
    for (let i = 0; i < 17; i++) {
      expect(shouldOptimize(await table.snapshot())).toBe(false);
      const action = await fileOf('2026-01-02', many(i, 1));
      await table.commit(() => [action], { operation: 'WRITE' });
    }
    expect(shouldOptimize(await table.snapshot())).toBe(true);
    expect(await table.optimize({ scope: 'due' })).toMatchObject({ filesAdded: 1, filesRemoved: 17 });
    expect((await table.history(1))[0]).toMatchObject({
      operation: 'OPTIMIZE',
      filesAdded: 1,
      filesRemoved: 17,
      rowsAdded: 17,
    });
  });

  it('changes nothing when a file does not hold the rows that its statistics say, or is gone', async () => {
    const table = await openTable(store, DEFINITION, deps);
    await fill(table, 4);
    const { files, version } = await table.snapshot();
    const wrong = { ...files[0]!, path: `x-${files[0]!.path}` };
    await store.put(`things/${wrong.path}`, (await store.get(dataKey('things', files[0]!.path)))!);
    await table.commit(
      () => [{ remove: { path: files[0]!.path, dataChange: true } }, { add: { ...wrong, stats: '{"numRecords":51}' } }],
      { operation: 'WRITE' },
    );
    await expect(table.optimize()).rejects.toThrow(/101 rows were rewritten to 100; nothing was changed/);
    await store.delete(dataKey('things', files[1]!.path));
    await expect(table.optimize()).rejects.toThrow(/cannot be optimised/);
    expect((await table.snapshot()).version).toBe(version + 1);
    nowUs += 1;
  });
});
