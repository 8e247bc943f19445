import { RetryableError } from '../../../core/index.ts';
import { createPlacement } from '../../hash-key.ts';
import type { Appended, AppendRecord, StreamDescription } from '../../log.ts';
import type { Channels } from './channels.ts';
import {
  BATCH_RECORDS,
  type Batch,
  type Call,
  createLane,
  enqueue,
  expire,
  type Lane,
  nextBatch,
  restart,
  type Session,
} from './lanes.ts';
import { type KafkaLogOptions, PATIENCE_MS } from './options.ts';
import { createSender, type Target } from './sender.ts';

/** Appends wait while so much is on its way, bytes of data. */
const PENDING_BYTES_MAX = 64 * 1024 * 1024;
/** Numbers of records are 32 bits, signed: beyond that a new session begins. */
const SEQUENCE_MAX = 2 ** 31 - 1;

export interface Producer {
  /** Appends to one shard, or, with null, by key. */
  append(
    stream: StreamDescription,
    topic: string,
    shard: number | null,
    records: readonly AppendRecord[],
  ): Promise<readonly Appended[]>;
  forget(topic: string): void;
}

/**
 * An idempotent producer. What waits for a partition while a batch is on its way goes together in the next one; a
 * batch that is not answered is sent again with the same numbers until it is, so the broker writes it once, and in
 * order. What the broker refuses for its numbers alone, before any doubt, begins anew with a new identity.
 */
export function createProducer(
  channels: Channels,
  options: KafkaLogOptions,
  onWritten: (target: Target, partition: number, offset: number) => void,
): Producer {
  const { compression = 'zstd', patienceMs = PATIENCE_MS } = options;
  const targets = new Map<string, Target>();
  const room = createRoom(PENDING_BYTES_MAX);

  const sender = createSender({ channels, compression, onWritten, onFree: (target) => schedule(target) });
  const targetOf = ({ incarnation, shards }: StreamDescription, topic: string): Target => {
    const known = targets.get(topic);
    if (known !== undefined && known.incarnation === incarnation && known.lanes.length === shards.length) return known;
    const target = {
      topic,
      incarnation,
      placeOf: createPlacement(shards.map(({ hashKeyRange }) => hashKeyRange)),
      lanes: shards.map(({ shardId }, partition) => createLane(partition, shardId)),
      session: null,
      isScheduled: false,
    };
    targets.set(topic, target);
    return target;
  };
  const pump = async (target: Target): Promise<void> => {
    target.isScheduled = false;
    const bySession = new Map<Session | null, Batch[]>();
    for (const lane of target.lanes) {
      if (lane.isBusy) continue;
      expire(lane, Date.now(), () => late(target, lane));
      if (lane.sequence > SEQUENCE_MAX - BATCH_RECORDS) restart(lane);
      const batch = nextBatch(lane);
      if (batch === null) continue;
      lane.isBusy = true;
      bySession.set(lane.session, [...(bySession.get(lane.session) ?? []), batch]);
    }
    await Promise.all(
      [...bySession].map(async ([session, batches]) => {
        if (session === null) await Promise.all(batches.map((batch) => sender.alone(target, batch)));
        else await sender.together(target, session, batches);
      }),
    );
  };
  /** After this turn: appends that were begun together go together. */
  const schedule = (target: Target): void => {
    if (target.isScheduled || !target.lanes.some((lane) => !lane.isBusy && lane.waiting.length > 0)) return;
    target.isScheduled = true;
    setImmediate(() => void pump(target));
  };

  return {
    async append(stream, topic, shard, records) {
      const bytes = records.reduce((sum, { data }) => sum + data.byteLength, 0);
      const deadlineMs = Date.now() + patienceMs;
      const leave = await room.enter(bytes);
      const target = targetOf(stream, topic);
      return new Promise<readonly Appended[]>((resolve, reject) => {
        const answers = new Array<Appended>(records.length);
        spread(target, shard, records, { answers, left: records.length, deadlineMs, resolve, reject });
        schedule(target);
      }).finally(leave);
    },
    forget(topic) {
      targets.delete(topic);
    },
  };
}

const late = ({ topic }: Target, { partition }: Lane): RetryableError =>
  new RetryableError(
    `[log/kafka] cannot write ${topic}/${partition}: the time was over before its turn came; see that the brokers run, and try again`,
  );

/** A call's records go to the lanes of their keys, or all to one. */
function spread(target: Target, shard: number | null, records: readonly AppendRecord[], call: Call): void {
  const places = new Map<Lane, number[]>();
  for (let i = 0; i < records.length; i++) {
    const lane = target.lanes[shard ?? target.placeOf((records[i] as AppendRecord).key)] as Lane;
    const held = places.get(lane);
    if (held === undefined) places.set(lane, [i]);
    else held.push(i);
  }
  for (const [lane, held] of places) {
    const own = held.map((i) => records[i] as AppendRecord);
    enqueue(lane, own, held, call);
  }
}

/** Lets in what there is room for, in order; what is larger than the room goes alone. */
function createRoom(max: number) {
  let used = 0;
  const waiting: { readonly size: number; readonly go: () => void }[] = [];
  const admit = () => {
    for (let next = waiting[0]; next !== undefined && (used === 0 || used + next.size <= max); next = waiting[0]) {
      waiting.shift();
      used += next.size;
      next.go();
    }
  };
  return {
    async enter(size: number): Promise<() => void> {
      await new Promise<void>((go) => {
        waiting.push({ size, go });
        admit();
      });
      return () => {
        used -= size;
        admit();
      };
    },
  };
}
