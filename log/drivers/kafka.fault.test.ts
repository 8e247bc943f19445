import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { eventOf, readCount } from '../contract.ts';
import type { Log, LogRecord, Start } from '../log.ts';
import { openKafkaLog } from './kafka.ts';

/** `KAFKA_KILL` kills a broker (kill -9), `KAFKA_UP` starts what is missing and returns once it answers. */
const { KAFKA_BROKERS, KAFKA_KILL, KAFKA_UP } = process.env;
const SHARDS = 3;
const WRITERS = 6;
const KILLS = 2;
const TIMEOUT_MS = 180_000;
const run = (command: string) => promisify(execFile)('/bin/sh', ['-c', command]);

const isReady = KAFKA_BROKERS !== undefined && KAFKA_KILL !== undefined && KAFKA_UP !== undefined;
const title = isReady
  ? 'a broker killed and started again'
  : 'a broker killed and started again (needs KAFKA_BROKERS, and the commands KAFKA_KILL and KAFKA_UP)';

describe.skipIf(!isReady)(title, () => {
  test(
    'costs time and no record: what was acknowledged is there once, in order, and a reader sees it once',
    async () => {
      const log = await openKafkaLog({
        brokers: (KAFKA_BROKERS ?? '').split(','),
        topicPrefix: `fault-${randomUUID().slice(0, 8)}.`,
      });
      const { shards } = await log.createStream('s', { shards: SHARDS });
      const stop = new AbortController();
      const readers = shards.map(({ shardId }) => follow(log, shardId, stop.signal));
      const writers = Array.from({ length: WRITERS }, (_, i) => write(log, `writer-${i}`, stop.signal));
      const lists = writers.map(({ acknowledged }) => acknowledged);
      for (let round = 0; round < KILLS; round++) {
        await untilMore(lists, 250);
        await run(KAFKA_KILL ?? '');
        await run(KAFKA_UP ?? '');
      }
      await untilMore(lists, 250);
      stop.abort();
      await Promise.all(writers.map(({ ended }) => ended));
      const acknowledged = writers.flatMap((writer) => writer.acknowledged);
      const held: LogRecord[] = [];
      for (const [i, { shardId }] of shards.entries()) {
        const wanted = acknowledged.filter((at) => at.startsWith(`${shardId} `));
        const records = await readCount(log, 's', shardId, { type: 'TRIM_HORIZON' }, wanted.length);
        expect(records.map(({ position }) => `${shardId} ${position}`).sort()).toEqual(wanted.sort());
        const seen = (await readers[i]) ?? [];
        expect(seen.map(({ position }) => position)).toEqual(
          records.slice(0, seen.length).map(({ position }) => position),
        );
        held.push(...records);
      }
      for (const { key, count } of writers) {
        const sources = held.filter((record) => record.key === key).map(({ source }) => source);
        expect(sources).toEqual(Array.from({ length: count() }, (_, i) => `${key}:${i}`));
      }
      console.log(`${acknowledged.length} acknowledged through ${KILLS} kills`);
      await log.deleteStream('s');
      await log.close();
    },
    TIMEOUT_MS,
  );
});

/** Appends one small batch after another; keeps where each record was said to be. */
function write(log: Log, key: string, stop: AbortSignal) {
  const acknowledged: string[] = [];
  let count = 0;
  const work = async () => {
    while (!stop.aborted) {
      const batch = Array.from({ length: 5 }, () => ({ ...eventOf(count, key), source: `${key}:${count++}` }));
      for (const { shardId, position } of await log.append('s', batch)) acknowledged.push(`${shardId} ${position}`);
    }
  };
  return { key, acknowledged, count: () => count, ended: work() };
}

/** Reads a shard as it grows, through whatever happens. */
async function follow(log: Log, shardId: string, stop: AbortSignal): Promise<LogRecord[]> {
  const seen: LogRecord[] = [];
  let at: Start = { type: 'TRIM_HORIZON' };
  while (!stop.aborted) {
    const { records, next } = await log.read('s', shardId, at);
    seen.push(...records);
    at = next;
    if (records.length === 0) await log.watch('s', shardId, at, 250, stop);
  }
  return seen;
}

/** Until so much more was acknowledged to every writer. */
async function untilMore(lists: readonly (readonly unknown[])[], count: number): Promise<void> {
  const before = lists.map((list) => list.length);
  const endMs = Date.now() + 60_000;
  while (!lists.every((list, i) => list.length >= (before[i] ?? 0) + count)) {
    if (Date.now() > endMs) throw new Error('nothing is acknowledged any more');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
