import { setTimeout } from 'node:timers/promises';
import type {
  SubscribeToShardEventStream,
  SubscribeToShardInput,
  SubscribeToShardOutput,
} from '@aws-sdk/client-kinesis';
import { ConfigError } from '../../../core/index.ts';
import type { Position, Start } from '../../log.ts';
import { positionBefore } from '../../sequence.ts';
import type { Call, Operation } from '../operation.ts';
import { consumerStatus } from './consumer.ts';
import { demandConsumer } from './consumers.ts';
import { type Context, nowMs } from './context.ts';
import { dryRun, inUse, noSuchShard } from './faults.ts';
import { bytesOf, childShards, toApiRecord } from './get-records.ts';
import { findShard } from './get-shard-iterator.ts';
import { readStart } from './start.ts';
import type { Stream } from './stream.ts';
import { createSubscriptions, type Subscription } from './subscriptions.ts';
import { READ_BYTES_PER_SECOND } from './throughput.ts';

/** The API Reference, SubscribeToShard: five minutes. */
const LIFE_MS = 300_000;
/** How long nothing may come before an event says so, ms: clients take a longer silence for a lost connection. */
const SILENCE_MAX_MS = 5000;
/** Of an event: what a consumer gets of a shard each second. */
const EVENT_BYTES_MAX = 2 * 1024 * 1024;
const EVENT_RECORDS_MAX = 10_000;

export function createSubscribeToShard(context: Context): Operation<SubscribeToShardInput, SubscribeToShardOutput> {
  const subscriptions = createSubscriptions(context);
  return async (input, call) => {
    const { ConsumerARN = '', ShardId = '', StartingPosition } = input;
    const { stream: named, consumer } = demandActiveConsumer(context, call, ConsumerARN, input.StreamId);
    const { stream, shard } = findShard(context, call, named.name, ShardId);
    const start = readStart(context, call, stream, shard, {
      type: StartingPosition?.Type ?? '',
      sequenceNumber: StartingPosition?.SequenceNumber,
      timestamp: StartingPosition?.Timestamp,
      operation: 'SubscribeToShard',
    });
    dryRun(input.DryRun);
    const { shardId } = shard;
    const who = `${call.accountId}:${stream.name}:${shardId}:${consumer.name}`;
    const subscription = subscriptions.begin(`${ConsumerARN}/${shardId}`, who);
    // Taken before anything is given: what is appended from now on lies behind it.
    const tip = (await context.log.read(stream.name, shardId, { type: 'LATEST' }, { recordsMax: 1 })).next;
    const from = start.type === 'LATEST' ? tip : start;
    return { EventStream: events(context, call, stream, { ConsumerARN, shardId, from, tip, subscription }) };
  };
}

/** ResourceNotFoundException for a consumer that is not there, ResourceInUseException for one that is not ACTIVE. */
function demandActiveConsumer(context: Context, call: Call, ConsumerARN: string, StreamId?: string) {
  const found = demandConsumer(context, call, { ConsumerARN, StreamId }, context.log);
  const { stream, consumer } = found;
  if (consumerStatus(context, consumer) === 'ACTIVE') return found;
  throw inUse(
    `Consumer ${consumer.name} with creation timestamp ${Math.floor(consumer.createdMs / 1000)} under stream: ` +
      `${stream.name}, account ${call.accountId} is not in ACTIVE status.`,
  );
}

interface Feed {
  readonly ConsumerARN: string;
  readonly shardId: string;
  readonly from: Start;
  /** Where the shard's end was when the subscription began, as a position. */
  readonly tip: Start;
  readonly subscription: Subscription;
}

async function* events(
  context: Context,
  call: Call,
  stream: Stream,
  { ConsumerARN, shardId, from, tip, subscription }: Feed,
): AsyncGenerator<SubscribeToShardEventStream> {
  const signal = AbortSignal.any([call.signal, subscription.signal]);
  const endMs = nowMs(context) + LIFE_MS;
  let at = from;
  try {
    while (!signal.aborted && nowMs(context) < endMs) {
      // Who has been deregistered meanwhile gets nothing more.
      demandActiveConsumer(context, call, ConsumerARN);
      const result = await readOn(context, call, stream, shardId, at);
      // A time that no record has reached says nothing to go on from; the tip lies behind it by now.
      at = result.next.type === 'AT_TIMESTAMP' ? tip : result.next;
      const continuation = result.ended ? undefined : continuationOf(at);
      yield {
        SubscribeToShardEvent: {
          Records: result.records.map(toApiRecord),
          ContinuationSequenceNumber: continuation,
          MillisBehindLatest: result.millisBehindLatest,
          ...(result.ended ? { ChildShards: childShards(context, stream.name, shardId) } : {}),
        },
      };
      if (result.ended) return;
      if (context.throughput !== null) await pay(bytesOf(result.records), signal);
      if (result.millisBehindLatest > 0) continue;
      const waitMs = Math.min(SILENCE_MAX_MS, Math.max(0, endMs - nowMs(context)));
      await context.log.watch(stream.name, shardId, at, waitMs, signal);
    }
  } finally {
    subscription.end();
  }
}

/** Waits until a consumer may have more after so many bytes. */
async function pay(bytes: number, signal: AbortSignal): Promise<void> {
  const waitMs = (bytes / READ_BYTES_PER_SECOND) * 1000;
  await setTimeout(waitMs, undefined, { signal }).catch(() => undefined);
}

async function readOn(context: Context, call: Call, stream: Stream, shardId: string, at: Start) {
  try {
    const limits = { recordsMax: EVENT_RECORDS_MAX, bytesMax: EVENT_BYTES_MAX };
    return await context.log.read(stream.name, shardId, at, limits);
  } catch (error) {
    throw error instanceof ConfigError ? noSuchShard(shardId, stream.name, call.accountId) : error;
  }
}

/** Whoever begins after it misses nothing and gets nothing twice. */
function continuationOf(next: Start): Position {
  if (next.type === 'AFTER_SEQUENCE_NUMBER') return next.position;
  if (next.type === 'AT_SEQUENCE_NUMBER') return positionBefore(next.position);
  throw new Error(`[log/endpoint] ${next.type} is no place to go on from; report this`);
}
