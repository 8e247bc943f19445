import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Row } from '../core/index.ts';
import { countInLake } from './counts.ts';
import { type Lake, openLake, tableOf } from './lake-access.ts';
import { appendRows } from './rows.ts';

const SHARD = 'events@abcdefghijkl/shardId-000000000000';
let folder: string;
let lake: Lake;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-counts-'));
  lake = await openLake(folder, expect.unreachable);
});
afterEach(async () => {
  await lake.query.close();
  await rm(folder, { recursive: true });
});

const noted = (position: string, uid: string, shard = SHARD): Row => ({
  log_shard: shard,
  log_position: position,
  event_uid: uid,
  ingested_at: 0,
});
const quarantined = (position: string, uid: string): Row => ({
  ...noted(position, uid),
  ...{ app: 'okta', source: 's', reason: 'not_json', detail: '', raw: Buffer.from('x'), mapper_version: 1 },
});
const put = (table: string, ...rows: Row[]) => appendRows(lake.store, tableOf(lake, table), rows);
const count = (after: string | null = null) => countInLake(lake.query, [{ shard: SHARD, after }]);

describe('the counts of a shard', () => {
  test('are what the tables hold of it, behind a position, which is a number of any length', async () => {
    await put('quarantine', quarantined('9', 'a'), quarantined('10', 'b'));
    await put('redeliveries', noted('100', 'a'), noted('5', 'c', 'other@abcdefghijkl/shardId-000000000000'));
    expect(await count()).toEqual({ events: 0, quarantined: 2, redelivered: 1, duplicates: 0 });
    expect(await count('9')).toEqual({ events: 0, quarantined: 1, redelivered: 1, duplicates: 0 });
    expect(await count('10')).toEqual({ events: 0, quarantined: 0, redelivered: 1, duplicates: 0 });
  });

  test('tell positions of 63 digits apart, the longest that there are', async () => {
    const position = (last: number) => `${'9'.repeat(62)}${last}`;
    await put('redeliveries', noted(position(1), 'a'), noted(position(2), 'b'));
    expect(await count(position(1))).toMatchObject({ redelivered: 1, duplicates: 0 });
    expect(await count()).toMatchObject({ redelivered: 2, duplicates: 0 });
  });

  test('name a position that stands in two rows', async () => {
    await put('quarantine', quarantined('1', 'a'));
    await put('redeliveries', noted('1', 'a'), noted('2', 'a'), noted('2', 'a'));
    expect(await count()).toMatchObject({ duplicates: 2 });
  });
});
