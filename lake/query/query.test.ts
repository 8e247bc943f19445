import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, type Row } from '../../core/index.ts';
import { openTable } from '../delta/create.ts';
import type { Table } from '../delta/table.ts';
import { addFile } from '../delta/write.ts';
import { createFileBuilder, loadZstd } from '../parquet/index.ts';
import { createLocalStore } from '../store/local.ts';
import type { Store } from '../store/store.ts';
import { dataColumns, type TableDefinition } from '../tables/definition.ts';
import { openQuery, type Query } from './open.ts';

const column = (name: string, type: TableDefinition['columns'][number]['type'], nullable = true) =>
  ({ name, type, nullable, comment: '' }) as const;
const THINGS: TableDefinition = {
  name: 'things',
  columns: [
    column('id', 'string', false),
    column('day', 'date', false),
    column('n', 'long'),
    column('i', 'int'),
    column('x', 'double'),
    column('ok', 'boolean'),
    column('time', 'timestamp'),
    column('raw', 'binary'),
    column('tags', 'list<string>'),
  ],
  partitionBy: ['day'],
};
const OTHER: TableDefinition = { name: 'other', columns: [column('id', 'string', false)], partitionBy: [] };
const NEVER: TableDefinition = { name: 'never', columns: [column('at', 'timestamp')], partitionBy: [] };

let nowUs = 1_700_000_000_000_000;
const deps = { clock: () => nowUs };
let root: string;
let store: Store;
let query: Query;
let things: Table;

const nulls = { n: null, i: null, x: null, ok: null, time: null, raw: null, tags: null };
async function append(
  definition: TableDefinition,
  day: string | null,
  rows: readonly Row[],
  name: string,
): Promise<Table> {
  const table = await openTable(store, definition, deps);
  const builder = createFileBuilder(dataColumns(definition), await loadZstd());
  for (const row of rows) builder.append(row);
  const file = await addFile(store, definition, builder.finish(), day === null ? {} : { day }, name, nowUs);
  await table.commit(() => [{ add: file }], { operation: 'WRITE' });
  return table;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle [query] it’s '));
  store = createLocalStore(join(root, 'lake'));
  const full = {
    id: 'a',
    n: Number.MAX_SAFE_INTEGER,
    i: -5,
    x: 1.5,
    ok: true,
    time: 1_700_000_000_123_456,
    raw: new Uint8Array([1, 255]),
    tags: ['ü', ''],
  };
  things = await append(THINGS, '2026-01-01', [full, { id: 'b', ...nulls, x: Number.NaN }], '1');
  nowUs += 1_000_000;
  await append(THINGS, '2026-01-02', [{ id: 'c', ...nulls, n: 7, tags: [] }], '2');
  await append(OTHER, null, [{ id: 'a' }], '1');
  await writeFile(join(root, 'secret.csv'), 'password\n');
  query = await openQuery({ store, tables: [THINGS, OTHER, NEVER], clock: () => nowUs, memoryLimitMb: 256 });
});
afterAll(async () => {
  await query.close();
  await rm(root, { recursive: true });
});

const rows = async (text: string, options = {}) => (await query.sql(text, options)).rows;

describe('sql', () => {
  it('gives JSON-ready values of every type', async () => {
    const { columns, rows: found } = await query.sql('select * from things order by id');
    expect(columns.map((c) => c.type)).toEqual([
      'VARCHAR',
      'DATE',
      'BIGINT',
      'INTEGER',
      'DOUBLE',
      'BOOLEAN',
      'TIMESTAMP WITH TIME ZONE',
      'BLOB',
      'VARCHAR[]',
    ]);
    expect(found).toEqual([
      {
        id: 'a',
        day: '2026-01-01',
        n: Number.MAX_SAFE_INTEGER,
        i: -5,
        x: 1.5,
        ok: true,
        time: '2023-11-14T22:13:20.123456Z',
        raw: 'Af8=',
        tags: ['ü', ''],
      },
      { id: 'b', day: '2026-01-01', ...nulls },
      { id: 'c', day: '2026-01-02', ...nulls, n: 7, tags: [] },
    ]);
  });

  it('gives whole numbers that are not exact as text, and nested values', async () => {
    expect(
      await rows(
        `select 9007199254740993 a, {'b': [1::hugeint], 'c': date '0001-01-01'} s, map {'k': 1} m,
         timestamp '1969-12-31 23:59:59.999999' t, 1.50::decimal(4,2) d, 'infinity'::timestamp f, interval 1 day i`,
      ),
    ).toEqual([
      {
        a: '9007199254740993',
        s: { b: [1], c: '0001-01-01' },
        m: [{ key: 'k', value: 1 }],
        t: '1969-12-31T23:59:59.999999Z',
        d: '1.50',
        f: 'infinity',
        i: '1 day',
      },
    ]);
  });

  it('takes parameters', async () => {
    expect(await rows('select id from things where n = $1 and id = $2 limit $3', { params: [7, 'c', 1] })).toEqual([
      { id: 'c' },
    ]);
    expect(await rows('select $1 is null as a, $2 as b, $3 as c', { params: [null, true, 0.5] })).toEqual([
      { a: true, b: true, c: 0.5 },
    ]);
  });

  it('joins tables, looks through WITH, subqueries and quotes, and in any case', async () => {
    const text = `with other as (select 1 as one), t as (select * from "THINGS" where id in (select id from lake_other))
      select count(*) as n from t, other`;
    await expect(rows(text)).rejects.toThrow('there is no table lake_other; there are never, other, things');
    expect(await rows(text.replace('lake_other', 'Things'))).toEqual([{ n: 3 }]);
    expect(await rows('select count(*) as n from Things t join other o using (id)')).toEqual([{ n: 1 }]);
    expect(await rows('from things select id where n = 7')).toEqual([{ id: 'c' }]);
  });

  it('sees new versions, and old ones when asked', async () => {
    const count = 'select count(*) as n from things';
    expect(await rows(count, { at: { version: 1 } })).toEqual([{ n: 2 }]);
    expect(await rows(count, { at: { version: 0 } })).toEqual([{ n: 0 }]);
    expect(await rows(count, { at: { timestampUs: 1_700_000_000_500_000 } })).toEqual([{ n: 2 }]);
    expect(await rows(count)).toEqual([{ n: 3 }]);
    await expect(rows(`${count}, other`, { at: { version: 1 } })).rejects.toThrow(/--version with .*use --timestamp/);
    await expect(rows(count, { at: { version: 99 } })).rejects.toThrow(/no version 99/);
  });

  it('takes a table that nobody has written for an empty one with its types', async () => {
    const { columns, rows: found } = await query.sql('select * from never');
    expect(found).toEqual([]);
    expect(columns).toEqual([{ name: 'at', type: 'TIMESTAMP WITH TIME ZONE' }]);
  });

  it('describes, explains and summarizes', async () => {
    expect((await rows('describe things')).map((row) => row.column_name)).toEqual(THINGS.columns.map((c) => c.name));
    expect((await rows('describe select n from things'))[0]).toMatchObject({ column_type: 'BIGINT' });
    expect((await rows('explain select * from things'))[0]).toHaveProperty('explain_value');
    expect((await rows('-- why\nexplain analyze select * from things')).length).toBe(1);
    expect((await rows('summarize other')).length).toBe(1);
    expect((await rows('show tables')).length).toBeGreaterThan(0);
  });

  it('reads only the partitions that a query asks for', async () => {
    const plan = JSON.stringify(await rows("explain select id from things where day = date '2026-01-02'"));
    expect(plan).toContain('Scanning Files: 1/2');
  });

  it('refuses whatever does not just read, and everything outside the lake', async () => {
    const secret = join(root, 'secret.csv').replaceAll("'", "''");
    const inside = join(root, 'lake/things/out.csv').replaceAll("'", "''");
    for (const text of [
      `select * from '${secret}'`,
      `select * from read_text('${secret}')`,
      `select * from glob('${root.replaceAll("'", "''")}/*')`,
      `copy (select 1) to '${inside}'`,
      `explain analyze copy (select 1) to '${inside}'`,
      `/* x */ explain analyze copy (select 1) to '${inside}'`,
      `attach '${inside}' as a`,
      'create table t as select 1',
      'create view v as select 1',
      'drop view things',
      'delete from things',
      "set memory_limit = '99GB'",
      'pragma threads = 9',
      'install httpfs',
      'load httpfs',
      'call pragma_version()',
      'select 1; select 2',
      '',
      'selec 1',
    ]) {
      await expect(rows(text), text).rejects.toThrow(ConfigError);
      await expect(rows(text), text).rejects.toThrow(/^\[lake\/query\] [^\n]+$/);
    }
    const keys: string[] = [];
    for await (const { key } of store.list('things/')) keys.push(key);
    expect(keys.filter((key) => key.endsWith('.csv'))).toEqual([]);
  });

  it('stops at the signal and at too many rows, and goes on afterwards', async () => {
    const controller = new AbortController();
    const long = query.sql('select count(*) from range(100000000) a, range(100000) b where a.range * b.range = 3', {
      signal: controller.signal,
    });
    setImmediate(() => setImmediate(() => controller.abort(new Error('enough'))));
    await expect(long).rejects.toThrow('enough');
    await expect(rows('select * from range(100)', { rowsMax: 10 })).rejects.toThrow(/more than 10 rows/);
    await expect(rows('select 1', { signal: AbortSignal.abort(new Error('never began')) })).rejects.toThrow(
      'never began',
    );
    expect(await rows('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('answers many at a time, old and new versions mixed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => rows('select count(*) as n from things', { at: { version: i % 3 } })),
    );
    expect(answers.map((answer) => answer[0]?.n)).toEqual(Array.from({ length: 20 }, (_, i) => [0, 2, 3][i % 3]));
  });

  it('fills columns that were added later with nulls', async () => {
    const note = column('note', 'list<string>');
    const wider = { ...OTHER, name: 'wider', columns: [...OTHER.columns, note] };
    await append({ ...OTHER, name: 'wider' }, null, [{ id: 'old' }], '1');
    const own = await openQuery({ store, tables: [wider], clock: () => nowUs });
    await openTable(store, wider, deps);
    expect((await own.sql('select * from wider')).rows).toEqual([{ id: 'old', note: null }]);
    await append(wider, null, [{ id: 'new', note: ['x'] }], '2');
    expect((await own.sql('select * from wider order by id')).rows).toEqual([
      { id: 'new', note: ['x'] },
      { id: 'old', note: null },
    ]);
    await own.close();
    await expect(own.sql('select 1')).rejects.toThrow();
  });
});

describe('columns', () => {
  it('gives typed arrays that equal the rows', async () => {
    const columns = await query.columns('select id, n, i, x, ok, time, day, tags from things order by id');
    expect(columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'id string',
      'n float64',
      'i int32',
      'x float64',
      'ok boolean',
      'time float64',
      'day int32',
      'tags list',
    ]);
    expect(columns.map((c) => [...c.values])).toEqual([
      ['a', 'b', 'c'],
      [Number.MAX_SAFE_INTEGER, Number.NaN, 7],
      [-5, 0, 0],
      [1.5, Number.NaN, Number.NaN],
      [1, 0, 0],
      [1_700_000_000_123_456, Number.NaN, Number.NaN],
      [20454, 20454, 20455],
      [['ü', ''], null, []],
    ]);
    expect(columns.map((c) => (c.valid === null ? null : [...c.valid].join('')))).toEqual([
      null,
      '101',
      '100',
      '110',
      '100',
      '100',
      null,
      '101',
    ]);
  });

  it('agrees with sql on many chunks with nulls and negative numbers', async () => {
    const text = `select case when range % 3 = 0 then null else (range - 5000) * 1000000007 end as n,
      case when range % 5 = 0 then null else 'text ' || range end as s from range(10000)`;
    const [n, s] = await query.columns(text);
    const expected = await rows(text);
    expect([...n!.values].map((v) => (Number.isNaN(v) ? null : v))).toEqual(expected.map((row) => row.n));
    expect([...s!.values]).toEqual(expected.map((row) => row.s));
    expect((await query.columns('select id from things where false'))[0]?.values).toEqual([]);
    await expect(query.columns("select {'a': 1} as s")).rejects.toThrow(/cast it/);
  });
});

it('keeps the table handle of the writer in step', async () => {
  expect((await things.snapshot()).numRecords).toBe(3);
});
