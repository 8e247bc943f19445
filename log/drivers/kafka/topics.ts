import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import { ConfigError, ConflictError, RetryableError } from '../../../core/index.ts';
import { evenHashKeyRanges } from '../../hash-key.ts';
import { checkShardCount, checkStreamName } from '../../limits.ts';
import { RECORD_BYTES_MAX, type Shard, type StreamDescription } from '../../log.ts';
import type { Channels } from './channels.ts';
import { faultOf } from './faults.ts';
import { IDENTITY_SETTINGS, identityOf, newIdentity, type Setting } from './identity.ts';
import { type KafkaLogOptions, PATIENCE_MS } from './options.ts';

const LOOK_EVERY_MS = 20;
const LOOKS_MAX = 100;
/** How long a description is believed by appends and reads, ms. */
const BELIEVED_MS = 10_000;
/** A batch around one record of the largest size. */
const BATCH_BYTES_MAX = RECORD_BYTES_MAX + 64 * 1024;
const REPLICAS_DEFAULT = 3;
const MISSING = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION']);

/** A shard as requests need it. */
export interface TopicShard {
  readonly stream: string;
  readonly topic: string;
  readonly shardId: string;
  readonly partition: number;
  readonly incarnation: string;
}

export interface Topics {
  create(stream: string, shards: number): Promise<StreamDescription>;
  describe(stream: string): Promise<StreamDescription>;
  /** As `describe`, ten seconds old at most. */
  believed(stream: string): Promise<StreamDescription>;
  shard(stream: string, shardId: string): Promise<TopicShard>;
  list(): Promise<string[]>;
  delete(stream: string): Promise<void>;
  topicOf(stream: string): string;
}

const shardIdOf = (partition: number): string => `shardId-${String(partition).padStart(12, '0')}`;

/** Streams as topics, partition i of n with the i-th of n even ranges of hash keys. `clock` gives µs since 1970. */
export function createTopics(channels: Channels, options: KafkaLogOptions, clock: () => number): Topics {
  const { topicPrefix = '', patienceMs = PATIENCE_MS } = options;
  const topicOf = (stream: string) => `${topicPrefix}${stream}`;
  const cache = new Map<string, { readonly atMs: number; readonly description: Promise<StreamDescription> }>();

  const lookUp = (stream: string) => lookUpTopic(channels, stream, topicOf(stream));
  const describe = async (stream: string): Promise<StreamDescription> => {
    checkStreamName(stream, 'kafka');
    const description = await lookUp(stream);
    if (description !== null) return description;
    cache.delete(stream);
    throw new ConfigError(`[log/kafka] there is no stream ${stream} (topic ${topicOf(stream)}); create it first`);
  };
  const believed = (stream: string): Promise<StreamDescription> => {
    const known = cache.get(stream);
    if (known !== undefined && Date.now() - known.atMs < BELIEVED_MS) return known.description;
    const description = describe(stream).then(async (fresh) => {
      const before = await known?.description.catch(() => undefined);
      if (before !== undefined && before.incarnation !== fresh.incarnation) channels.drop(topicOf(stream));
      return fresh;
    });
    cache.set(stream, { atMs: Date.now(), description });
    description.catch(() => cache.delete(stream));
    return description;
  };
  return {
    topicOf,
    describe,
    believed,
    async create(stream, shards) {
      checkStreamName(stream, 'kafka');
      checkShardCount(shards, 'kafka');
      const topic = topicOf(stream);
      // Who may use a topic that others made need not have the right to create any.
      let description = await lookUp(stream);
      if (description === null) {
        await makeTopic(channels, topic, shards, options, clock());
        description = await lookUp(stream);
      }
      // Another broker may hear of it later than the one that was asked.
      for (let look = 0; description === null && look < LOOKS_MAX; look++) {
        await sleep(LOOK_EVERY_MS);
        description = await lookUp(stream);
      }
      description ??= await describe(stream);
      if (description.shards.length === shards) return description;
      throw new ConflictError(
        `[log/kafka] stream ${stream} has ${description.shards.length} shards, not ${shards}; ask for as many or choose another name`,
      );
    },
    async shard(stream, shardId) {
      const { shards, incarnation } = await believed(stream);
      const partition = shards.findIndex((shard) => shard.shardId === shardId);
      if (partition >= 0) return { stream, topic: topicOf(stream), shardId, partition, incarnation };
      throw new ConfigError(`[log/kafka] stream ${stream} has no shard ${shardId}; describe it to see its shards`);
    },
    async list() {
      const topics = await channels.onAdmin({ what: 'cannot list topics' }, (admin) => admin.listTopics());
      return topics
        .filter((topic) => topic.startsWith(topicPrefix) && !topic.startsWith('__'))
        .map((topic) => topic.slice(topicPrefix.length))
        .sort();
    },
    async delete(stream) {
      checkStreamName(stream, 'kafka');
      const topic = topicOf(stream);
      // Also one whose partitions are not what they were.
      const exists = () =>
        channels.onAdmin(
          { what: `cannot describe topic ${topic}` },
          async (admin) => (await describeTopic(admin, topic)) !== null,
        );
      if (!(await exists())) await describe(stream);
      cache.delete(stream);
      channels.drop(topic);
      await channels.onAdmin({ what: `cannot delete topic ${topic}` }, async (admin) => {
        await admin.deleteTopics({ topics: [topic] }).catch((error: unknown) => {
          if (!MISSING.has(faultOf(error))) throw error;
        });
      });
      const endMs = Date.now() + patienceMs;
      while (await exists()) {
        if (Date.now() > endMs) throw new RetryableError(`[log/kafka] topic ${topic} is still there; delete it again`);
        await sleep(LOOK_EVERY_MS);
      }
      cache.delete(stream);
    },
  };
}

/** Null when there is no such topic. ConfigError when its partitions are others than it was created with. */
async function lookUpTopic(channels: Channels, stream: string, topic: string): Promise<StreamDescription | null> {
  return channels.onAdmin({ what: `cannot describe topic ${topic}` }, async (admin) => {
    const found = await describeTopic(admin, topic);
    if (found === null) return null;
    const { incarnation, createdUs, partitions } = identityOf(topic, found.settings);
    if (partitions === null || partitions === found.partitions)
      return { stream, incarnation, createdUs, shards: shardsOf(found.partitions) };
    throw new ConfigError(
      `[log/kafka] topic ${topic} has ${found.partitions} partitions but was created with ${partitions}: keys would change shards; copy it to a new stream with the number of shards wanted`,
    );
  });
}

/** Creates the topic unless somebody was quicker, and waits until it can be used. */
async function makeTopic(
  channels: Channels,
  topic: string,
  shards: number,
  options: KafkaLogOptions,
  nowUs: number,
): Promise<void> {
  const isNew = await channels.onAdmin({ what: `cannot create topic ${topic}` }, (admin) =>
    createTopic(admin, topic, shards, options, nowUs),
  );
  if (isNew) await untilLed(channels, topic, shards, options.patienceMs ?? PATIENCE_MS);
}

/** Until every partition has a leader: creation is answered before. */
async function untilLed(channels: Channels, topic: string, shards: number, patienceMs: number): Promise<void> {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    const partitions = await channels.partitions(topic).catch((error: unknown) => {
      if (error instanceof ConfigError) throw error;
      return [];
    });
    if (partitions.length === shards && partitions.every(({ leader }) => leader >= 0)) return;
    if (Date.now() > endMs)
      throw new RetryableError(`[log/kafka] topic ${topic} has partitions without a leader; see that the brokers run`);
    channels.drop(topic);
    await sleep(LOOK_EVERY_MS);
  }
}

/** False when the topic is there already. */
async function createTopic(
  admin: Admin,
  topic: string,
  numPartitions: number,
  { replicationFactor, retentionMs = -1 }: KafkaLogOptions,
  nowUs: number,
): Promise<boolean> {
  const brokers = (await admin.describeCluster()).brokers.length;
  return admin.createTopics({
    waitForLeaders: false,
    topics: [
      {
        topic,
        numPartitions,
        replicationFactor: replicationFactor ?? Math.min(REPLICAS_DEFAULT, brokers),
        configEntries: [
          { name: 'cleanup.policy', value: 'delete' },
          { name: 'retention.ms', value: String(retentionMs) },
          // The broker's clock stamps whole batches: arrival is what the log says, not what a client claims.
          { name: 'message.timestamp.type', value: 'LogAppendTime' },
          { name: 'max.message.bytes', value: String(BATCH_BYTES_MAX) },
          ...newIdentity(numPartitions, nowUs),
        ],
      },
    ],
  });
}

/** Null when there is none of that name. */
async function describeTopic(admin: Admin, topic: string): Promise<{ partitions: number; settings: Setting[] } | null> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const found = topics.find(({ name }) => name === topic);
    if (found === undefined) return null;
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [...IDENTITY_SETTINGS] }],
    });
    const entries = resources[0]?.configEntries ?? [];
    const settings = entries.map(({ configName, configValue }) => ({ name: configName, value: configValue }));
    return { partitions: found.partitions.length, settings };
  } catch (error) {
    if (MISSING.has(faultOf(error))) return null;
    throw error;
  }
}

function shardsOf(partitions: number): Shard[] {
  return evenHashKeyRanges(partitions).map((hashKeyRange, i) => ({
    shardId: shardIdOf(i),
    hashKeyRange,
    parents: [],
    closed: false,
  }));
}
