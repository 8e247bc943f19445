import { setMaxListeners } from 'node:events';
import { checkRecords } from '../limits.ts';
import type { Appended, AppendRecord, Log } from '../log.ts';
import { closedError, createChannels } from './kafka/channels.ts';
import { createClient } from './kafka/client.ts';
import { loadZstd } from './kafka/codecs.ts';
import { createOffsets } from './kafka/offsets.ts';
import { checkOptions, type KafkaLogOptions, PATIENCE_MS } from './kafka/options.ts';
import { createProducer } from './kafka/producer.ts';
import { createReader, offsetOf } from './kafka/reader.ts';
import { createTopics } from './kafka/topics.ts';

export type { KafkaLogOptions, KafkaSasl, KafkaTls } from './kafka/options.ts';

/** Nobody waits minutes to hear of a wrong address. */
const CONNECT_MS = 10_000;

/**
 * Opens a log on Kafka: a stream is a topic, shard i of n its partition i with the i-th of n even ranges of hash
 * keys, a position an offset. ConfigError or AuthError when the options cannot be right, RetryableError when no broker
 * answers within ten seconds.
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<Log> {
  checkOptions(options);
  await loadZstd();
  const clock = () => Date.now() * 1000;
  const channels = createChannels(createClient(options), options.patienceMs ?? PATIENCE_MS);
  const topics = createTopics(channels, options, clock);
  const offsets = createOffsets(channels);
  const closing = new AbortController();
  // As many watch as there are shards.
  setMaxListeners(0, closing.signal);
  const reader = createReader(offsets, clock, closing.signal);
  const producer = createProducer(channels, options, (target, partition, offset) =>
    offsets.saw({ ...target, partition }, offset),
  );
  const appending = new Set<Promise<unknown>>();
  let closed: Promise<void> | null = null;

  const open = (): void => {
    if (closed !== null) throw closedError();
  };
  const append = async (stream: string, shardId: string | null, records: readonly AppendRecord[]) => {
    open();
    checkRecords(records, 'kafka');
    const work = (async (): Promise<readonly Appended[]> => {
      const description = await topics.believed(stream);
      const shard = shardId === null ? null : (await topics.shard(stream, shardId)).partition;
      if (records.length === 0) return [];
      return producer.append(description, topics.topicOf(stream), shard, records);
    })();
    const tracked: Promise<unknown> = work.catch(() => {}).finally(() => appending.delete(tracked));
    appending.add(tracked);
    return work;
  };
  await connect(options, channels);

  return {
    driver: 'kafka',
    async createStream(stream, { shards }) {
      open();
      return topics.create(stream, shards);
    },
    async describeStream(stream) {
      open();
      return topics.describe(stream);
    },
    async listStreams() {
      open();
      return topics.list();
    },
    async deleteStream(stream) {
      open();
      await topics.delete(stream);
      producer.forget(topics.topicOf(stream));
    },
    append: (stream, records) => append(stream, null, records),
    appendToShard: append,
    async read(stream, shardId, start, readOptions = {}) {
      open();
      return reader.read(await topics.shard(stream, shardId), start, readOptions);
    },
    async watch(stream, shardId, start, timeoutMs, signal) {
      open();
      await reader.watch(() => topics.shard(stream, shardId), start, timeoutMs, signal);
    },
    async bounds(stream, shardId) {
      open();
      return offsets.bounds(await topics.shard(stream, shardId));
    },
    async trim(stream, shardId, position) {
      open();
      const shard = await topics.shard(stream, shardId);
      await offsets.trim(shard, offsetOf(position));
      reader.forget(shard);
    },
    close() {
      closed ??= (async () => {
        closing.abort();
        await Promise.all(appending);
        await channels.close();
      })();
      return closed;
    },
  };
}

/** One attempt after another for a short while: who starts Beagle should hear soon what is wrong. */
async function connect({ brokers }: KafkaLogOptions, channels: ReturnType<typeof createChannels>): Promise<void> {
  const what = `cannot reach Kafka at ${brokers.join(', ')}`;
  const remedy = 'see that the brokers run, and that TLS and SASL are set as they want them';
  await channels.onAdmin({ what, remedy, deadlineMs: Date.now() + CONNECT_MS }, (admin) => admin.describeCluster());
}
