import {
  DescribeStreamConsumerCommand,
  type KinesisClient,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
  type SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import { ConfigError } from '../../../core/index.ts';
import { isPassing, nameOf, pause, repeated, translate } from './failure.ts';
import { type Page, type Place, type RawStart, type Source, type SourceDeps, toStartingPosition } from './source.ts';
import type { Streams } from './streams.ts';

/** How long a read waits for what is on its way. */
const WAIT_MS = 200;
/** Kinesis sends an event every five seconds or so, if need be an empty one: until the first, nobody knows what there is. */
const FIRST_WAIT_MS = 15_000;
const ACTIVE_WITHIN_MS = 120_000;
const LOOK_MS = 500;
const REPEAT_FOR_MS = 60_000;

/** Enhanced fan-out: shards that push, at 2 MiB/s for each consumer, instead of being polled. */
export interface FanOut {
  open(place: Place, start: RawStart): Source;
}

/** Registers the consumer at the first use; a consumer has one subscription a shard, so the newest source has it. */
export function createFanOut(deps: SourceDeps, streams: Streams, consumer: string): FanOut {
  const arns = new Map<string, Promise<string>>();
  const open = new Map<string, Source>();
  const arnOf = (stream: string): Promise<string> => {
    const known = arns.get(stream);
    if (known !== undefined) return known;
    const registering = streams
      .describe(stream)
      .then(({ arn }) => register(deps.client, arn, consumer))
      .catch((error: unknown) => {
        arns.delete(stream);
        throw error;
      });
    arns.set(stream, registering);
    return registering;
  };
  return {
    open(place, start) {
      const name = `${place.stream}/${place.shard.shardId}`;
      open.get(name)?.close();
      const source = createSubscription(deps, place, start, () => arnOf(place.stream));
      open.set(name, source);
      return source;
    },
  };
}

/** The consumer's ARN once it is active. ConfigError when it cannot be registered. */
async function register(client: KinesisClient, streamArn: string, name: string): Promise<string> {
  try {
    await client.send(new RegisterStreamConsumerCommand({ StreamARN: streamArn, ConsumerName: name }));
  } catch (error) {
    if (nameOf(error) !== 'ResourceInUseException') throw translate(error, `register consumer ${name}`);
  }
  const deadline = performance.now() + ACTIVE_WITHIN_MS;
  for (;;) {
    const { ConsumerDescription: found } = await client
      .send(new DescribeStreamConsumerCommand({ StreamARN: streamArn, ConsumerName: name }))
      .catch((error: unknown) => {
        throw translate(error, `describe consumer ${name}`);
      });
    if (found?.ConsumerStatus === 'ACTIVE' && found.ConsumerARN !== undefined) return found.ConsumerARN;
    if (performance.now() > deadline)
      throw new ConfigError(`[log/kinesis] consumer ${name} is not active; look at its state or choose another name`);
    await pause(LOOK_MS);
  }
}

type Events = AsyncIterator<SubscribeToShardEventStream>;

/**
 * A subscription, made anew behind the last continuation number when it ends: Kinesis ends each after five minutes.
 * Events are asked for one at a time, so that a slow reader holds back the sender.
 */
function createSubscription(deps: SourceDeps, place: Place, start: RawStart, arnOf: () => Promise<string>): Source {
  const what = `subscribe to ${place.stream}/${place.shard.shardId}`;
  let at = start;
  let events: Events | null = null;
  let coming: Promise<IteratorResult<SubscribeToShardEventStream>> | null = null;
  let behindMs = 0;
  /** No event of this subscription has come yet. */
  let isFresh = true;
  let isAtEnd = false;
  let abort = new AbortController();

  const subscribe = async (): Promise<Events> => {
    abort = new AbortController();
    const command = new SubscribeToShardCommand({
      ConsumerARN: await arnOf(),
      ShardId: place.shard.shardId,
      StartingPosition: toStartingPosition(at),
    });
    const { EventStream } = await deps.client.send(command, { abortSignal: abort.signal });
    if (EventStream === undefined) throw new ConfigError(`[log/kinesis] cannot ${what}: no events; check the endpoint`);
    return EventStream[Symbol.asyncIterator]();
  };
  const drop = () => {
    abort.abort();
    events = null;
    coming = null;
  };
  const pageOf = (event: SubscribeToShardEvent): Page => {
    isFresh = false;
    behindMs = event.MillisBehindLatest ?? 0;
    const continuation = event.ContinuationSequenceNumber;
    isAtEnd = continuation === undefined || continuation === null;
    if (!isAtEnd) at = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: String(continuation) };
    if (isAtEnd) drop();
    return { records: event.Records ?? [], behindMs, ended: isAtEnd };
  };
  const arrived = async () => {
    coming ??= events?.next() ?? null;
    coming?.catch(() => undefined);
    const waiting = new AbortController();
    const nothing = pause(isFresh ? FIRST_WAIT_MS : WAIT_MS, waiting.signal).then(() => null);
    return Promise.race([coming, nothing]).finally(() => waiting.abort());
  };
  const next = async (): Promise<Page> => {
    if (events === null) {
      events = await subscribe();
      isFresh = true;
    }
    const result = await arrived();
    if (result === null || result.done === true) {
      if (isFresh) throw Object.assign(new Error('a subscription without events'), { name: 'TimeoutError' });
      if (result === null) return { records: [], behindMs, ended: false };
      // Five minutes are over.
      drop();
      return next();
    }
    coming = null;
    const event = result.value.SubscribeToShardEvent;
    if (event !== undefined) return pageOf(event);
    const fault = Object.values(result.value).find((value) => value instanceof Error);
    if (fault !== undefined) throw fault;
    return { records: [], behindMs, ended: false };
  };

  return {
    next() {
      if (isAtEnd) return Promise.resolve({ records: [], behindMs: 0, ended: true });
      return repeated(what, REPEAT_FOR_MS, deps.backOff, async () => {
        try {
          return await next();
        } catch (error) {
          drop();
          throw isPassing(error) || nameOf(error) !== 'AbortError' ? error : translate(error, what);
        }
      });
    },
    close: drop,
  };
}
