import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decompress } from '@bokuweb/zstd-wasm';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Codec, loadWasmZstd, loadZstd, type NestedField, UNCOMPRESSED, writeNested } from './index.ts';

const field = (name: string, type: NestedField['type'], nullable = true): NestedField => ({ name, type, nullable });

/** The shape of a Delta checkpoint. */
const CHECKPOINT: readonly NestedField[] = [
  field('txn', {
    struct: [field('appId', 'string', false), field('version', 'long', false), field('lastUpdated', 'long')],
  }),
  field('add', {
    struct: [
      field('path', 'string'),
      field('partitionValues', 'map<string,string>'),
      field('size', 'long', false),
      field('dataChange', 'boolean', false),
      field('stats', 'string'),
      field('tags', 'map<string,string>'),
    ],
  }),
  field('metaData', {
    struct: [
      field('id', 'string'),
      field('format', { struct: [field('provider', 'string'), field('options', 'map<string,string>')] }),
      field('partitionColumns', 'list<string>'),
      field('createdTime', 'long'),
    ],
  }),
  field('protocol', { struct: [field('minReaderVersion', 'int', false), field('minWriterVersion', 'int', false)] }),
];

const add = (i: number, partitionValues: Record<string, string | null> | null) => ({
  add: { path: `d=${i}/é😀-${i}`, partitionValues, size: 2 ** 40 + i, dataChange: i % 2 === 0, stats: null, tags: {} },
});

const ROWS: readonly object[] = [
  { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
  {
    metaData: {
      id: 'x',
      format: { provider: 'parquet', options: {} },
      partitionColumns: ['event_date', 'app'],
      createdTime: 1_700_000_000_000,
    },
  },
  { metaData: { id: null, format: null, partitionColumns: [], createdTime: null } },
  { txn: { appId: 'beagle/events@1/0', version: 9_007_199_254_740_991 } },
  { add: add(0, null).add, ignored: 1 },
  ...Array.from({ length: 3000 }, (_, i) =>
    add(i, { event_date: i % 3 === 0 ? null : '2026-01-01', app: `a${i % 4}` }),
  ),
];

/** A row with every member that the schema names, absent ones being null. */
function filled(fields: readonly NestedField[], row: object): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      const value = (row as Record<string, unknown>)[name] ?? null;
      if (typeof type === 'object' && value !== null) return [name, filled(type.struct, value)];
      return [name, value];
    }),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'parquet-nested-'));
const EXPECTED = ROWS.map((row) => filled(CHECKPOINT, row));
let zstd: Codec;
beforeAll(async () => {
  zstd = await loadZstd();
  await loadWasmZstd();
});
afterAll(() => rmSync(folder, { recursive: true }));

const buffer = (bytes: Uint8Array) => new Uint8Array(bytes).buffer;

describe('writeNested', () => {
  it('gives rows that hyparquet reads back', async () => {
    const bytes = writeNested(CHECKPOINT, ROWS, zstd);
    const read = await parquetReadObjects({
      file: buffer(bytes),
      compressors: { ZSTD: (input) => decompress(new Uint8Array(input)) },
    });
    const plain = JSON.parse(JSON.stringify(read, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
    // hyparquet leaves out structs that are null.
    expect(plain.map((row: object) => filled(CHECKPOINT, row))).toEqual(EXPECTED);
  });

  it('gives rows that DuckDB reads back', async () => {
    const path = join(folder, 'nested.parquet');
    writeFileSync(path, writeNested(CHECKPOINT, ROWS, zstd));
    const duck = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await duck.runAndReadAll(`select to_json(t)::varchar j from read_parquet('${path}') t`);
    const read = reader.getRows().map(([json]) => JSON.parse(String(json)));
    expect(read).toEqual(EXPECTED);
  });

  it('writes a valid file without rows', async () => {
    const read = await parquetReadObjects({ file: buffer(writeNested(CHECKPOINT, [], UNCOMPRESSED)) });
    expect(read).toEqual([]);
  });

  it.each<[string, NestedField, unknown]>([
    ['null in a required leaf', field('x', 'string', false), null],
    ['a number for a string', field('x', 'string'), 1],
    ['a fraction for a long', field('x', 'long'), 1.5],
    ['an int beyond 32 bits', field('x', 'int'), 2 ** 31],
    ['a string for a boolean', field('x', 'boolean'), 'true'],
    ['a string for a double', field('x', 'double'), '1'],
    ['null in a required struct', field('x', { struct: [] }, false), null],
    ['a string for a struct', field('x', { struct: [] }), 'x'],
    ['null for a required list', field('x', 'list<string>', false), undefined],
    ['an object for a list', field('x', 'list<string>'), {}],
    ['a null element', field('x', 'list<string>'), ['a', null]],
    ['null for a required map', field('x', 'map<string,string>', false), null],
    ['a number in a map', field('x', 'map<string,string>'), { a: 1 }],
    ['a string for a map', field('x', 'map<string,string>'), 'a'],
  ])('refuses %s and names the field', (_, schema, value) => {
    expect(() => writeNested([schema], [{ x: value }], UNCOMPRESSED)).toThrow(/\[lake\/parquet\] field "x"/);
  });
});
