import type { ShardBounds } from '../../log.ts';
import type { Channels } from './channels.ts';
import { committedMessages } from './records.ts';
import type { TopicShard } from './topics.ts';
import type { FetchedPartition } from './wire.ts';

/** Offsets of one partition: `low` is the first that may hold a record, `high` is behind the last one. */
export interface OffsetRange {
  readonly low: number;
  readonly high: number;
}

export interface FetchOptions {
  /** How long the broker waits for a first record, ms. */
  readonly waitMs?: number;
  readonly bytesMax?: number;
  /** Over a connection of its own, with one attempt. */
  readonly polls?: boolean;
}

export interface Offsets {
  /** Tries until `deadlineMs`, or for as long as the log is patient. */
  range(shard: TopicShard, deadlineMs?: number): Promise<OffsetRange>;
  /** The offset of the first record stamped at or after this time; null when there is none. */
  since(shard: TopicShard, timeMs: number, deadlineMs?: number): Promise<number | null>;
  /** What lies at `offset` and behind. Throws Kafka's OFFSET_OUT_OF_RANGE; null when no connection was free to wait. */
  fetch(shard: TopicShard, offset: number, options?: FetchOptions): Promise<FetchedPartition | null>;
  bounds(shard: TopicShard): Promise<ShardBounds>;
  trim(shard: TopicShard, offset: number): Promise<void>;
  /** Tells of a record that is known to be there: bounds need not look for it. */
  saw(shard: ShardName, offset: number): void;
}

/** Compressed; records of JSON are five to ten times as large. */
const FETCH_BYTES = 512 * 1024;
/** The broker gives the batch around an offset whole, however little is asked for. */
const ONE_BATCH_BYTES = 1;
const READ_COMMITTED = 1;
/** More shards than that are looked up again now and then. */
const SEEN_MAX = 10_000;
const OUT_OF_RANGE = new Set(['OFFSET_OUT_OF_RANGE']);

type ShardName = Pick<TopicShard, 'topic' | 'partition' | 'incarnation'>;

export const nameOf = ({ topic, partition, incarnation }: ShardName): string => `${topic}/${partition}@${incarnation}`;

export function createOffsets(channels: Channels): Offsets {
  const lastSeen = new Map<string, number>();

  type At = { fromBeginning: boolean } | { fromTimestamp: number };
  const ask = async (shard: TopicShard, at: At, deadlineMs?: number) => {
    const { topic, partition } = shard;
    const what = `cannot ask for offsets of ${topic}`;
    return channels.onCluster(topic, { what, ...(deadlineMs === undefined ? {} : { deadlineMs }) }, async (cluster) => {
      const [answer] = await cluster.fetchTopicsOffset([{ topic, partitions: [{ partition }], ...at }]);
      const found = answer?.partitions[0]?.offset;
      if (found === undefined) throw Object.assign(new Error('there is no leader'), { type: 'LEADER_NOT_AVAILABLE' });
      return Number(found);
    });
  };
  const range = async (shard: TopicShard, deadlineMs?: number): Promise<OffsetRange> => {
    const [low, high] = await Promise.all([
      ask(shard, { fromBeginning: true }, deadlineMs),
      ask(shard, { fromBeginning: false }, deadlineMs),
    ]);
    return { low, high: Math.max(low, high) };
  };
  const fetch: Offsets['fetch'] = async (shard, offset, { waitMs = 0, bytesMax = FETCH_BYTES, polls = false } = {}) => {
    const { topic, partition } = shard;
    const request = {
      maxWaitTime: waitMs,
      minBytes: 1,
      maxBytes: bytesMax,
      isolationLevel: READ_COMMITTED,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: bytesMax }] }],
    };
    const attempts = { what: `cannot read ${topic}/${partition}`, passed: OUT_OF_RANGE };
    const answer = polls
      ? channels.polling(topic, partition, { ...attempts, deadlineMs: 0 }, (wire) => wire.fetch(request))
      : channels.onLeader(topic, partition, attempts, (wire) => wire.fetch(request));
    return (await answer)?.responses[0]?.partitions[0] ?? null;
  };
  const saw = (shard: ShardName, offset: number) => {
    const name = nameOf(shard);
    if ((lastSeen.get(name) ?? -1) >= offset) return;
    if (lastSeen.size >= SEEN_MAX) lastSeen.clear();
    lastSeen.set(name, offset);
  };
  const bounds = createBounds(fetch, (shard) => lastSeen.get(nameOf(shard)));
  return {
    range,
    fetch,
    saw,
    async since(shard, timeMs, deadlineMs) {
      const offset = await ask(shard, { fromTimestamp: timeMs }, deadlineMs);
      return offset < 0 ? null : offset;
    },
    async bounds(shard) {
      const { low, high } = await range(shard);
      const last = await bounds.last(shard, { low, high });
      if (last === null) return { earliest: null, latest: null };
      saw(shard, last);
      return { earliest: String(await bounds.first(shard, low, last)), latest: String(last) };
    },
    async trim(shard, offset) {
      const { low, high } = await range(shard);
      if (offset <= low) return;
      const { topic, partition } = shard;
      const partitions = [{ partition, offset: String(Math.min(offset, high)) }];
      await channels.onLeader(topic, partition, { what: `cannot trim ${topic}/${partition}` }, (wire) =>
        wire.deleteRecords({ topics: [{ topic, partitions }] }),
      );
    },
  };
}

/** The first and last record: offsets have holes where transactions ended or records were compacted away. */
function createBounds(fetch: Offsets['fetch'], seen: (shard: TopicShard) => number | undefined) {
  const firstSeen = new Map<string, { readonly low: number; readonly first: number }>();

  /** The records from `from` to before `end`, a fetch at a time. */
  async function* recordsIn(shard: TopicShard, from: number, end: number, bytesMax: number) {
    for (let at = from; at < end; ) {
      const found = await fetch(shard, at, { bytesMax });
      const last = found?.messages.at(-1);
      if (found === null || last === undefined) return;
      const offsets = committedMessages(found, at).map(({ offset }) => Number(offset));
      yield offsets.filter((offset) => offset < end);
      at = Math.max(at, Number(last.offset)) + 1;
    }
  }
  /** The last record before `high`: looks at the last offset, then further and further back, for offsets have holes. */
  const last = async (shard: TopicShard, { low, high }: OffsetRange): Promise<number | null> => {
    if (seen(shard) === high - 1) return high - 1;
    for (let step = 1, end = high; end > low; step *= 4) {
      const from = Math.max(low, high - step);
      let found: number | null = null;
      for await (const offsets of recordsIn(shard, from, end, step === 1 ? ONE_BATCH_BYTES : FETCH_BYTES))
        found = offsets.at(-1) ?? found;
      if (found !== null) return found;
      end = from;
    }
    return null;
  };
  const first = async (shard: TopicShard, low: number, end: number): Promise<number> => {
    const known = firstSeen.get(nameOf(shard));
    if (known?.low === low) return known.first;
    let found = end;
    for await (const [offset] of recordsIn(shard, low, end, ONE_BATCH_BYTES)) {
      if (offset === undefined) continue;
      found = offset;
      break;
    }
    if (firstSeen.size >= SEEN_MAX) firstSeen.clear();
    firstSeen.set(nameOf(shard), { low, first: found });
    return found;
  };
  return { first, last };
}
