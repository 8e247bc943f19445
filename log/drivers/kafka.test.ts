import { randomBytes, randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeLog, eventOf, eventsOf, readCount } from '../contract.ts';
import type { Log, Start } from '../log.ts';
import { openKafkaLog } from './kafka.ts';

const BROKERS = process.env.KAFKA_BROKERS?.split(',');

if (BROKERS === undefined) {
  describe('the log on Kafka', () => {
    test.skip('needs a broker: set KAFKA_BROKERS=host:port,…', () => {});
  });
} else {
  const topicPrefix = `test-${randomUUID().slice(0, 8)}.`;
  const options = { brokers: BROKERS, topicPrefix };

  describeLog('Kafka', async () => ({
    open: () => openKafkaLog(options),
    async destroy() {
      const log = await openKafkaLog(options);
      await removeAll(log);
      await log.close();
    },
  }));
  describeOnKafka(options);
}

const HORIZON: Start = { type: 'TRIM_HORIZON' };
const SHARD = 'shardId-000000000000';

/** What only Kafka has: topics of others, transactions, codecs, partitions that are added. */
function describeOnKafka(options: { readonly brokers: string[]; readonly topicPrefix: string }): void {
  describe('topics on Kafka', () => {
    const kafka = new kafkajs.Kafka({ brokers: options.brokers, logLevel: kafkajs.logLevel.NOTHING });
    const admin = kafka.admin();
    let log: Log;
    beforeAll(async () => {
      await admin.connect();
      log = await openKafkaLog(options);
    });
    afterAll(async () => {
      await removeAll(log);
      await log.close();
      await admin.disconnect();
    });
    const topicOf = (stream: string) => `${options.topicPrefix}${stream}`;

    test('a topic whose partitions were added to is refused', async () => {
      await log.createStream('grown', { shards: 2 });
      await admin.createPartitions({ topicPartitions: [{ topic: topicOf('grown'), count: 3 }] });
      const other = await openKafkaLog(options);
      const refused = {
        name: 'ConfigError',
        message: expect.stringContaining('has 3 partitions but was created with 2'),
      };
      await expect(other.describeStream('grown')).rejects.toMatchObject(refused);
      await expect(other.append('grown', [eventOf(1)])).rejects.toMatchObject(refused);
      await other.close();
    });

    test('a topic of others is read with the writers’ times, which never decrease from wherever one reads', async () => {
      await admin.createTopics({ topics: [{ topic: topicOf('foreign'), numPartitions: 1 }], waitForLeaders: false });
      const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
      await producer.connect();
      const stamps = [1_700_000_000_000, 1_700_000_009_000, 1_700_000_001_000, 1_700_000_002_000, 1_700_000_010_000];
      for (const stamp of stamps) {
        await producer.send({ topic: topicOf('foreign'), messages: [{ value: `${stamp}`, timestamp: `${stamp}` }] });
      }
      await producer.disconnect();
      const latest = [0, 9, 9, 9, 10].map((s) => (1_700_000_000_000 + s * 1000) * 1000);
      for (let i = 0; i < stamps.length; i++) {
        const start: Start = { type: 'AT_SEQUENCE_NUMBER', position: String(i) };
        const records = await readCount(log, 'foreign', SHARD, start, stamps.length - i);
        expect(records.map(({ arrivalUs }) => arrivalUs)).toEqual(latest.slice(i));
        expect(records[0]).toMatchObject({ app: 'unknown', source: '', key: '' });
      }
    });

    test('records of transactions count when they are committed; the holes that they leave are no records', async () => {
      await log.createStream('transactions', { shards: 1 });
      const topic = topicOf('transactions');
      const producer = kafka.producer({
        transactionalId: topic,
        maxInFlightRequests: 1,
        createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      });
      await producer.connect();
      for (const [value, commits] of [
        ['a', false],
        ['b', true],
        ['c', false],
      ] as const) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value }] });
        await (commits ? transaction.commit() : transaction.abort());
      }
      await producer.disconnect();
      const [only] = await readCount(log, 'transactions', SHARD, HORIZON, 1);
      expect(Buffer.from(only?.data ?? []).toString()).toBe('b');
      const { position } = only ?? {};
      expect(await log.bounds('transactions', SHARD)).toEqual({ earliest: position, latest: position });
      const other = await openKafkaLog(options);
      expect(await other.bounds('transactions', SHARD)).toEqual({ earliest: position, latest: position });
      await other.close();
      const [mine] = await log.append('transactions', [eventOf(1)]);
      expect(await readCount(log, 'transactions', SHARD, HORIZON, 2)).toHaveLength(2);
      expect((await log.bounds('transactions', SHARD)).latest).toBe(mine?.position);
    });

    test('a hole of an aborted transaction, larger than a fetch, is read over: no records means no records', async () => {
      await log.createStream('hole', { shards: 1 });
      const topic = topicOf('hole');
      const producer = kafka.producer({
        transactionalId: topic,
        maxInFlightRequests: 1,
        createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      });
      await producer.connect();
      const transaction = await producer.transaction();
      for (let i = 0; i < 4; i++) await transaction.send({ topic, messages: [{ value: randomBytes(300 * 1024) }] });
      await transaction.abort();
      await producer.disconnect();
      await log.append('hole', [eventOf(1)]);
      expect((await log.read('hole', SHARD, HORIZON)).records).toHaveLength(1);
    });

    test('many watchers at a time are no leak that Node would warn of', async () => {
      await log.createStream('crowd', { shards: 1 });
      const warnings: Error[] = [];
      const note = (warning: Error) => warnings.push(warning);
      process.on('warning', note);
      await Promise.all(Array.from({ length: 20 }, () => log.watch('crowd', SHARD, HORIZON, 1)));
      await new Promise((resolve) => setImmediate(resolve));
      process.off('warning', note);
      expect(warnings).toEqual([]);
    });

    test.each(['gzip', 'none', 'zstd'] as const)('what is written with %s is read by all', async (compression) => {
      const writer = await openKafkaLog({ ...options, compression });
      await writer.createStream(`codec-${compression}`, { shards: 1 });
      await writer.append(`codec-${compression}`, eventsOf(50));
      const records = await readCount(log, `codec-${compression}`, SHARD, HORIZON, 50);
      expect(records.map(({ source }) => source)).toEqual(eventsOf(50).map(({ source }) => source));
      await writer.close();
    });

    test('the largest record goes through, and many large appends at a time in bounded memory', async () => {
      await log.createStream('large', { shards: 1 });
      const record = { ...eventOf(0), data: new Uint8Array(10 * 1024 * 1024).fill(65) };
      await Promise.all(Array.from({ length: 8 }, () => log.append('large', [record])));
      expect((await readCount(log, 'large', SHARD, HORIZON, 8)).map(({ data }) => data.length)).toEqual(
        new Array(8).fill(record.data.length),
      );
    });

    test('a position behind the end is told: the topic is not what it was', async () => {
      await log.createStream('short', { shards: 1 });
      const start: Start = { type: 'AT_SEQUENCE_NUMBER', position: '1000' };
      await expect(log.read('short', SHARD, start)).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringContaining('lost records or is another than it was'),
      });
    });

    test('a watcher is let go when the log closes', async () => {
      await log.createStream('watched', { shards: 1 });
      const other = await openKafkaLog(options);
      const woken = other.watch('watched', SHARD, HORIZON, 2 ** 40);
      await other.close();
      await woken;
    });

    test('tells how old the oldest unread record is', async () => {
      await log.createStream('late', { shards: 1 });
      await log.append('late', eventsOf(2));
      const first = await log.read('late', SHARD, HORIZON, { recordsMax: 1 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await log.read('late', SHARD, HORIZON, { recordsMax: 1 })).millisBehindLatest).toBeGreaterThan(10);
      expect((await log.read('late', SHARD, first.next)).millisBehindLatest).toBe(0);
    });
  });
}

async function removeAll(log: Log): Promise<void> {
  for (const stream of await log.listStreams()) await log.deleteStream(stream);
}
