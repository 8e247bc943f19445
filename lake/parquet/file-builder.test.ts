import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decompress } from '@bokuweb/zstd-wasm';
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBTimestampTZValue,
} from '@duckdb/node-api';
import fc from 'fast-check';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Column, ColumnType, Row, Value } from '../../core/index.ts';
import { CODEC, type Codec, createFileBuilder, type FileBuilderOptions, loadWasmZstd, loadZstd } from './index.ts';

const TYPES: readonly ColumnType[] = [
  'string',
  'int',
  'long',
  'double',
  'boolean',
  'timestamp',
  'date',
  'binary',
  'list<string>',
];
const column = (name: string, type: ColumnType, nullable = false): Column => ({ name, type, nullable, comment: '' });
const COLUMNS: readonly Column[] = TYPES.flatMap((type) => [
  column(`r_${type.replace(/\W/g, '')}`, type),
  column(`n_${type.replace(/\W/g, '')}`, type, true),
]);
const GZIP: Codec = { id: CODEC.gzip, compress: (bytes) => gzipSync(bytes) };

let zstd: Codec;
let duck: DuckDBConnection;
const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
beforeAll(async () => {
  zstd = await loadZstd();
  await loadWasmZstd();
  duck = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => {
  duck.closeSync();
  rmSync(folder, { recursive: true });
});

/** A value in a form that all readers' values can be brought into: bytes as hex, -0 and NaN told apart. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return plain(Number(value));
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : Number.isNaN(value) ? 'NaN' : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof DuckDBBlobValue) return plain(value.bytes);
  if (value instanceof DuckDBTimestampTZValue) return plain(value.micros);
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBListValue) return value.items.map(plain);
  return Array.isArray(value) ? value.map(plain) : value;
}

const table = (columns: readonly Column[], rows: readonly Row[]) =>
  rows.map((row) => columns.map(({ name }) => plain(row[name])));

async function withHyparquet(columns: readonly Column[], bytes: Uint8Array): Promise<unknown[][]> {
  const rows = await parquetReadObjects({
    file: new Uint8Array(bytes).buffer,
    compressors: { ZSTD: (input) => decompress(new Uint8Array(input)) },
    utf8: false,
    parsers: {
      timestampFromMicroseconds: (micros) => Number(micros),
      dateFromDays: (days) => days,
      // Its own parser drops a byte order mark.
      stringFromBytes: (bytes) => (bytes ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : undefined),
    },
  });
  return table(columns, rows as Row[]);
}

let files = 0;
async function withDuckDb(bytes: Uint8Array): Promise<unknown[][]> {
  const path = join(folder, `${files++}.parquet`);
  writeFileSync(path, bytes);
  const reader = await duck.runAndReadAll(`from read_parquet('${path}')`);
  const rows = reader.getRows().map((row) => row.map(plain));
  rmSync(path);
  return rows;
}

interface ParquetJs {
  ParquetReader: {
    openBuffer(bytes: Buffer): Promise<{ getCursor(): { next(): Promise<Record<string, unknown> | null> } }>;
  };
}
const parquetJs = createRequire(import.meta.url)('parquetjs-lite') as ParquetJs;

async function withParquetJs(columns: readonly Column[], bytes: Uint8Array): Promise<unknown[][]> {
  const reader = await parquetJs.ParquetReader.openBuffer(Buffer.from(bytes));
  const cursor = reader.getCursor();
  const rows: unknown[][] = [];
  for (let row = await cursor.next(); row !== null; row = await cursor.next()) {
    const found = row;
    rows.push(columns.map(({ name }) => plain(found[name])));
  }
  return rows;
}

function build(columns: readonly Column[], rows: readonly Row[], options: FileBuilderOptions = {}, codec = zstd) {
  const builder = createFileBuilder(columns, codec, options);
  for (const row of rows) builder.append(row);
  return builder.finish();
}

/** Without a byte order mark in front, which DuckDB's binding for Node drops. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('', 'a', '\u0000', '\u{10ffff}', 'x\ufeff', '\ud7ff', 'é😀', 'x'.repeat(70)),
  )
  .map((value) => value.replace(/^\ufeff+/, ''));
const VALUES: { readonly [type in ColumnType]: fc.Arbitrary<Value> } = {
  string: text,
  int: fc.oneof(fc.integer(), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0, 1)),
  long: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, -1, 2 ** 32)),
  double: fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324)),
  boolean: fc.boolean(),
  timestamp: fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  date: fc.integer({ min: -719_162, max: 2_932_896 }),
  binary: fc.uint8Array({ maxLength: 20 }),
  'list<string>': fc.array(text, { maxLength: 4 }),
};
const arbitraryRow: fc.Arbitrary<Row> = fc.record(
  Object.fromEntries(
    COLUMNS.map(({ name, type, nullable }) => [name, nullable ? fc.option(VALUES[type]) : VALUES[type]]),
  ),
);
/** Rows with repetitions, so that runs, dictionaries and PLAIN pages all occur. */
const arbitraryRows = fc
  .tuple(
    fc.array(arbitraryRow, { minLength: 1, maxLength: 12 }),
    fc.array(fc.tuple(fc.nat(11), fc.integer({ min: 1, max: 20 })), { maxLength: 12 }),
  )
  .map(([rows, runs]) => [
    ...rows,
    ...runs.flatMap(([at, count]) => Array.from({ length: count }, () => rows[at % rows.length] as Row)),
  ]);
const arbitraryLimits: fc.Arbitrary<FileBuilderOptions> = fc.constantFrom(
  {},
  { rowGroupRowsMax: 7 },
  { pageEntriesMax: 3 },
  { pageBytesMax: 20, rowGroupBytesMax: 2000 },
  { dictionaryEntriesMax: 2, pageEntriesMax: 5 },
  { dictionaryBytesMax: 10 },
);

describe('the file builder', () => {
  it('gives files that DuckDB and hyparquet read alike, whatever the values and limits', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRows, arbitraryLimits, async (rows, limits) => {
        const { bytes, statistics } = build(COLUMNS, rows, limits);
        const expected = table(COLUMNS, rows);
        expect(statistics.numRecords).toBe(rows.length);
        expect(await withHyparquet(COLUMNS, bytes)).toEqual(expected);
        expect(await withDuckDb(bytes)).toEqual(expected);
      }),
      { numRuns: 120 },
    );
  });

  it('gives files that parquetjs reads, compressed with gzip', async () => {
    // It makes Dates of dates and timestamps, and knows neither the levels of a list nor RLE_DICTIONARY.
    const columns = COLUMNS.filter(({ type }) => !['date', 'timestamp', 'list<string>', 'binary'].includes(type));
    const rows = fc.sample(arbitraryRow, { numRuns: 300, seed: 7 });
    const { bytes } = build(columns, rows, { dictionaryEntriesMax: 0 }, GZIP);
    expect(await withParquetJs(columns, bytes)).toEqual(table(columns, rows));
  });

  it('gives the same bytes whether a builder is new or used before', () => {
    const builder = createFileBuilder(COLUMNS, zstd);
    const [first, second] = [1, 2].map((seed) => fc.sample(arbitraryRow, { numRuns: 50, seed }));
    for (const row of first!) builder.append(row);
    expect(builder.rowCount).toBe(50);
    expect(builder.bufferedBytes).toBeGreaterThan(50);
    builder.finish();
    expect([builder.rowCount, builder.bufferedBytes]).toEqual([0, 0]);
    for (const row of second!) builder.append(row);
    expect(builder.finish()).toEqual(build(COLUMNS, second!));
  });

  it('writes a valid file without rows', async () => {
    const { bytes, statistics } = build(COLUMNS, []);
    expect(await withDuckDb(bytes)).toEqual([]);
    expect(await withHyparquet(COLUMNS, bytes)).toEqual([]);
    expect(statistics).toMatchObject({ numRecords: 0, minValues: {}, maxValues: {} });
  });

  it('takes UTF-8 bytes for strings, also among strings', async () => {
    const columns = [column('raw', 'string', true)];
    const values = [null, 'a', 'a', 'b', new TextEncoder().encode('é😀'), null, 'a', new TextEncoder().encode('')];
    const { bytes } = build(
      columns,
      values.map((raw) => ({ raw })),
    );
    const expected = [null, 'a', 'a', 'b', 'é😀', null, 'a', ''].map((value) => [value]);
    expect(await withDuckDb(bytes)).toEqual(expected);
    expect(await withHyparquet(columns, bytes)).toEqual(expected);
  });

  it('keeps a byte order mark', async () => {
    const columns = [column('s', 'string')];
    const { bytes } = build(columns, [{ s: '\ufeffx' }]);
    expect(await withHyparquet(columns, bytes)).toEqual([['\ufeffx']]);
  });

  it('writes U+FFFD for a lone surrogate, short or long', async () => {
    const rows = ['a\ud800', '\udc00', `${'x'.repeat(100)}\ud800`].map((s) => ({ s }));
    const { bytes } = build([column('s', 'string')], rows);
    expect(await withDuckDb(bytes)).toEqual([['a\ufffd'], ['\ufffd'], [`${'x'.repeat(100)}\ufffd`]]);
  });
});

const metadata = (bytes: Uint8Array): FileMetaData => parquetMetadata(new Uint8Array(bytes).buffer);
const encodingsOf = (bytes: Uint8Array, chunk = 0) =>
  metadata(bytes).row_groups[0]!.columns[chunk]!.meta_data!.encodings.filter((name) => name !== 'RLE');

describe('dictionaries', () => {
  const columns = [column('s', 'string'), column('d', 'double'), column('l', 'list<string>')];
  const rowOf = (i: number) => ({ s: `value ${i}`, d: i / 3, l: [`element ${i}`, 'same'] });

  it('are used for repeated values, and cost nothing for constant ones', () => {
    const repeated = build(
      columns,
      Array.from({ length: 20_000 }, (_, i) => rowOf(i % 50)),
    );
    for (const chunk of [0, 1, 2]) expect(encodingsOf(repeated.bytes, chunk)).toContain('RLE_DICTIONARY');
    const constant = build(
      columns.slice(0, 2),
      Array.from({ length: 20_000 }, () => rowOf(1)),
    );
    expect(constant.bytes.length).toBeLessThan(600);
  });

  it('are left out for distinct values, few or many', async () => {
    for (const count of [5, 20_000]) {
      const rows = Array.from({ length: count }, (_, i) => rowOf(i));
      const { bytes } = build(columns, rows);
      expect([encodingsOf(bytes, 0), encodingsOf(bytes, 1)]).toEqual([['PLAIN'], ['PLAIN']]);
      expect(await withDuckDb(bytes)).toEqual(table(columns, rows));
    }
  });

  it('are not tried for columns that are said to have none', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => rowOf(i % 5));
    const { bytes } = build(columns, rows, { withoutDictionary: ['s', 'l'] });
    expect([0, 1, 2].map((chunk) => encodingsOf(bytes, chunk))).toEqual([
      ['PLAIN'],
      ['PLAIN', 'RLE_DICTIONARY'],
      ['PLAIN'],
    ]);
    expect(await withDuckDb(bytes)).toEqual(table(columns, rows));
  });

  it('know strings apart that end alike, and nulls between them', async () => {
    const nullable = [column('s', 'string', true)];
    const rows = Array.from({ length: 3000 }, (_, i) => ({ s: i % 3 === 0 ? null : `${i % 97}|same middle|${i % 2}` }));
    const { bytes } = build(nullable, rows);
    expect(encodingsOf(bytes)).toContain('RLE_DICTIONARY');
    expect(await withDuckDb(bytes)).toEqual(table(nullable, rows));
    expect(await withHyparquet(nullable, bytes)).toEqual(table(nullable, rows));
  });

  it('of tens of thousands of entries are read back, and end when they are full', async () => {
    const keyOf = (i: number) => (i < 100_000 ? i % 5000 : (i * 7919) % 90_000);
    const rows = Array.from({ length: 200_000 }, (_, i) => rowOf(keyOf(i)));
    const { bytes } = build(columns, rows);
    expect(encodingsOf(bytes, 0)).toEqual(expect.arrayContaining(['PLAIN', 'RLE_DICTIONARY']));
    const path = join(folder, 'large.parquet');
    writeFileSync(path, bytes);
    const reader = await duck.runAndReadAll(
      `select count(*) from (select *, case when file_row_number < 100000 then file_row_number % 5000
         else file_row_number * 7919 % 90000 end k from read_parquet('${path}', file_row_number=true))
       where s = 'value ' || k and abs(d - k / 3) < 1e-9 and l = ['element ' || k, 'same']`,
    );
    expect(reader.getRows()).toEqual([[200_000n]]);
    expect(JSON.stringify(await withHyparquet(columns, bytes)) === JSON.stringify(table(columns, rows))).toBe(true);
  });
});

describe('row groups and pages', () => {
  it('end at their limits', async () => {
    const columns = [column('i', 'int'), column('raw', 'string')];
    const rows = Array.from({ length: 1000 }, (_, i) => ({ i, raw: new TextEncoder().encode('x'.repeat(100) + i) }));
    const byRows = build(columns, rows, { rowGroupRowsMax: 300 });
    expect(metadata(byRows.bytes).row_groups.map((group) => Number(group.num_rows))).toEqual([300, 300, 300, 100]);
    const byBytes = build(columns, rows, { rowGroupBytesMax: 50_000 });
    expect(metadata(byBytes.bytes).row_groups.length).toBeGreaterThanOrEqual(2);
    expect(byBytes.statistics).toEqual(byRows.statistics);
    expect(await withDuckDb(byBytes.bytes)).toEqual(await withDuckDb(byRows.bytes));
  });
});

describe('a row that does not suit', () => {
  const good: Row = Object.fromEntries(
    COLUMNS.map(({ name, type }) => [name, fc.sample(VALUES[type], { numRuns: 1, seed: 3 })[0] as Value]),
  );

  it.each<[string, unknown]>([
    ['r_string', 1],
    ['r_string', null],
    ['r_int', 2 ** 31],
    ['r_int', 1.5],
    ['r_int', '1'],
    ['r_long', 2 ** 53],
    ['r_double', 1n],
    ['r_timestamp', 0.5],
    ['r_date', Number.NaN],
    ['r_boolean', 1],
    ['r_binary', 'text'],
    ['r_liststring', 'text'],
    ['r_liststring', ['a', null]],
    ['r_liststring', ['a', new Uint8Array(1)]],
    ['r_liststring', undefined],
    ['n_binary', [1]],
    ['n_long', {}],
  ])('is refused with the name of the column (%s: %s)', (name, value) => {
    const builder = createFileBuilder(COLUMNS, zstd);
    const bad = { ...good, [name]: value } as Row;
    expect(() => builder.append(bad)).toThrow(
      new RegExp(`^\\[lake/parquet\\] column "${name}" \\(.*\\) got .*; give `),
    );
  });

  it('leaves no trace: not in the values, not in the statistics', async () => {
    const columns = [
      column('s', 'string'),
      column('d', 'double', true),
      column('raw', 'string', true),
      column('b', 'boolean', true),
      column('l', 'list<string>', true),
      column('z', 'list<string>'),
    ];
    const bytes = (value: string) => new TextEncoder().encode(value);
    const few: Row[] = [
      { s: 'm', d: 1, raw: bytes('x'), b: true, l: ['p', 'q'], z: [] },
      { s: 'n', d: null, raw: null, b: null, l: null, z: [] },
      { s: 'm', d: 3, raw: bytes('y'), b: false, l: [], z: [] },
    ];
    const rows = Array.from({ length: 8 }, () => few).flat();
    const bad: Row[] = [
      { s: 'a', d: 9, raw: bytes('zzz'), b: false, l: ['never', 'p'], z: null },
      { s: 'z', d: null, raw: null, b: null, l: null, z: null },
      { s: 'm', d: 0, raw: bytes(''), b: true, l: [], z: null },
    ];
    const builder = createFileBuilder(columns, zstd);
    for (const row of rows) {
      builder.append(row);
      for (const wrong of bad) expect(() => builder.append(wrong)).toThrow(TypeError);
    }
    const file = builder.finish();
    expect(file.statistics).toEqual(build(columns, rows).statistics);
    const expected = rows.map((row) => ({
      ...row,
      raw: row.raw === null ? null : Buffer.from(row.raw as Uint8Array).toString(),
    }));
    expect(await withDuckDb(file.bytes)).toEqual(table(columns, expected));
  });
});
