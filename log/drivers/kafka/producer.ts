import kafkajs from 'kafkajs';
import { RetryableError } from '../../../core/index.ts';
import { createPlacement } from '../../hash-key.ts';
import type { Appended, AppendRecord, StreamDescription } from '../../log.ts';
import type { Channels } from './channels.ts';
import { REQUEST_MS } from './client.ts';
import { faultOf } from './faults.ts';
import {
  BATCH_RECORDS,
  type Batch,
  type Call,
  createLane,
  enqueue,
  fail,
  type Lane,
  nextBatch,
  restart,
  type Session,
  settle,
} from './lanes.ts';
import type { KafkaLogOptions } from './options.ts';
import type { Produce, ProducedPartition, Wire } from './wire.ts';

/** Appends wait while so much is on its way, bytes of data. */
const PENDING_BYTES_MAX = 64 * 1024 * 1024;
/** Numbers of records are 32 bits, signed: beyond that a new session begins. */
const SEQUENCE_MAX = 2 ** 31 - 1;
const TRANSACTION_MS = 60_000;
/** The broker refused a batch for its numbers, before it wrote anything. */
const OUT_OF_STEP = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
]);
/** The broker refused it for another reason, before it wrote anything. */
const REFUSED = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'MESSAGE_TOO_LARGE',
  'TOPIC_AUTHORIZATION_FAILED',
]);

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

const CODECS = {
  none: kafkajs.CompressionTypes.None,
  gzip: kafkajs.CompressionTypes.GZIP,
  zstd: kafkajs.CompressionTypes.ZSTD,
};

/** A topic as the producer knows it. */
interface Target {
  readonly topic: string;
  readonly incarnation: string;
  readonly placeOf: (key: string) => number;
  readonly lanes: readonly Lane[];
  session: Promise<Session> | null;
  isScheduled: boolean;
}

/**
 * An idempotent producer. What waits for a partition while a batch is on its way goes together in the next one; a
 * batch that is not answered is sent again with the same numbers until it is, so the broker writes it once, and in
 * order. What the broker refuses for its numbers alone, before any doubt, begins anew with a new identity.
 */
export function createProducer(
  channels: Channels,
  options: KafkaLogOptions,
  onWritten: (topic: string, incarnation: string, partition: number, offset: number) => void,
): Producer {
  const { compression = 'zstd', patienceMs = 120_000 } = options;
  const targets = new Map<string, Target>();
  const room = createRoom(PENDING_BYTES_MAX);

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
  /** One session serves all lanes of a topic until one of them falls out of step: that one begins its own. */
  const sessionFor = (target: Target, isOwn: boolean): Promise<Session> => {
    if (!isOwn && target.session !== null) return target.session;
    const what = `cannot write ${target.topic}`;
    const opened = channels.onLeader(target.topic, 0, { what }, (wire) =>
      wire.initProducerId({ transactionTimeout: TRANSACTION_MS }),
    );
    if (isOwn) return opened;
    target.session = opened;
    opened.catch(() => {
      target.session = null;
    });
    return opened;
  };
  const requestOf = (topic: string, { producerId, producerEpoch }: Session, batches: readonly Batch[]): Produce => ({
    acks: -1,
    timeout: REQUEST_MS,
    compression: CODECS[compression],
    producerId,
    producerEpoch,
    topicData: [
      {
        topic,
        partitions: batches.map(({ lane, firstSequence, messages }) => ({
          partition: lane.partition,
          firstSequence,
          messages,
        })),
      },
    ],
  });
  const written = (target: Target, batch: Batch, answer: ProducedPartition) => {
    const { topic, incarnation } = target;
    const { lane, messages, session, firstSequence } = batch;
    lane.session = session;
    lane.needsOwnSession = false;
    lane.sequence = firstSequence;
    const baseOffset = Number(answer.baseOffset);
    const stampMs = Number(answer.logAppendTime);
    onWritten(topic, incarnation, lane.partition, baseOffset + messages.length - 1);
    settle(batch, baseOffset, stampMs >= 0 ? stampMs : Date.now());
    schedule(target);
  };

  /** Until the broker has it, it never can, or the time is over. */
  const sendAlone = async (target: Target, batch: Batch): Promise<void> => {
    const { topic } = target;
    const { lane } = batch;
    try {
      for (;;) {
        const session = batch.session ?? (await sessionFor(target, lane.needsOwnSession));
        batch.session = session;
        try {
          const { topics } = await channels.onLeader(
            topic,
            lane.partition,
            {
              what: `cannot write ${topic}/${lane.partition}`,
              passed: OUT_OF_STEP,
              deadlineMs: batch.deadlineMs,
              onFailure(fault) {
                batch.isUnsure ||= !REFUSED.has(fault);
              },
            },
            (wire) => wire.produce(requestOf(topic, session, [batch])),
          );
          return written(target, batch, topics[0]?.partitions[0] as ProducedPartition);
        } catch (error) {
          if (!OUT_OF_STEP.has(faultOf(error))) throw error;
          if (batch.isUnsure || Date.now() > batch.deadlineMs) {
            throw new RetryableError(
              `[log/kafka] ${topic}/${lane.partition} no longer knows this writer, and an append was not answered: it may or may not be there; look before you append it again`,
            );
          }
          restart(lane);
          batch.session = null;
          batch.firstSequence = 0;
        }
      }
    } catch (error) {
      fail(batch, error);
      schedule(target);
    }
  };

  /** One request for all partitions that one broker leads; whatever fails goes on partition by partition. */
  const sendTogether = async (target: Target, session: Session, batches: Batch[]): Promise<void> => {
    const { topic } = target;
    try {
      for (const batch of batches) batch.session = session;
      const groups = await byLeader(channels, topic, batches);
      await Promise.all(
        groups.map(async ([wire, group]) => {
          try {
            const { topics } = await wire.produce(requestOf(topic, session, group));
            for (const answer of topics[0]?.partitions ?? []) {
              const batch = group.find(({ lane }) => lane.partition === answer.partition);
              if (batch === undefined) continue;
              written(target, batch, answer);
            }
          } catch (error) {
            // The error is of one of them: the others may have been written.
            const isSure = group.length === 1 && (REFUSED.has(faultOf(error)) || OUT_OF_STEP.has(faultOf(error)));
            for (const batch of group) batch.isUnsure = !isSure;
            channels.drop(topic);
            await Promise.all(group.map((batch) => sendAlone(target, batch)));
          }
        }),
      );
    } catch {
      // No leader could be found for some of them: nothing was sent.
      channels.drop(topic);
      await Promise.all(batches.map((batch) => sendAlone(target, batch)));
    }
  };

  const pump = async (target: Target): Promise<void> => {
    target.isScheduled = false;
    const bySession = new Map<Session | null, Batch[]>();
    for (const lane of target.lanes) {
      if (lane.isBusy) continue;
      if (lane.sequence > SEQUENCE_MAX - BATCH_RECORDS) restart(lane);
      const batch = nextBatch(lane);
      if (batch === null) continue;
      lane.isBusy = true;
      bySession.set(lane.session, [...(bySession.get(lane.session) ?? []), batch]);
    }
    await Promise.all(
      [...bySession].map(async ([session, batches]) => {
        if (session === null) await Promise.all(batches.map((batch) => sendAlone(target, batch)));
        else await sendTogether(target, session, batches);
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
      const leave = await room.enter(bytes);
      const target = targetOf(stream, topic);
      return new Promise<readonly Appended[]>((resolve, reject) => {
        const answers = new Array<Appended>(records.length);
        const call: Call = { answers, left: records.length, deadlineMs: Date.now() + patienceMs, resolve, reject };
        const places = new Map<Lane, number[]>();
        for (let i = 0; i < records.length; i++) {
          const lane = target.lanes[shard ?? target.placeOf((records[i] as AppendRecord).key)] as Lane;
          const held = places.get(lane);
          if (held === undefined) places.set(lane, [i]);
          else held.push(i);
        }
        for (const [lane, held] of places)
          enqueue(
            lane,
            held.map((i) => records[i] as AppendRecord),
            held,
            call,
          );
        schedule(target);
      }).finally(leave);
    },
    forget(topic) {
      targets.delete(topic);
    },
  };
}

/** The batches by the broker that leads their partition. */
async function byLeader(channels: Channels, topic: string, batches: readonly Batch[]): Promise<[Wire, Batch[]][]> {
  const groups = new Map<Wire, Batch[]>();
  for (const batch of batches) {
    const wire = await channels.leader(topic, batch.lane.partition);
    groups.set(wire, [...(groups.get(wire) ?? []), batch]);
  }
  return [...groups];
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
