import { randomUUID } from 'node:crypto';
import type { AppendRecord, Log, LogRecord, Shard, Start } from '../log.ts';

/** What a case works on. */
export interface Subject {
  readonly log: Log;
  /** Another handle on the same log; the case closes it. */
  readonly open: () => Promise<Log>;
  /** How long a record may take to become visible to another handle, ms. */
  readonly visibleWithinMs: number;
}

/** How the shards of the log are split and merged. */
export interface Resharding {
  /** Splits a shard in the middle of its hash keys. */
  split(log: Log, stream: string, shardId: string): Promise<void>;
  /** Merges two shards whose hash keys follow each other. */
  merge(log: Log, stream: string, shardId: string, adjacentShardId: string): Promise<void>;
}

/** How a group of cases adds them to the suite of a driver. */
export interface Suite {
  readonly it: (title: string, run: (subject: Subject) => Promise<void>) => void;
  /** A case that needs a log whose shards can be split and merged. */
  readonly itReshards: (title: string, run: (subject: Subject & Resharding) => Promise<void>) => void;
}

export const HORIZON: Start = { type: 'TRIM_HORIZON' };
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

export function eventOf(i: number, key = `person:${i % 7}`): AppendRecord {
  return { app: 'okta', source: `test@${i}`, key, data: bytes(`{"n":${i}}`) };
}

export function eventsOf(count: number): AppendRecord[] {
  return Array.from({ length: count }, (_, i) => eventOf(i));
}

/** Reads a shard to its end, which has to come; fails after 20 s. */
export async function readToEnd(log: Log, stream: string, shardId: string, start: Start): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const deadline = Date.now() + 20_000;
  for (let at = start; ; ) {
    const result = await log.read(stream, shardId, at);
    records.push(...result.records);
    if (result.ended) return records;
    if (Date.now() > deadline) throw new Error(`the end of ${shardId} did not come within 20 s`);
    at = result.next;
    await log.watch(stream, shardId, at, 1000);
  }
}

/** Describes a stream until it has `count` shards, closed ones included; fails after 20 s. */
export async function describeShards(log: Log, stream: string, count: number): Promise<readonly Shard[]> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { shards } = await log.describeStream(stream);
    if (shards.length === count) return shards;
    if (Date.now() > deadline) throw new Error(`${stream} has ${shards.length} shards, not ${count}, after 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Reads until `count` records are there, however the driver slices them; fails after 20 s. */
export async function readCount(
  log: Log,
  stream: string,
  shardId: string,
  start: Start,
  count: number,
): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const deadline = Date.now() + 20_000;
  let at = start;
  while (records.length < count) {
    const result = await log.read(stream, shardId, at);
    records.push(...result.records);
    at = result.next;
    if (records.length >= count) break;
    if (Date.now() > deadline) throw new Error(`only ${records.length} of ${count} records came within 20 s`);
    await log.watch(stream, shardId, at, 1000);
  }
  return records;
}

export const native = (record: AppendRecord): AppendRecord => ({
  app: record.app,
  source: record.source,
  key: record.key,
  data: new Uint8Array(record.data),
});

export const freshName = (): string => `contract-${randomUUID()}`;

/** A new stream and the id of its first shard. */
export async function oneShard(log: Log): Promise<[stream: string, shardId: string]> {
  const stream = freshName();
  const { shards } = await log.createStream(stream, { shards: 1 });
  return [stream, shards[0]!.shardId];
}
