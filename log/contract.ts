import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evenHashKeyRanges, hashKeyOf } from './hash-key.ts';
import {
  type AppendRecord,
  comparePositions,
  type Log,
  type LogRecord,
  RECORD_BYTES_MAX,
  type Shard,
  type Start,
} from './log.ts';

/** A log to be tested, reached through as many handles as the suite asks for. */
export interface LogUnderTest {
  /** Another handle on the same log, as another process would have it; the suite closes it. */
  open(): Promise<Log>;
  /** After all handles are closed. */
  destroy(): Promise<void>;
  /** Splits a shard in the middle of its hash keys. What cannot is left without the cases of closed shards, by name. */
  split?(log: Log, stream: string, shardId: string): Promise<void>;
  /** Merges two shards whose hash keys follow each other. */
  merge?(log: Log, stream: string, shardId: string, adjacentShardId: string): Promise<void>;
}

export interface ContractOptions {
  /** Names of cases that the system behind the driver cannot do: listed, never silently left out. */
  readonly skip?: readonly string[];
  /** How long a record may take to become visible to another handle, ms. */
  readonly visibleWithinMs?: number;
}

const HORIZON: Start = { type: 'TRIM_HORIZON' };
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

export function eventOf(i: number, key = `person:${i % 7}`): AppendRecord {
  return { app: 'okta', source: `test@${i}`, key, data: bytes(`{"n":${i}}`) };
}

export function eventsOf(count: number): AppendRecord[] {
  return Array.from({ length: count }, (_, i) => eventOf(i));
}

/** Reads a shard to its end, which has to come; fails after 20 s. */
async function readToEnd(log: Log, stream: string, shardId: string, start: Start): Promise<LogRecord[]> {
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
async function describeShards(log: Log, stream: string, count: number): Promise<readonly Shard[]> {
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

const native = (record: AppendRecord): AppendRecord => ({
  app: record.app,
  source: record.source,
  key: record.key,
  data: new Uint8Array(record.data),
});

/** The behaviour that every driver of the port shows. */
export function describeLog(name: string, factory: () => Promise<LogUnderTest>, options: ContractOptions = {}): void {
  const { skip = [], visibleWithinMs = 5000 } = options;
  describe(`the log on ${name}`, () => {
    let under: LogUnderTest;
    let log: Log;
    const fresh = (): string => `contract-${randomUUID()}`;
    const it = (title: string, run: () => Promise<void>): void => {
      test.skipIf(skip.includes(title))(title, run);
    };
    /** A case that needs a log whose shards can be split and merged. */
    const itReshards = (
      title: string,
      run: (split: NonNullable<LogUnderTest['split']>, merge: NonNullable<LogUnderTest['merge']>) => Promise<void>,
    ): void => {
      test.skipIf(skip.includes(title))(title, async (context) => {
        const { split, merge } = under;
        if (split === undefined || merge === undefined) return context.skip('its shards cannot be split');
        await run(split, merge);
      });
    };
    /** A new stream and the id of its first shard. */
    const oneShard = async (): Promise<[stream: string, shardId: string]> => {
      const stream = fresh();
      const { shards } = await log.createStream(stream, { shards: 1 });
      return [stream, shards[0]!.shardId];
    };
    beforeAll(async () => {
      under = await factory();
      log = await under.open();
    });
    afterAll(async () => {
      await log.close();
      await under.destroy();
    });

    it('creates a stream with even hash-key ranges and describes it', async () => {
      const stream = fresh();
      const created = await log.createStream(stream, { shards: 3 });
      expect(created.stream).toBe(stream);
      expect(created.incarnation).toMatch(/^[a-z0-9]{12}$/);
      expect(created.shards.map((shard) => shard.hashKeyRange)).toEqual(evenHashKeyRanges(3));
      expect(await log.describeStream(stream)).toEqual(created);
      expect(await log.listStreams()).toContain(stream);
    });

    it('gives the existing stream when it is created again, and refuses another number of shards', async () => {
      const stream = fresh();
      const created = await log.createStream(stream, { shards: 2 });
      expect(await log.createStream(stream, { shards: 2 })).toEqual(created);
      await expect(log.createStream(stream, { shards: 3 })).rejects.toMatchObject({ name: 'ConflictError' });
    });

    it('answers with ConfigError for a stream or a shard that is not there', async () => {
      const [stream] = await oneShard();
      const missing = { name: 'ConfigError' };
      await expect(log.describeStream('contract-none')).rejects.toMatchObject(missing);
      await expect(log.append('contract-none', [eventOf(1)])).rejects.toMatchObject(missing);
      await expect(log.read(stream, 'shardId-000000000999', HORIZON)).rejects.toMatchObject(missing);
      await expect(log.appendToShard(stream, 'shardId-000000000999', [eventOf(1)])).rejects.toMatchObject(missing);
    });

    it('refuses names and numbers of shards that cannot be', async () => {
      for (const stream of ['', 'a b', 'ä', 'x'.repeat(129)]) {
        await expect(log.createStream(stream, { shards: 1 })).rejects.toMatchObject({ name: 'ConfigError' });
      }
      for (const shards of [0, -1, 1.5, 1e6]) {
        await expect(log.createStream(fresh(), { shards })).rejects.toMatchObject({ name: 'ConfigError' });
      }
    });

    it('gives back what was appended, in order, with growing positions', async () => {
      const [stream, shardId] = await oneShard();
      const appended = eventsOf(100);
      const answers = await log.append(stream, appended);
      const records = await readCount(log, stream, shardId, HORIZON, 100);
      expect(records.map(native)).toEqual(appended.map(native));
      expect(records.map((record) => record.position)).toEqual(answers.map((answer) => answer.position));
      for (let i = 1; i < 100; i++) {
        expect(comparePositions(records[i - 1]!.position, records[i]!.position)).toBeLessThan(0);
        expect(records[i]!.arrivalUs).toBeGreaterThanOrEqual(records[i - 1]!.arrivalUs);
      }
      for (const { position } of answers) expect(position).toMatch(/^(0|[1-9]\d*)$/);
    });

    it('keeps any bytes, apps, sources and keys as they are', async () => {
      const [stream, shardId] = await oneShard();
      const all = new Uint8Array(Array.from({ length: 256 }, (_, i) => i));
      const appended: AppendRecord[] = [
        { app: '@control', source: '', key: 'k', data: new Uint8Array(0) },
        { app: 'github', source: 'ü'.repeat(128), key: '𝒦'.repeat(256), data: all },
        { app: 'x'.repeat(64), source: 'import:00ff:17', key: 'person:Ωmega', data: new Uint8Array(20_000).fill(7) },
      ];
      await log.append(stream, appended);
      expect((await readCount(log, stream, shardId, HORIZON, 3)).map(native)).toEqual(appended);
    });

    it('places keys by the MD5 of the key', async () => {
      const stream = fresh();
      const { shards } = await log.createStream(stream, { shards: 4 });
      const records = Array.from({ length: 40 }, (_, i) => eventOf(i, `person:${i}-é`));
      const answers = await log.append(stream, records);
      for (let i = 0; i < records.length; i++) {
        const shard = shards.find(({ shardId }) => shardId === answers[i]!.shardId)!;
        const hashKey = hashKeyOf(records[i]!.key);
        expect(BigInt(shard.hashKeyRange.start) <= hashKey && hashKey <= BigInt(shard.hashKeyRange.end)).toBe(true);
      }
    });

    it('appends to the shard asked for, whatever the key', async () => {
      const stream = fresh();
      const { shards } = await log.createStream(stream, { shards: 3 });
      for (const { shardId } of shards) {
        const [answer] = await log.appendToShard(stream, shardId, [eventOf(1, 'same-key')]);
        expect(answer!.shardId).toBe(shardId);
        expect(await readCount(log, stream, shardId, HORIZON, 1)).toHaveLength(1);
      }
    });

    it('reads on from next, in slices, without loss or doubles', async () => {
      const [stream, shardId] = await oneShard();
      await log.append(stream, eventsOf(50));
      const seen: string[] = [];
      let at: Start = HORIZON;
      while (seen.length < 50) {
        const result = await log.read(stream, shardId, at, { recordsMax: 7 });
        expect(result.records.length).toBeLessThanOrEqual(7);
        for (const record of result.records) seen.push(record.source);
        at = result.next;
      }
      expect(seen).toEqual(eventsOf(50).map((record) => record.source));
      expect((await log.read(stream, shardId, at)).records).toEqual([]);
    });

    it('stops at bytesMax but always gives one record', async () => {
      const [stream, shardId] = await oneShard();
      const large = { ...eventOf(0), data: new Uint8Array(5000) };
      await log.append(stream, [large, large, large]);
      await readCount(log, stream, shardId, HORIZON, 3);
      expect((await log.read(stream, shardId, HORIZON, { bytesMax: 100 })).records).toHaveLength(1);
      expect((await log.read(stream, shardId, HORIZON, { bytesMax: 10_000 })).records).toHaveLength(2);
    });

    it('begins at each of the five start types', async () => {
      const [stream, shardId] = await oneShard();
      const answers = await log.append(stream, eventsOf(5));
      const position = answers[2]!.position;
      const sources = async (start: Start, count: number) =>
        (await readCount(log, stream, shardId, start, count)).map((record) => record.source);
      expect(await sources(HORIZON, 5)).toHaveLength(5);
      expect(await sources({ type: 'AT_SEQUENCE_NUMBER', position }, 3)).toEqual(['test@2', 'test@3', 'test@4']);
      expect(await sources({ type: 'AFTER_SEQUENCE_NUMBER', position }, 2)).toEqual(['test@3', 'test@4']);
      expect(await sources({ type: 'AT_TIMESTAMP', timestampUs: answers[0]!.arrivalUs }, 5)).toHaveLength(5);
      const latest = await log.read(stream, shardId, { type: 'LATEST' });
      expect(latest).toMatchObject({ records: [], millisBehindLatest: 0 });
      await log.append(stream, [eventOf(5)]);
      expect(await sources(latest.next, 1)).toEqual(['test@5']);
    });

    it('gives nothing at a time to come, and the newer ones at a time between', async () => {
      const [stream, shardId] = await oneShard();
      const [first] = await log.append(stream, [eventOf(0)]);
      const future: Start = { type: 'AT_TIMESTAMP', timestampUs: first!.arrivalUs + 3_600_000_000 };
      expect((await log.read(stream, shardId, future)).records).toEqual([]);
      let answer = first!;
      // The log's clock may be as coarse as a millisecond: append until it has moved.
      for (let i = 1; answer.arrivalUs === first!.arrivalUs; i++)
        [answer] = (await log.append(stream, [eventOf(i)])) as [typeof answer];
      const [found] = await readCount(log, stream, shardId, { type: 'AT_TIMESTAMP', timestampUs: answer.arrivalUs }, 1);
      expect(found!.position).toBe(answer.position);
    });

    it('refuses a position that is no number', async () => {
      const [stream, shardId] = await oneShard();
      for (const position of ['', 'abc', '-1', '1.5']) {
        const start: Start = { type: 'AT_SEQUENCE_NUMBER', position };
        await expect(log.read(stream, shardId, start)).rejects.toMatchObject({ name: 'ConfigError' });
      }
    });

    it('rejects the whole call when one record breaks a limit', async () => {
      const [stream, shardId] = await oneShard();
      const good = eventOf(0);
      const faults: AppendRecord[] = [
        { ...good, key: '' },
        { ...good, key: 'k'.repeat(257) },
        { ...good, source: 's'.repeat(257) },
        { ...good, source: 'ü'.repeat(129) },
        { ...good, app: '' },
        { ...good, app: 'a'.repeat(65) },
        { ...good, data: new Uint8Array(RECORD_BYTES_MAX + 1) },
      ];
      for (const fault of faults) {
        await expect(log.append(stream, [good, fault])).rejects.toMatchObject({ name: 'ConfigError' });
        await expect(log.appendToShard(stream, shardId, [good, fault])).rejects.toMatchObject({ name: 'ConfigError' });
      }
      await log.append(stream, [eventOf(99)]);
      const [only] = await readCount(log, stream, shardId, HORIZON, 1);
      expect(only!.source).toBe('test@99');
    });

    it('appends nothing, and answers nothing, for no records', async () => {
      const [stream, shardId] = await oneShard();
      expect(await log.append(stream, [])).toEqual([]);
      expect(await log.bounds(stream, shardId)).toEqual({ earliest: null, latest: null });
    });

    it('keeps the order of a key under concurrent appends through two handles', async () => {
      const stream = fresh();
      const { shards } = await log.createStream(stream, { shards: 2 });
      const other = await under.open();
      const writer = async (handle: Log, who: string): Promise<void> => {
        for (let i = 0; i < 40; i++) await handle.append(stream, [{ ...eventOf(i, who), source: `${who}:${i}` }]);
      };
      await Promise.all(['a', 'b', 'c'].flatMap((who) => [writer(log, `${who}1`), writer(other, `${who}2`)]));
      await other.close();
      const next = new Map<string, number>();
      let total = 0;
      for (const { shardId } of shards) {
        let at: Start = HORIZON;
        for (let empty = 0; empty < 3; ) {
          const result = await log.read(stream, shardId, at);
          empty = result.records.length === 0 ? empty + 1 : 0;
          at = result.next;
          for (const { key, source } of result.records) {
            expect(source).toBe(`${key}:${next.get(key) ?? 0}`);
            next.set(key, (next.get(key) ?? 0) + 1);
            total++;
          }
        }
      }
      expect(total).toBe(240);
    });

    it('wakes a watcher when a record comes, through the same handle and through another', async () => {
      const [stream, shardId] = await oneShard();
      const other = await under.open();
      for (const writer of [log, other]) {
        const { next } = await log.read(stream, shardId, { type: 'LATEST' });
        const begun = Date.now();
        const woken = log.watch(stream, shardId, next, 30_000);
        await writer.append(stream, [eventOf(1)]);
        await woken;
        expect(Date.now() - begun).toBeLessThan(visibleWithinMs);
        expect(await readCount(log, stream, shardId, next, 1)).toHaveLength(1);
      }
      await other.close();
    });

    it('ends a watch at once when something is there, at the time-out, and at the signal', async () => {
      const [stream, shardId] = await oneShard();
      await log.watch(stream, shardId, HORIZON, 1);
      const abort = new AbortController();
      const aborted = log.watch(stream, shardId, HORIZON, 30_000, abort.signal);
      abort.abort();
      await aborted;
      await log.watch(stream, shardId, HORIZON, 30_000, abort.signal);
      await log.append(stream, [eventOf(1)]);
      await log.watch(stream, shardId, HORIZON, 30_000);
    });

    it('tells the bounds of a shard', async () => {
      const [stream, shardId] = await oneShard();
      expect(await log.bounds(stream, shardId)).toEqual({ earliest: null, latest: null });
      const answers = await log.append(stream, eventsOf(4));
      expect(await log.bounds(stream, shardId)).toEqual({
        earliest: answers[0]!.position,
        latest: answers[3]!.position,
      });
    });

    it('forgets what was trimmed and nothing else', async () => {
      const [stream, shardId] = await oneShard();
      const answers = await log.append(stream, eventsOf(10));
      await log.append(stream, [eventOf(10)]);
      await log.trim(stream, shardId, answers[6]!.position);
      expect((await log.bounds(stream, shardId)).earliest).toBe(answers[6]!.position);
      const records = await readCount(log, stream, shardId, HORIZON, 5);
      expect(records[0]!.source).toBe('test@6');
      const old: Start = { type: 'AT_SEQUENCE_NUMBER', position: answers[0]!.position };
      expect((await readCount(log, stream, shardId, old, 5))[0]!.source).toBe('test@6');
    });

    it('never shows the data of a deleted stream in one created anew', async () => {
      const stream = fresh();
      const before = await log.createStream(stream, { shards: 1 });
      const [old] = await log.append(stream, eventsOf(3));
      await log.deleteStream(stream);
      await expect(log.describeStream(stream)).rejects.toMatchObject({ name: 'ConfigError' });
      const after = await log.createStream(stream, { shards: 1 });
      expect(after.incarnation).not.toBe(before.incarnation);
      const shardId = after.shards[0]!.shardId;
      expect((await log.read(stream, shardId, HORIZON)).records).toEqual([]);
      const [answer] = await log.append(stream, [eventOf(9)]);
      expect(await readCount(log, stream, shardId, HORIZON, 1)).toHaveLength(1);
      expect(answer!.arrivalUs).toBeGreaterThanOrEqual(old!.arrivalUs);
    });

    it('keeps everything over a close, which finishes appends under way', async () => {
      const [stream, shardId] = await oneShard();
      const handle = await under.open();
      const flying = Array.from({ length: 20 }, (_, i) => handle.append(stream, [eventOf(i)]));
      await handle.close();
      await Promise.all(flying);
      await expect(handle.append(stream, [eventOf(0)])).rejects.toMatchObject({ name: 'ConfigError' });
      const again = await under.open();
      expect(await readCount(again, stream, shardId, HORIZON, 20)).toHaveLength(20);
      await again.close();
    });

    itReshards('splits a shard into two, which name it, share its hash keys and go on behind it', async (split) => {
      const [stream, shardId] = await oneShard();
      const before = await log.append(stream, eventsOf(20));
      await split(log, stream, shardId);
      const [parent, ...children] = await describeShards(log, stream, 3);
      expect(parent).toMatchObject({ shardId, closed: true, parents: [] });
      const ranges = evenHashKeyRanges(2);
      for (const [i, child] of children.entries()) {
        expect(child).toMatchObject({ closed: false, parents: [shardId], hashKeyRange: ranges[i] });
      }
      const after = await log.append(stream, eventsOf(20));
      for (const answer of after) {
        expect(children.map((child) => child.shardId)).toContain(answer.shardId);
        expect(comparePositions(before[19]!.position, answer.position)).toBeLessThan(0);
      }
      expect((await readToEnd(log, stream, shardId, HORIZON)).map(native)).toEqual(eventsOf(20).map(native));
      const counts = children.map(({ shardId: id }) => after.filter((answer) => answer.shardId === id).length);
      for (const [i, child] of children.entries()) {
        await readCount(log, stream, child.shardId, HORIZON, counts[i]!);
        expect((await log.read(stream, child.shardId, HORIZON)).ended).toBe(false);
      }
    });

    itReshards('merges two shards into one, which names both and has the hash keys of both', async (_split, merge) => {
      const stream = fresh();
      const { shards } = await log.createStream(stream, { shards: 2 });
      const [low, high] = [shards[0]!.shardId, shards[1]!.shardId];
      await log.append(stream, eventsOf(10));
      await merge(log, stream, low, high);
      const child = (await describeShards(log, stream, 3)).at(-1)!;
      expect(child).toMatchObject({ closed: false, parents: [low, high], hashKeyRange: evenHashKeyRanges(1)[0] });
      const after = await log.append(stream, eventsOf(10));
      expect(new Set(after.map((answer) => answer.shardId))).toEqual(new Set([child.shardId]));
      const old = [...(await readToEnd(log, stream, low, HORIZON)), ...(await readToEnd(log, stream, high, HORIZON))];
      expect(old.map((record) => record.source).sort()).toEqual(
        eventsOf(10)
          .map((record) => record.source)
          .sort(),
      );
    });

    itReshards('ends a closed shard from wherever it is read, and only when all of it is read', async (split) => {
      const [stream, shardId] = await oneShard();
      const answers = await log.append(stream, eventsOf(5));
      await split(log, stream, shardId);
      await describeShards(log, stream, 3);
      const first = await log.read(stream, shardId, HORIZON, { recordsMax: 2 });
      expect([first.records.length, first.ended]).toEqual([2, false]);
      expect(await readToEnd(log, stream, shardId, first.next)).toHaveLength(3);
      const position = answers[4]!.position;
      expect(await readToEnd(log, stream, shardId, { type: 'AFTER_SEQUENCE_NUMBER', position })).toEqual([]);
      expect(await readToEnd(log, stream, shardId, { type: 'LATEST' })).toEqual([]);
    });

    itReshards('wakes who watches a shard when it is closed, at once when it is closed already', async (split) => {
      const [stream, shardId] = await oneShard();
      const { next } = await log.read(stream, shardId, { type: 'LATEST' });
      const begun = Date.now();
      const woken = log.watch(stream, shardId, next, 30_000);
      await split(log, stream, shardId);
      await woken;
      await describeShards(log, stream, 3);
      await log.watch(stream, shardId, next, 30_000);
      expect(Date.now() - begun).toBeLessThan(2 * visibleWithinMs);
    });

    itReshards('counts open shards only when an existing stream is created again', async (split) => {
      const [stream, shardId] = await oneShard();
      await split(log, stream, shardId);
      await describeShards(log, stream, 3);
      expect((await log.createStream(stream, { shards: 2 })).shards).toHaveLength(3);
      await expect(log.createStream(stream, { shards: 1 })).rejects.toMatchObject({ name: 'ConflictError' });
    });

    itReshards('refuses to append to a closed shard by name', async (split) => {
      const [stream, shardId] = await oneShard();
      await split(log, stream, shardId);
      await describeShards(log, stream, 3);
      await expect(log.appendToShard(stream, shardId, [eventOf(1)])).rejects.toMatchObject({ name: 'ConflictError' });
    });

    itReshards('keeps the order of each key when shards are split under concurrent appends', async (split) => {
      const [stream, shardId] = await oneShard();
      const other = await under.open();
      const writer = async (handle: Log, key: string): Promise<void> => {
        for (let i = 0; i < 30; i++) await handle.append(stream, [{ ...eventOf(i, key), source: `${key}:${i}` }]);
      };
      const writing = Promise.all(['a', 'b', 'c'].flatMap((key) => [writer(log, key), writer(other, `${key}2`)]));
      await split(log, stream, shardId);
      const [, child] = await describeShards(log, stream, 3);
      await split(log, stream, child!.shardId);
      await writing;
      await other.close();
      const next = new Map<string, number>();
      let left = 180;
      // In the order in which they came to be: parents before children.
      for (const shard of await describeShards(log, stream, 5)) {
        const records = shard.closed
          ? await readToEnd(log, stream, shard.shardId, HORIZON)
          : (await log.read(stream, shard.shardId, HORIZON)).records;
        for (const { key, source } of records) {
          expect(source).toBe(`${key}:${next.get(key) ?? 0}`);
          next.set(key, (next.get(key) ?? 0) + 1);
          left--;
        }
      }
      expect(left).toBe(0);
    });

    it('leaves the data of records valid while later ones are read and written', async () => {
      const [stream, shardId] = await oneShard();
      await log.append(stream, eventsOf(20));
      const records = await readCount(log, stream, shardId, HORIZON, 20);
      await log.append(stream, eventsOf(500));
      await readCount(log, stream, shardId, HORIZON, 520);
      expect(records.map(native)).toEqual(eventsOf(20).map(native));
    });
  });
}
