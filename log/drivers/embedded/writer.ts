import { ConfigError, ConflictError, messageOf, RetryableError } from '../../../core/index.ts';
import type { Appended, AppendRecord } from '../../log.ts';
import { BLOCK_RECORDS_MAX, encodeBlock } from './block.ts';
import type { Catalog, OpenShard } from './catalog.ts';
import type { Environment } from './environment.ts';
import { type Head, readHead, writeHead } from './head.ts';
import { blockKey } from './keys.ts';

/** Data of a block at most, unless one record is larger: what a reader must take at once. */
const BLOCK_BYTES_MAX = 1024 * 1024;
/** Data of a flush at most, unless one append is larger: bounds memory and the time the write lock is held. */
const FLUSH_BYTES_MAX = 16 * 1024 * 1024;

export interface Writer {
  /** Appends to one shard, or by key when `shardId` is null; resolves when all is on disk. */
  append(stream: string, shardId: string | null, records: readonly AppendRecord[]): Promise<Appended[]>;
  /** Runs `work` in the write transaction; it must not throw after it has written. Resolves when durable. */
  run<T>(work: () => T): Promise<T>;
  /** Finishes what is under way; refuses more. */
  close(): Promise<void>;
}

/** Something to do in the next write transaction. */
interface Task {
  readonly bytes: number;
  /** Inside the transaction; what it throws rejects this task alone. */
  apply(shards: Map<OpenShard, ShardFlush>): void;
  settle(): void;
  reject(error: unknown): void;
}

/** What one flush adds to one shard. */
interface ShardFlush {
  readonly head: Head;
  readonly arrivalUs: number;
  readonly records: AppendRecord[];
}

export interface WriterOptions {
  readonly environment: Environment;
  readonly catalog: Catalog;
  /** µs since 1970. */
  readonly clock: () => number;
  /** Called after each flush. */
  readonly onFlushed: () => void;
}

/**
 * Group commit: what arrives while a flush is under way waits, and then shares one write transaction and one flush.
 * Counters are given inside the transaction, which all processes take in turn.
 */
export function createWriter({ environment, catalog, clock, onFlushed }: WriterOptions): Writer {
  let waiting: Task[] = [];
  let running: Promise<void> | null = null;
  let closed = false;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      let taken: Task[] = [];
      const failed = new Map<Task, unknown>();
      try {
        await environment.write(() => {
          [taken, waiting] = takeUpTo(waiting, FLUSH_BYTES_MAX);
          const shards = new Map<OpenShard, ShardFlush>();
          for (const task of taken) {
            try {
              task.apply(shards);
            } catch (error) {
              failed.set(task, error);
            }
          }
          // All is encoded before the first byte is written: what has been written can no longer be taken back.
          const writes = [...shards].map(([shard, flushed]) => prepareShard(environment, shard, flushed));
          for (const write of writes) write();
        });
      } catch (error) {
        // When the transaction could not even begin, nobody has been taken yet, and nobody must wait for ever.
        if (taken.length === 0) [taken, waiting] = [waiting, []];
        const failure = failureOf(error);
        for (const task of taken) failed.set(task, failed.get(task) ?? failure);
      }
      for (const task of taken) {
        const error = failed.get(task);
        if (error === undefined) task.settle();
        else task.reject(error);
      }
      onFlushed();
    }
    running = null;
  };
  const enqueue = (task: Task): void => {
    if (closed) {
      task.reject(new ConfigError('[log/embedded] the log is closed; open it again'));
      return;
    }
    waiting.push(task);
    running ??= flush();
  };
  return {
    append(stream, shardId, records) {
      const { promise, resolve, reject } = withResolvers<Appended[]>();
      const answers: Appended[] = [];
      enqueue({
        bytes: records.reduce((sum, record) => sum + record.data.byteLength, 0),
        apply(shards) {
          const target = catalog.stream(stream);
          const fixed = shardId === null ? null : catalog.shard(stream, shardId);
          for (const record of records) {
            const shard = fixed ?? (target.shards[target.placement(record.key)] as OpenShard);
            answers.push(addTo(shards, shard, record));
          }
        },
        settle: () => resolve(answers),
        reject,
      });
      return promise;
    },
    run<T>(work: () => T) {
      const { promise, resolve, reject } = withResolvers<T>();
      let result: T;
      enqueue({
        bytes: 0,
        apply: () => {
          result = work();
        },
        settle: () => resolve(result),
        reject,
      });
      return promise;
    },
    async close() {
      closed = true;
      await running;
    },
  };

  function addTo(shards: Map<OpenShard, ShardFlush>, shard: OpenShard, record: AppendRecord): Appended {
    let flushed = shards.get(shard);
    if (flushed === undefined) {
      const head = readHead(environment, shard.stream.id, shard.index);
      flushed = { head, arrivalUs: Math.max(Math.floor(clock()), head.lastArrivalUs), records: [] };
      shards.set(shard, flushed);
    }
    const counter = flushed.head.next + flushed.records.push(record) - 1;
    return { shardId: shard.shardId, position: shard.sequence.position(counter), arrivalUs: flushed.arrivalUs };
  }
}

/** As many of the first tasks as fit into `bytesMax`, at least one; and the others. */
function takeUpTo(tasks: Task[], bytesMax: number): [taken: Task[], left: Task[]] {
  let bytes = 0;
  const end = tasks.findIndex((task, i) => {
    bytes += task.bytes;
    return i > 0 && bytes > bytesMax;
  });
  return end === -1 ? [tasks, []] : [tasks.slice(0, end), tasks.slice(end)];
}

/** Encodes what a flush adds to a shard; gives the function that writes it. */
function prepareShard(environment: Environment, shard: OpenShard, flushed: ShardFlush): () => void {
  const { head, arrivalUs, records } = flushed;
  const { id } = shard.stream;
  const blocks: { readonly key: Buffer; readonly value: Buffer }[] = [];
  let from = 0;
  while (from < records.length) {
    const to = blockEnd(records, from);
    const first = head.next + from;
    const part = from === 0 && to === records.length ? records : records.slice(from, to);
    blocks.push({ key: blockKey(id, shard.index, first), value: encodeBlock(part, first, arrivalUs) });
    from = to;
  }
  const next = head.next + records.length;
  return () => {
    for (const { key, value } of blocks) environment.put(key, value);
    writeHead(environment, id, shard.index, { next, earliest: head.earliest, lastArrivalUs: arrivalUs });
  };
}

/** Where the block that begins at `from` ends. */
function blockEnd(records: readonly AppendRecord[], from: number): number {
  let bytes = 0;
  let to = from;
  while (to < records.length && to - from < BLOCK_RECORDS_MAX) {
    bytes += records[to]?.data.byteLength ?? 0;
    if (to > from && bytes > BLOCK_BYTES_MAX) break;
    to++;
  }
  return to;
}

function failureOf(error: unknown): Error {
  if (error instanceof ConfigError || error instanceof ConflictError) return error;
  return new RetryableError(
    `[log/embedded] writing failed: ${messageOf(error)}; free disk space or check the disk, then try again`,
    { cause: error },
  );
}

interface Resolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<T>(): Resolvers<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
