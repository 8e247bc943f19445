import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Column, Row } from '../../core/index.ts';
import { createFileBuilder, loadZstd, writeNested } from './index.ts';

const python = process.env.LAKE_PYTHON;
if (python === undefined) console.log('skipped: LAKE_PYTHON names no Python with pyarrow and Polars');

const column = (name: string, type: Column['type']): Column => ({ name, type, nullable: true, comment: '' });
const COLUMNS = [
  column('s', 'string'),
  column('i', 'int'),
  column('l', 'long'),
  column('d', 'double'),
  column('b', 'boolean'),
  column('t', 'timestamp'),
  column('day', 'date'),
  column('bin', 'binary'),
  column('list', 'list<string>'),
];
const rowOf = (i: number): Row => ({
  s: `é😀${i % 300}\u0000`,
  i: i % 2 === 0 ? -(2 ** 31) : 2 ** 31 - 1,
  l: i % 2 === 0 ? Number.MIN_SAFE_INTEGER + i : Number.MAX_SAFE_INTEGER - i,
  d: i % 5 === 0 ? -0 : i / 7,
  b: i % 3 === 0,
  t: 1_700_000_000_000_000 + i,
  day: i - 500,
  bin: new Uint8Array([i & 255, 255, 0]),
  list: Array.from({ length: i % 4 }, (_, k) => `x${k}`),
});
const ROWS = Array.from({ length: 5000 }, (_, i): Row => {
  if (i % 11 === 0) return Object.fromEntries(COLUMNS.map(({ name }) => [name, null]));
  return rowOf(i);
});

/** Reads the flat file with both libraries and prints the rows, and a nested one with pyarrow. */
const SCRIPT = `
import json, sys, datetime
import pyarrow as pa, pyarrow.parquet as pq, polars as pl
def plain(table):
    assert str(table.schema.field('t').type) == 'timestamp[us, tz=UTC]'
    table.validate(full=True)
    columns = []
    for name in table.column_names:
        c = table.column(name)
        if name == 't': c = c.cast(pa.int64())
        if name == 'day': c = c.cast(pa.int32())
        columns.append([v.hex() if isinstance(v, bytes) else v for v in c.to_pylist()])
    return [list(row) for row in zip(*columns)]
flat, nested = sys.argv[1:]
print(json.dumps({'pyarrow': plain(pq.read_table(flat)), 'polars': plain(pl.read_parquet(flat).to_arrow()),
  'nested': pq.read_table(nested).to_pylist()}))
`;

describe.skipIf(python === undefined)('pyarrow and Polars', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parquet-python-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('read every type as it was written', async () => {
    const zstd = await loadZstd();
    const builder = createFileBuilder(COLUMNS, zstd, { rowGroupRowsMax: 2000, pageEntriesMax: 700 });
    for (const row of ROWS) builder.append(row);
    const [flat, nested] = [join(folder, 'flat.parquet'), join(folder, 'nested.parquet')];
    writeFileSync(flat, builder.finish().bytes);
    const schema = [
      { name: 'm', type: 'map<string,string>', nullable: true },
      { name: 'g', type: { struct: [{ name: 'x', type: 'list<string>', nullable: true }] }, nullable: true },
    ] as const;
    const rows = [{ m: { a: null, b: 'c' }, g: { x: ['y', 'z'] } }, { m: {}, g: { x: [] } }, { g: { x: null } }, {}];
    writeFileSync(nested, writeNested(schema, rows, zstd));
    const printed = execFileSync(python ?? '', ['-c', SCRIPT, flat, nested], { maxBuffer: 2 ** 26 });
    const read = JSON.parse(printed.toString());
    const plain = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
    const expected = JSON.parse(JSON.stringify(ROWS.map((row) => COLUMNS.map(({ name }) => plain(row[name])))));
    expect(read.pyarrow.map((row: unknown[]) => row.map((value) => (Object.is(value, -0) ? 0 : value)))).toEqual(
      expected,
    );
    expect(read.polars).toEqual(read.pyarrow);
    expect(read.nested).toEqual([
      {
        m: [
          ['a', null],
          ['b', 'c'],
        ],
        g: { x: ['y', 'z'] },
      },
      { m: [], g: { x: [] } },
      { m: null, g: { x: null } },
      { m: null, g: null },
    ]);
  });
});
