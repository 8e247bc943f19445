import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestbed, type Testbed } from '../flow/beagle.ts';

const CHECK = process.env.CHECK_DELTA ?? '';
if (CHECK === '') {
  console.log('test/engines: skipped, since CHECK_DELTA names no script that opens a Delta table with other engines');
}

const FIXTURES = new URL('../../ingest/sources/okta/fixtures.ndjson', import.meta.url);
/** No JSON, a member of the wrong type, and bytes that are no UTF-8. */
const MALFORMED = ['{"uuid":', '{"eventType":7}', 'no JSON at all', Buffer.from([0x22, 0xff, 0xfe, 0x22])];

describe.skipIf(CHECK === '')('delta-rs, Polars, DuckDB and Spark read the same rows as Beagle', () => {
  let bed: Testbed;
  let data = '';
  beforeAll(async () => {
    bed = createTestbed();
    data = bed.folder();
    const up = await bed.json<{ generated: number; lost: number }>([
      ...['up', '--data', data, '--port', '0', '--rate', '60000/min', '--count', '3000', '--shards', '2'],
    ]);
    expect(up).toMatchObject({ generated: 3000, lost: 0 });
    const lines = readFileSync(FIXTURES, 'utf8').trimEnd().split('\n');
    const file = `${data}.ndjson`;
    writeFileSync(file, Buffer.concat([...lines, ...MALFORMED].map((line) => Buffer.from([...Buffer.from(line), 10]))));
    const report = await bed.json<{ read: number; quarantined: number }>(['import', 'okta', file, '--data', data]);
    expect(report).toMatchObject({ read: lines.length + MALFORMED.length });
    expect(report.quarantined).toBeGreaterThanOrEqual(MALFORMED.length);
  }, 180_000);
  afterAll(() => bed?.cleanUp());

  test.each([
    { table: 'events', key: 'event_uid', time: 'time' },
    { table: 'quarantine', key: 'log_position', time: 'ingested_at' },
  ])('in $table', { timeout: 300_000 }, async ({ table, key, time }) => {
    const folder = join(data, 'lake', table);
    const { stdout } = await promisify(execFile)(CHECK, [folder, '--key', key, '--time', time]);
    const lines = stdout.trim().split('\n');
    expect(lines.at(-1)).toBe('agree');
    const engines = lines.slice(0, -1).map((line) => JSON.parse(line) as { rows: number; keys: number });
    expect(engines.length).toBeGreaterThanOrEqual(4);
    const sql = `select count(*) "rows", count(distinct ${key}) "keys" from ${table}`;
    const [ours] = await bed.json<{ rows: number; keys: number }[]>(['lake', 'sql', sql, '--data', data]);
    expect(ours?.rows).toBeGreaterThan(0);
    for (const { rows, keys } of engines) expect({ rows, keys }).toEqual(ours);
  });
});
