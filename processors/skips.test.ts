import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLocalStore, type Store } from '../lake/index.ts';
import type { Process } from './process.ts';
import { createSkips, passingOver } from './skips.ts';
import { createShardState } from './state.ts';

let root: string;
let store: Store;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-skips-'));
  store = createLocalStore(root);
});
afterAll(() => rm(root, { recursive: true }));

const SHARD = 'events@abcdefghijkl/shardId-000000000000';
const poisoned: Process = (_state, { position }) => {
  if (position === '7') throw new Error('this record ends the worker');
  return { table: null };
};
const record = (position: string) => ({
  ...{ app: 'okta', source: 's', key: 'k', arrivalUs: 5, position },
  data: new Uint8Array([1, 2, 3]),
});

test('a record that is noted becomes a row of quarantine, and nothing else works on it', async () => {
  const skips = createSkips(store);
  expect(await skips.note(SHARD, '7', { detail: 'ends the worker', notedUs: 9 })).toBe(true);
  expect(await skips.note(SHARD, '7', { detail: 'another', notedUs: 10 })).toBe(false);
  const process = passingOver(poisoned, await skips.load());
  expect(process(createShardState(), record('7'), SHARD, 11)).toEqual({
    table: 'quarantine',
    row: {
      event_uid: expect.stringMatching(/^[0-9a-f]{32}$/),
      log_shard: SHARD,
      log_position: '7',
      ingested_at: 11,
      app: 'okta',
      source: 's',
      reason: 'skipped',
      detail: 'ends the worker',
      raw: new Uint8Array([1, 2, 3]),
      mapper_version: 0,
    },
  });
  expect(process(createShardState(), record('8'), SHARD, 11)).toEqual({ table: null });
  expect(() => process(createShardState(), record('7'), 'events@abcdefghijkl/shardId-000000000001', 11)).toThrow();
});

test('a second folder passes over the same records', async () => {
  const other = createLocalStore(join(root, 'other'));
  await createSkips(store).copyTo(other);
  expect((await createSkips(other).load())(SHARD, '7')).toMatchObject({ notedUs: 9 });
  const none = await createSkips(createLocalStore(join(root, 'none'))).load();
  expect(none(SHARD, '7')).toBeUndefined();
});
