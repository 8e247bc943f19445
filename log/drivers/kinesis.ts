import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { ConfigError } from '../../core/index.ts';
import { checkRecords, checkShardCount, checkStreamName } from '../limits.ts';
import type { Log } from '../log.ts';
import { createClient, isLocal, type KinesisConnection } from './kinesis/client.ts';
import { createBackOff } from './kinesis/failure.ts';
import { createFlights } from './kinesis/flights.ts';
import { createPace } from './kinesis/pace.ts';
import { parsePosition } from './kinesis/position.ts';
import { createReaders } from './kinesis/readers.ts';
import { createStreams } from './kinesis/streams.ts';
import { createTips } from './kinesis/tips.ts';
import { closedShard, createWriter } from './kinesis/writer.ts';
import { createWriters } from './kinesis/writers.ts';

/** Plain values but for the last three, which tests use. */
export interface KinesisLogOptions extends KinesisConnection {
  /** Name of the consumer to register for enhanced fan-out; absent: GetRecords is polled. Needs HTTP/2. */
  readonly fanOut?: string;
  /** The app of records that others put without Beagle's envelope; `kinesis` by default. */
  readonly foreignApp?: string;
  /** Reads a second and shard; null: as fast as they go. Default: 5, AWS's limit; null at a loopback endpoint. */
  readonly readsPerSecond?: number | null;
  /** How often a watch looks, ms. Default: 250; 25 at a loopback endpoint. */
  readonly pollMs?: number;
  /** How long a refused record is put again before its append fails, ms; default 120,000. */
  readonly repeatForMs?: number;
  readonly client?: KinesisClient;
  /** µs since 1970; the system's clock by default. */
  readonly clock?: () => number;
  readonly random?: () => number;
}

const READS_PER_SECOND = 5;
const POLL_MS = 250;
const POLL_LOCAL_MS = 25;
const REPEAT_FOR_MS = 120_000;
const NO_TRIM = '[log/kinesis] Kinesis forgets by age alone; set its retention with DecreaseStreamRetentionPeriod';
const systemClock = (): number => Date.now() * 1000;

/**
 * Opens the log on Amazon Kinesis Data Streams, or on what speaks its protocol. Order is kept per key, not between
 * keys. Nothing is contacted before the first call. `trim` cannot be done: Kinesis forgets by age alone.
 */
export async function openKinesisLog(options: KinesisLogOptions): Promise<Log> {
  const { clock = systemClock, foreignApp = 'kinesis', repeatForMs = REPEAT_FOR_MS } = options;
  const local = isLocal(options.endpoint);
  const { readsPerSecond = local ? null : READS_PER_SECOND, pollMs = local ? POLL_LOCAL_MS : POLL_MS } = options;
  const client = options.client ?? createClient(options);
  const nowMs = () => clock() / 1000;
  const flights = createFlights();
  const forget = (stream: string) => {
    readers.forget(stream);
    tips.forget(stream);
  };
  const streams = createStreams(client, forget);
  const deps = { client, pace: createPace(readsPerSecond), backOff: createBackOff(options.random) };
  const tips = createTips(deps, foreignApp, nowMs);
  const fanOut = options.fanOut ?? null;
  const readers = createReaders({ ...deps, streams, tips, foreignApp, pollMs, fanOut, nowMs });
  const writers = createWriters(streams, (stream) => createWriter({ client, stream, clock, repeatForMs }));
  const placeOf = async (stream: string, shardId: string) => ({
    stream,
    shard: (await streams.shard(stream, shardId)).shard,
  });
  return {
    driver: 'kinesis',
    async createStream(stream, { shards }) {
      flights.check();
      checkStreamName(stream, 'kinesis');
      checkShardCount(shards, 'kinesis');
      return streams.create(stream, shards);
    },
    async describeStream(stream) {
      flights.check();
      checkStreamName(stream, 'kinesis');
      return (await streams.describe(stream)).description;
    },
    async listStreams() {
      flights.check();
      return streams.list();
    },
    async deleteStream(stream) {
      flights.check();
      await streams.delete(stream);
    },
    async append(stream, records) {
      checkRecords(records, 'kinesis');
      if (records.length === 0) return [];
      return flights.run(async () => (await writers.of(stream)).append(records, null));
    },
    async appendToShard(stream, shardId, records) {
      checkRecords(records, 'kinesis');
      return flights.run(async () => {
        const { shard } = await streams.shard(stream, shardId);
        if (shard.closed) throw closedShard(stream, shardId);
        if (records.length === 0) return [];
        const target = { shardId, explicitHashKey: shard.hashKeyRange.start };
        return (await writers.of(stream)).append(records, target);
      });
    },
    async read(stream, shardId, start, readOptions = {}) {
      flights.check();
      if ('position' in start) parsePosition(start.position);
      return readers.read(stream, shardId, start, readOptions);
    },
    async watch(stream, shardId, start, timeoutMs, signal) {
      flights.check();
      await readers.watch(stream, shardId, start, timeoutMs, signal);
    },
    async bounds(stream, shardId) {
      flights.check();
      const place = await placeOf(stream, shardId);
      const first = await tips.first(place);
      const last = first === null ? null : await tips.last(place);
      return { earliest: first?.position ?? null, latest: last?.position ?? null };
    },
    trim: () => Promise.reject(new ConfigError(NO_TRIM)),
    async close() {
      await flights.end();
      readers.close();
      client.destroy();
    },
  };
}
