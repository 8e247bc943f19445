import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BASELINE_POLICY } from '../core/index.ts';
import { openEmbeddedLog } from '../log/index.ts';
import { announcePolicies } from './policies.ts';

let root: string;
let log: Awaited<ReturnType<typeof openEmbeddedLog>>;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-announce-'));
  log = await openEmbeddedLog({ path: join(root, 'log') });
  await log.createStream('events', { shards: 2 });
});
afterEach(async () => {
  await log.close();
  await rm(root, { recursive: true });
});

const [FIRST, SECOND, CHILD_A, CHILD_B] = [0, 1, 2, 3].map((n) => `shardId-00000000000${n}`) as [
  string,
  string,
  string,
  string,
];
const POLICIES = [2, 0, 1].map((version) => ({ ...BASELINE_POLICY, version }));
const told = async (shardId: string) =>
  (await log.read('events', shardId, { type: 'TRIM_HORIZON' })).records.map(({ source }) => source);
const split = () => log.splitShard('events', FIRST, String(2n ** 126n));

test('every open shard is told of the policies, lowest version first, the baseline left out; closed ones are not', async () => {
  await split();
  await announcePolicies(log, 'events', POLICIES);
  expect(await told(FIRST)).toEqual([]);
  for (const shardId of [SECOND, CHILD_A, CHILD_B]) expect(await told(shardId)).toEqual(['policy:1', 'policy:2']);
});

test('when a shard is split meanwhile its children are told, and nobody twice', async () => {
  let isSplit = false;
  const splitting: typeof log = {
    ...log,
    async appendToShard(stream, shardId, records) {
      if (shardId === SECOND && !isSplit) {
        isSplit = true;
        await log.splitShard('events', SECOND, String(2n ** 127n + 2n ** 126n));
      }
      return log.appendToShard(stream, shardId, records);
    },
  };
  await announcePolicies(splitting, 'events', POLICIES);
  expect(await told(SECOND)).toEqual([]);
  for (const shardId of [FIRST, CHILD_A, CHILD_B]) expect(await told(shardId)).toEqual(['policy:1', 'policy:2']);
});

test('what else goes wrong is not tried again', async () => {
  const failing: typeof log = {
    ...log,
    appendToShard: async () => {
      throw new Error('the disk is full');
    },
  };
  await expect(announcePolicies(failing, 'events', POLICIES)).rejects.toThrow('the disk is full');
});
