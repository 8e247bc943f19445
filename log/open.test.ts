import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventsOf, readCount } from './contract.ts';
import { openLog } from './open.ts';
import { withPrefix } from './prefix.ts';

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'beagle-open-'));
});
afterEach(() => rm(path, { recursive: true }));

test('the embedded log is opened at its path', async () => {
  const log = await openLog({ driver: 'embedded', path });
  expect(log.driver).toBe('embedded');
  await log.close();
});

test('Kafka is asked for where the brokers are named, and missing ones are told', async () => {
  await expect(openLog({ driver: 'kafka', brokers: [] })).rejects.toMatchObject({ name: 'ConfigError' });
});

test('Kinesis is opened without being asked anything', async () => {
  const log = await openLog({
    driver: 'kinesis',
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    streamPrefix: 'a.',
  });
  expect(log.driver).toBe('kinesis');
  await log.close();
});

test('under a prefix a log shows its own streams, by their own names', async () => {
  const whole = await openLog({ driver: 'embedded', path });
  const log = withPrefix(whole, 'one.');
  const { stream, shards } = await log.createStream('s', { shards: 1 });
  const shardId = shards[0]?.shardId ?? '';
  await whole.createStream('two.s', { shards: 1 });
  expect([stream, (await log.describeStream('s')).stream]).toEqual(['s', 's']);
  expect(await log.listStreams()).toEqual(['s']);
  expect([...(await whole.listStreams())].sort()).toEqual(['one.s', 'two.s']);
  const answers = await log.append('s', eventsOf(3));
  await log.appendToShard('s', shardId, eventsOf(1));
  await log.watch('s', shardId, { type: 'TRIM_HORIZON' }, 10_000);
  expect(await readCount(log, 's', shardId, { type: 'TRIM_HORIZON' }, 4)).toHaveLength(4);
  await log.trim('s', shardId, answers[2]?.position ?? '');
  expect((await log.bounds('s', shardId)).earliest).toBe(answers[2]?.position);
  await log.hold?.('s', shardId, 'somebody', answers[2]?.position ?? '');
  await log.retain?.('s', { ageMs: 60_000, shardBytes: null });
  await log.deleteStream('s');
  expect(await whole.listStreams()).toEqual(['two.s']);
  expect(withPrefix(whole, '')).toBe(whole);
  const { hold: _, retain: __, ...kafkaLike } = whole;
  const { hold, retain } = withPrefix(kafkaLike, 'one.');
  expect([hold, retain]).toEqual([undefined, undefined]);
  await log.close();
});
