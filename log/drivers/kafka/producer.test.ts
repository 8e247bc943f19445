import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventOf } from '../../contract.ts';
import { evenHashKeyRanges } from '../../hash-key.ts';
import type { StreamDescription } from '../../log.ts';
import { type Channels, createChannels } from './channels.ts';
import { createProducer } from './producer.ts';
import type { Produce, Wire } from './wire.ts';

const STREAM: StreamDescription = {
  stream: 's',
  incarnation: 'aaaaaaaaaaaa',
  createdUs: 0,
  shards: evenHashKeyRanges(1).map((hashKeyRange) => ({
    shardId: 'shardId-000000000000',
    hashKeyRange,
    parents: [],
    closed: false,
  })),
};
/** A broker that hangs for longer than an append may take. */
const slow = (type: string) => Object.assign(fault(type), { afterMs: 500 });
const fault = (type: string) => Object.assign(new Error(type), { type });

/** A broker that answers each produce as told, then takes everything; it numbers its writers. */
function scripted(answers: (Error | 'ok')[]) {
  const taken: { producerId: string; firstSequence: number }[] = [];
  let writers = 0;
  let offset = 0;
  const wire = {
    initProducerId: async () => ({ producerId: String(++writers), producerEpoch: 0 }),
    async produce({ topicData, producerId }: Produce) {
      const answer = answers.shift() ?? 'ok';
      const [
        {
          partitions: [batch],
        } = { partitions: [] },
      ] = topicData;
      taken.push({ producerId, firstSequence: batch?.firstSequence ?? -1 });
      if (answer !== 'ok') {
        if ('afterMs' in answer) await sleep(Number(answer.afterMs));
        throw answer;
      }
      const baseOffset = String(offset);
      offset += batch?.messages.length ?? 0;
      return { topics: [{ topicName: 's', partitions: [{ partition: 0, baseOffset, logAppendTime: '5' }] }] };
    },
  } as unknown as Wire;
  const cluster = {
    addMultipleTargetTopics: async () => {},
    findLeaderForPartitions: () => ({ 0: [0] }),
    findBroker: async () => wire,
  };
  const connected = { client: cluster, isBroken: () => false, end: async () => {} };
  const channels: Channels = createChannels(
    { cluster: async () => connected, admin: async () => connected } as never,
    2000,
  );
  const producer = createProducer(channels, { brokers: [], patienceMs: 400 }, () => {});
  return {
    taken,
    append: (n: number, data = new Uint8Array(1), named: { key?: string; source?: string } = {}) =>
      producer.append(
        STREAM,
        's',
        null,
        Array.from({ length: n }, () => ({ ...eventOf(0), data, ...named })),
      ),
  };
}

test('a batch that was not answered is sent again with the same numbers', async () => {
  const { taken, append } = scripted(['ok', fault('REQUEST_TIMED_OUT'), 'ok']);
  await append(3);
  expect((await append(2)).map(({ position, arrivalUs }) => [position, arrivalUs])).toEqual([
    ['3', 5000],
    ['4', 5000],
  ]);
  await append(1);
  expect(taken).toEqual([0, 3, 3, 5].map((firstSequence) => ({ producerId: '1', firstSequence })));
});

test('a batch refused for its numbers alone goes under a new identity', async () => {
  const { taken, append } = scripted(['ok', fault('OUT_OF_ORDER_SEQUENCE_NUMBER'), fault('UNKNOWN_PRODUCER_ID')]);
  await append(2);
  await append(2);
  await append(1);
  expect(taken).toEqual([
    { producerId: '1', firstSequence: 0 },
    { producerId: '1', firstSequence: 2 },
    { producerId: '1', firstSequence: 2 },
    { producerId: '2', firstSequence: 0 },
    { producerId: '2', firstSequence: 2 },
  ]);
});

test('a batch that may have been written and is refused for its numbers then is failed, not written twice', async () => {
  const { taken, append } = scripted(['ok', fault('REQUEST_TIMED_OUT'), fault('OUT_OF_ORDER_SEQUENCE_NUMBER')]);
  await append(2);
  await expect(append(2)).rejects.toMatchObject({
    name: 'RetryableError',
    message: expect.stringContaining('may or may not'),
  });
  await append(1);
  expect(taken.at(-1)).toEqual({ producerId: '2', firstSequence: 0 });
});

test('an append that nobody takes ends at its deadline, and the next begins under a new identity', async () => {
  const { taken, append } = scripted(['ok', ...Array.from({ length: 12 }, () => fault('REQUEST_TIMED_OUT'))]);
  await append(1);
  await expect(append(1)).rejects.toMatchObject({ name: 'RetryableError' });
  const tried = taken.length;
  expect(new Set(taken.map(({ producerId }) => producerId))).toEqual(new Set(['1']));
  await append(1).catch(() => {});
  expect(taken.slice(tried).every(({ producerId }) => producerId === '2')).toBe(true);
});

test('appends that wait behind one that nobody takes end with it, and are not tried', async () => {
  const { taken, append } = scripted(['ok', ...Array.from({ length: 9 }, () => slow('REQUEST_TIMED_OUT'))]);
  await append(1);
  const large = Array.from({ length: 4 }, () =>
    append(1, new Uint8Array(1024 * 1024)).catch((error: unknown) => error),
  );
  const ended = await Promise.all(large);
  for (const error of ended) expect(error).toMatchObject({ name: 'RetryableError' });
  expect(String(ended.at(-1))).toContain('before its turn came');
  // One record a batch: all that was sent is the first one, again and again.
  expect(new Set(taken.slice(1).map(({ producerId, firstSequence }) => `${producerId} ${firstSequence}`)).size).toBe(1);
});

test('keys and sources count in the size of a batch: a topic with Kafka’s own limit of 1 MiB takes it', async () => {
  const { taken, append } = scripted([]);
  await append(5000, new Uint8Array(10), { key: 'k'.repeat(250), source: 's'.repeat(250) });
  expect(taken.length).toBeGreaterThan(2);
});

test('what can never be taken fails at once, and those behind it go on', async () => {
  const { append } = scripted([fault('MESSAGE_TOO_LARGE')]);
  await expect(append(1)).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringContaining('max.message.bytes'),
  });
  expect(await append(1)).toHaveLength(1);
});
