import { type KinesisClient, PutRecordsCommand, type PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { ConfigError, ConflictError, RetryableError } from '../../../core/index.ts';
import { hashKeyOf } from '../../hash-key.ts';
import type { Appended, AppendRecord } from '../../log.ts';
import { seal } from './envelope.ts';
import { type BackOff, createBackOff, isPassing, translate } from './failure.ts';
import { positionOf } from './position.ts';
import { createPutQueue, type Item, type PendingAppend, type PutQueue } from './put-queue.ts';
import type { KnownStream } from './streams.ts';

/** So many calls of a stream are in flight at once, all with different keys. */
const CALLS_MAX = 4;

export interface Writer {
  /** Puts the records, each to the shard of its key, or all to `target`. The stream's limits are checked first. */
  append(records: readonly AppendRecord[], target: Target | null): Promise<readonly Appended[]>;
  /** The limit of a record's data and key together, bytes, from now on. */
  allow(recordBytesMax: number): void;
}

/** One shard, by the first of its hash keys. */
export interface Target {
  readonly shardId: string;
  readonly explicitHashKey: string;
}

export interface WriterOptions {
  readonly client: KinesisClient;
  readonly stream: KnownStream;
  /** µs since 1970. */
  readonly clock: () => number;
  /** How long a record that is refused is put again before its append fails, ms. */
  readonly repeatForMs: number;
}

/**
 * Puts records in calls of PutRecords, those of concurrent appends together. What a call refuses is put again after a
 * growing pause, before any later record of its key. Arrival is the time of the call, to the millisecond: PutRecords
 * does not tell the record's own, which readers get and which is the same or a little later.
 */
export function createWriter({ client, stream, clock, repeatForMs }: WriterOptions): Writer {
  const name = stream.description.stream;
  let { recordBytesMax } = stream;
  const queue = createPutQueue();
  const backOff = createBackOff();
  const backOffs = new WeakMap<Item, BackOff>();
  const { refuse, fail, take } = createSettlement(queue, name, repeatForMs);
  let calls = 0;
  let isScheduled = false;
  let arrivalUs = 0;

  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    // What is appended in this turn goes into the same call.
    setImmediate(() => {
      isScheduled = false;
      pump();
    });
  };
  const pump = () => {
    while (calls < CALLS_MAX) {
      const items = queue.take();
      if (items.length === 0) break;
      calls++;
      void call(items).finally(() => {
        calls--;
        schedule();
      });
    }
  };

  const call = async (items: readonly Item[]): Promise<void> => {
    arrivalUs = Math.max(arrivalUs, Math.floor(clock() / 1000) * 1000);
    const atUs = arrivalUs;
    let results: readonly PutRecordsResultEntry[];
    try {
      const command = new PutRecordsCommand({ StreamName: name, Records: items.map((item) => item.entry) });
      results = (await client.send(command)).Records ?? [];
    } catch (error) {
      const failure = translate(error, `append to ${name}`);
      if (isPassing(error)) await backOff.failed();
      for (const item of items) {
        if (isPassing(error)) refuse(item, failure);
        else fail(item, failure);
      }
      return;
    }
    backOff.succeeded();
    items.forEach((item, i) => {
      const result = results[i] ?? { ErrorCode: 'InternalFailure', ErrorMessage: 'no answer for the record' };
      if (result.ErrorCode === undefined || result.ErrorCode === null) take(item, result, atUs);
      else void later(item, refusal(name, result));
    });
  };
  /** Each waits by itself, and no call for it: one shard that has too much does not hold up the keys of the others. */
  const later = async (item: Item, error: Error): Promise<void> => {
    const own = backOffs.get(item) ?? createBackOff();
    backOffs.set(item, own);
    await own.failed();
    refuse(item, error);
    schedule();
  };

  return {
    append(records, target) {
      return new Promise((resolve, reject) => {
        const append: PendingAppend = { answers: [], missing: records.length, dead: false, resolve, reject };
        const items = records.map((record, index) => itemOf(record, index, append, target));
        checkSizes(items, name, recordBytesMax);
        for (const item of items) queue.add(item);
        schedule();
      });
    },
    allow(bytesMax) {
      recordBytesMax = bytesMax;
    },
  };
}

/** What becomes of a record once Kinesis has answered for it. */
function createSettlement(queue: PutQueue, stream: string, repeatForMs: number) {
  const sinceMs = new WeakMap<Item, number>();
  const fail = (item: Item, error: unknown): void => {
    item.append.dead = true;
    item.append.reject(error);
    queue.done(item);
  };
  return {
    fail,
    /** Put again, unless it has been for too long. */
    refuse(item: Item, error: unknown): void {
      const nowMs = performance.now();
      const firstMs = sinceMs.get(item) ?? nowMs;
      sinceMs.set(item, firstMs);
      if (item.append.dead) queue.done(item);
      else if (nowMs - firstMs > repeatForMs) fail(item, error);
      else queue.back(item);
    },
    take(item: Item, { SequenceNumber = '', ShardId = '' }: PutRecordsResultEntry, arrivalUs: number): void {
      const { append, shardId } = item;
      if (shardId !== null && ShardId !== shardId) {
        fail(item, closedShard(stream, shardId));
        return;
      }
      append.answers[item.index] = { shardId: ShardId, position: positionOf(SequenceNumber, 0), arrivalUs };
      if (--append.missing === 0) append.resolve(append.answers);
      queue.done(item);
    },
  };
}

export function closedShard(stream: string, shardId: string): ConflictError {
  return new ConflictError(`[log/kinesis] shard ${shardId} of ${stream} was split or merged; append to its children`);
}

function checkSizes(items: readonly Item[], stream: string, recordBytesMax: number): void {
  const large = items.findIndex((item) => item.bytes > recordBytesMax);
  if (large < 0) return;
  throw new ConfigError(
    `[log/kinesis] record ${large} takes ${items[large]?.bytes} bytes with its key, ${stream} allows ${recordBytesMax}; nothing was appended, raise it with UpdateMaxRecordSize`,
  );
}

/** AWS counts UTF-16 units where the port counts characters. */
const PARTITION_KEY_UNITS_MAX = 256;

function itemOf(record: AppendRecord, index: number, append: PendingAppend, target: Target | null): Item {
  const fits = record.key.length <= PARTITION_KEY_UNITS_MAX;
  const Data = seal({ ...record, key: fits ? null : record.key });
  // A key that is none for Kinesis travels in the envelope; its record goes to the shard that it would go to.
  const hashKey = fits ? undefined : String(hashKeyOf(record.key));
  const PartitionKey = hashKey ?? record.key;
  const ExplicitHashKey = target?.explicitHashKey ?? hashKey;
  return {
    lane: target === null ? `key ${record.key}` : `shard ${target.shardId}`,
    entry: { Data, PartitionKey, ...(ExplicitHashKey === undefined ? {} : { ExplicitHashKey }) },
    bytes: Data.byteLength + Buffer.byteLength(PartitionKey),
    append,
    index,
    shardId: target?.shardId ?? null,
  };
}

function refusal(stream: string, { ErrorCode, ErrorMessage }: PutRecordsResultEntry): Error {
  return new RetryableError(`[log/kinesis] ${stream} refuses records: ${ErrorCode}: ${ErrorMessage}; try again later`);
}
