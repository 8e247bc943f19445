import { ConfigError, ConflictError, messageOf, RetryableError } from '../../../core/index.ts';
import { checkRecords } from '../../limits.ts';
import type { Appended, AppendRecord } from '../../log.ts';
import { BLOCK_RECORDS_MAX, encodeBlock } from './block.ts';
import type { Catalog, OpenShard, OpenStream } from './catalog.ts';
import { type Head, readHead } from './head.ts';
import { createScratch } from './scratch.ts';
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

/** Something to do in the next flush; fields and no closures, for there may be a hundred thousand a second. */
type Task = AppendTask | RunTask;

interface AppendTask {
  readonly kind: 'append';
  readonly bytes: number;
  readonly stream: string;
  /** Null where the records' keys tell. */
  readonly shardId: string | null;
  readonly records: readonly AppendRecord[];
  readonly answers: Appended[];
  readonly resolve: (answers: Appended[]) => void;
  readonly reject: (error: unknown) => void;
}

interface RunTask {
  readonly kind: 'run';
  readonly bytes: 0;
  readonly work: () => void;
  readonly settle: () => void;
  readonly reject: (error: unknown) => void;
}

/** What a flush is to add, as far as it is known. */
interface Flush {
  readonly nowUs: number;
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
  const scratch = createScratch();
  let waiting: Task[] = [];
  let running: Promise<void> | null = null;
  let closed = false;

  /** Applies the tasks, while the lock is held; gives the blocks of what they append. What one throws fails it alone. */
  const applyAll = (taken: readonly Task[], failed: Map<Task, unknown>): readonly Buffer[] => {
    const flush: Flush = { nowUs: Math.floor(clock()), shards: new Map(), streams: new Map() };
    for (const task of taken) {
      try {
        if (task.kind === 'run') task.work();
        else place(store, catalog, task, flush);
      } catch (error) {
        failed.set(task, error);
      }
    }
    scratch.clear();
    return [...flush.shards].flatMap(([shard, flushed]) => blocksOf(shard, flushed, scratch.take));
  };
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
    append: (stream, shardId, records) =>
      new Promise((resolve, reject) => {
        checkRecords(records, 'embedded');
        let bytes = 0;
        for (const { data } of records) bytes += data.byteLength;
        const answers = new Array<Appended>(records.length);
        enqueue({ kind: 'append', bytes, stream, shardId, records, answers, resolve, reject });
      }),
    run: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        let result: T;
        enqueue({
          kind: 'run',
          bytes: 0,
          work: () => {
            result = work();
          },
          settle: () => resolve(result),
          reject,
        });
      }),
    async close() {
      closed = true;
      await running;
    },
  };
}

/** Gives the records of an append their shards and counters. */
function place(
  store: Store,
  catalog: Catalog,
  { stream, shardId, records, answers }: AppendTask,
  { nowUs, shards, streams }: Flush,
): void {
  let target = streams.get(stream);
  if (target === undefined) {
    target = catalog.stream(stream);
    streams.set(stream, target);
  }
  const fixed = shardId === null ? null : catalog.shard(stream, shardId);
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as AppendRecord;
    const shard = fixed ?? (target.shards[target.placement(record.key)] as OpenShard);
    let flushed = shards.get(shard);
    if (flushed === undefined) {
      flushed = beginShard(store, shard, nowUs);
      shards.set(shard, flushed);
    }
    const { head, arrivalUs } = flushed;
    const counter = head.next + flushed.records.push(record) - 1;
    answers[i] = { shardId: shard.shardId, position: shard.sequence.position(counter), arrivalUs };
  }
}

/** Begins what a flush adds to a shard. */
function beginShard(store: Store, { stream, index }: OpenShard, nowUs: number): ShardFlush {
  const head = readHead(store, stream.id, index);
  return { head, arrivalUs: Math.max(nowUs, head.lastArrivalUs), records: [] };
}

function answer(tasks: readonly Task[], failed: ReadonlyMap<Task, unknown>): void {
  for (const task of tasks) {
    const error = failed.size === 0 ? undefined : failed.get(task);
    if (error !== undefined) task.reject(error);
    else if (task.kind === 'append') task.resolve(task.answers);
    else task.settle();
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

/** Encodes what a flush adds to a shard, into bytes from `allocate`. */
function blocksOf(
  shard: OpenShard,
  { head, arrivalUs, records }: ShardFlush,
  allocate: (bytes: number) => Buffer,
): Buffer[] {
  const blocks: Buffer[] = [];
  for (let from = 0; from < records.length; ) {
    const to = blockEnd(records, from);
    const part = from === 0 && to === records.length ? records : records.slice(from, to);
    const origin = { stream: shard.stream.id, shard: shard.index, first: head.next + from, arrivalUs };
    blocks.push(encodeBlock(part, origin, allocate));
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
