import { ConfigError, ConflictError, messageOf, RetryableError } from '../../../core/index.ts';
import type { Appended, AppendRecord } from '../../log.ts';
import { BLOCK_RECORDS_MAX, encodeBlock } from './block.ts';
import type { Catalog, OpenShard, OpenStream } from './catalog.ts';
import { type Head, readHead } from './head.ts';
import type { Store } from './store.ts';

/** Data of a block at most, unless one record is larger: what a reader must take at once. */
const BLOCK_BYTES_MAX = 1024 * 1024;
/** Data of a flush at most, unless one append is larger: bounds memory and the time the lock is held. */
const FLUSH_BYTES_MAX = 16 * 1024 * 1024;

export interface Writer {
  /** Appends to one shard, or by key when `shardId` is null; resolves when all is on disk. */
  append(stream: string, shardId: string | null, records: readonly AppendRecord[]): Promise<Appended[]>;
  /**
   * Runs `work` in a flush of its own, behind all appends before it; it must not throw after it has written. Resolves
   * when durable.
   */
  run<T>(work: () => T): Promise<T>;
  /** Finishes what is under way; refuses more. */
  close(): Promise<void>;
}

/** Something to do in the next flush. */
interface Task {
  readonly kind: 'append' | 'run';
  readonly bytes: number;
  /** While the lock is held; what it throws rejects this task alone. */
  apply(flush: Flush): void;
  settle(): void;
  reject(error: unknown): void;
}

/** What a flush is to add, as far as it is known. */
interface Flush {
  readonly shards: Map<OpenShard, ShardFlush>;
  /** Looked up once a flush: nothing that appends share a flush with changes them. */
  readonly streams: Map<string, OpenStream>;
}

/** What one flush adds to one shard. */
interface ShardFlush {
  readonly head: Head;
  readonly arrivalUs: number;
  readonly records: AppendRecord[];
}

export interface WriterOptions {
  readonly store: Store;
  readonly catalog: Catalog;
  /** µs since 1970. */
  readonly clock: () => number;
  /** Called after each flush. */
  readonly onFlushed: () => void;
}

/**
 * Group commit: what arrives while a flush is under way waits, and then shares one flush. Counters are given while the
 * lock is held, which all processes take in turn.
 */
export function createWriter({ store, catalog, clock, onFlushed }: WriterOptions): Writer {
  let waiting: Task[] = [];
  let running: Promise<void> | null = null;
  let closed = false;

  const flushAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      let taken: Task[] = [];
      const failed = new Map<Task, unknown>();
      try {
        await store.flush(() => {
          [taken, waiting] = takeUpTo(waiting, FLUSH_BYTES_MAX);
          return applyAll(taken, failed);
        });
      } catch (error) {
        // When the flush could not even begin, nobody has been taken yet, and nobody must wait for ever.
        if (taken.length === 0) [taken, waiting] = [waiting, []];
        const failure = failureOf(error);
        for (const task of taken) failed.set(task, failed.get(task) ?? failure);
      }
      answer(taken, failed);
      onFlushed();
      // Whoever was answered appends again: that shares the next flush.
      await new Promise((resolve) => setImmediate(resolve));
    }
    running = null;
  };
  const enqueue = (task: Task): void => {
    if (closed) {
      task.reject(new ConfigError('[log/embedded] the log is closed; open it again'));
      return;
    }
    waiting.push(task);
    running ??= flushAll();
  };
  return {
    append(stream, shardId, records) {
      const { promise, resolve, reject } = withResolvers<Appended[]>();
      const answers: Appended[] = [];
      enqueue({
        kind: 'append',
        bytes: records.reduce((sum, record) => sum + record.data.byteLength, 0),
        apply({ shards, streams }) {
          const target = streams.get(stream) ?? catalog.stream(stream);
          streams.set(stream, target);
          const fixed = shardId === null ? null : catalog.shard(stream, shardId);
          for (const record of records) {
            const shard = fixed ?? (target.shards[target.placement(record.key)] as OpenShard);
            const flushed = shards.get(shard) ?? beginShard(store, shard, clock());
            shards.set(shard, flushed);
            const counter = flushed.head.next + flushed.records.push(record) - 1;
            const { arrivalUs } = flushed;
            answers.push({ shardId: shard.shardId, position: shard.sequence.position(counter), arrivalUs });
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
        kind: 'run',
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
}

/** Begins what a flush adds to a shard. */
function beginShard(store: Store, { stream, index }: OpenShard, nowUs: number): ShardFlush {
  const head = readHead(store, stream.id, index);
  return { head, arrivalUs: Math.max(Math.floor(nowUs), head.lastArrivalUs), records: [] };
}

/** Applies the tasks; gives the blocks of what they append. */
function applyAll(taken: readonly Task[], failed: Map<Task, unknown>): readonly Buffer[] {
  const flush: Flush = { shards: new Map(), streams: new Map() };
  for (const task of taken) {
    try {
      task.apply(flush);
    } catch (error) {
      failed.set(task, error);
    }
  }
  return [...flush.shards].flatMap(([shard, flushed]) => blocksOf(shard, flushed));
}

function answer(tasks: readonly Task[], failed: ReadonlyMap<Task, unknown>): void {
  for (const task of tasks) {
    const error = failed.get(task);
    if (error === undefined) task.settle();
    else task.reject(error);
  }
}

/**
 * As many of the first tasks as fit into `bytesMax`, at least one; and the others. Appends and other work never share
 * a flush: that work sees all appends before it in the heads.
 */
function takeUpTo(tasks: Task[], bytesMax: number): [taken: Task[], left: Task[]] {
  let bytes = 0;
  const end = tasks.findIndex((task, i) => {
    bytes += task.bytes;
    return i > 0 && (bytes > bytesMax || task.kind !== tasks[0]?.kind);
  });
  return end === -1 ? [tasks, []] : [tasks.slice(0, end), tasks.slice(end)];
}

/** Encodes what a flush adds to a shard. */
function blocksOf(shard: OpenShard, { head, arrivalUs, records }: ShardFlush): Buffer[] {
  const blocks: Buffer[] = [];
  for (let from = 0; from < records.length; ) {
    const to = blockEnd(records, from);
    const part = from === 0 && to === records.length ? records : records.slice(from, to);
    const origin = { stream: shard.stream.id, shard: shard.index, first: head.next + from, arrivalUs };
    blocks.push(encodeBlock(part, origin));
    from = to;
  }
  return blocks;
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
