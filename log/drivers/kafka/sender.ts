import kafkajs from 'kafkajs';
import { RetryableError } from '../../../core/index.ts';
import type { Channels } from './channels.ts';
import { REQUEST_MS } from './client.ts';
import { faultOf } from './faults.ts';
import { type Batch, fail, type Lane, restart, type Session, settle } from './lanes.ts';
import type { KafkaLogOptions } from './options.ts';
import type { Produce, ProducedPartition, Wire } from './wire.ts';

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

/** A topic as the producer knows it. */
export interface Target {
  readonly topic: string;
  readonly incarnation: string;
  readonly placeOf: (key: string) => number;
  readonly lanes: readonly Lane[];
  session: Promise<Session> | null;
  isScheduled: boolean;
}

/** Sends batches until each is answered or failed: then its lane is free again. Nothing rejects. */
export interface Sender {
  /** Of one session: one request for all partitions that one broker leads. */
  together(target: Target, session: Session, batches: readonly Batch[]): Promise<void>;
  /** Until the broker has it, it never can, or the time is over. */
  alone(target: Target, batch: Batch): Promise<void>;
}

export interface SenderDeps {
  readonly channels: Channels;
  readonly compression: NonNullable<KafkaLogOptions['compression']>;
  readonly onWritten: (target: Target, partition: number, offset: number) => void;
  readonly onFree: (target: Target) => void;
}

export function createSender({ channels, compression, onWritten, onFree }: SenderDeps): Sender {
  const written = (target: Target, batch: Batch, answer: ProducedPartition) => {
    const { lane, messages, session, firstSequence } = batch;
    lane.session = session;
    lane.needsOwnSession = false;
    lane.sequence = firstSequence;
    const baseOffset = Number(answer.baseOffset);
    const stampMs = Number(answer.logAppendTime);
    onWritten(target, lane.partition, baseOffset + messages.length - 1);
    settle(batch, baseOffset, stampMs >= 0 ? stampMs : Date.now());
    onFree(target);
  };
  /** One attempt after another with the same numbers; throws what says that they are out of step. */
  const produce = (topic: string, batch: Batch, session: Session) => {
    const { partition } = batch.lane;
    const attempts = {
      what: `cannot write ${topic}/${partition}`,
      passed: OUT_OF_STEP,
      deadlineMs: batch.deadlineMs,
      onFailure(fault: string) {
        batch.isUnsure ||= !REFUSED.has(fault);
      },
    };
    return channels.onLeader(topic, partition, attempts, (wire) =>
      wire.produce(requestOf(topic, compression, session, [batch])),
    );
  };
  const alone: Sender['alone'] = async (target, batch) => {
    const { lane } = batch;
    try {
      for (;;) {
        const session = batch.session ?? (await sessionFor(channels, target, lane.needsOwnSession));
        batch.session = session;
        try {
          const { topics } = await produce(target.topic, batch, session);
          return written(target, batch, topics[0]?.partitions[0] as ProducedPartition);
        } catch (error) {
          if (!OUT_OF_STEP.has(faultOf(error))) throw error;
          if (batch.isUnsure || Date.now() > batch.deadlineMs) throw unknownOutcome(target.topic, lane.partition);
          restart(lane);
          batch.session = null;
          batch.firstSequence = 0;
        }
      }
    } catch (error) {
      fail(batch, error);
      onFree(target);
    }
  };
  const toLeader = async (target: Target, session: Session, wire: Wire, group: readonly Batch[]) => {
    const { topic } = target;
    try {
      const { topics } = await wire.produce(requestOf(topic, compression, session, group));
      for (const answer of topics[0]?.partitions ?? []) {
        const batch = group.find(({ lane }) => lane.partition === answer.partition);
        if (batch !== undefined) written(target, batch, answer);
      }
    } catch (error) {
      // The error is of one of them: the others may have been written.
      const isSure = group.length === 1 && (REFUSED.has(faultOf(error)) || OUT_OF_STEP.has(faultOf(error)));
      for (const batch of group) batch.isUnsure = !isSure;
      channels.drop(topic);
      await Promise.all(group.map((batch) => alone(target, batch)));
    }
  };
  return {
    alone,
    async together(target, session, batches) {
      const groups = await byLeader(channels, target.topic, batches).catch(() => null);
      if (groups !== null) {
        await Promise.all(groups.map(([wire, group]) => toLeader(target, session, wire, group)));
        return;
      }
      // Some have no leader just now: nothing was sent.
      channels.drop(target.topic);
      await Promise.all(batches.map((batch) => alone(target, batch)));
    },
  };
}

/** One session serves all lanes of a topic until one of them falls out of step: that one begins its own. */
function sessionFor(channels: Channels, target: Target, isOwn: boolean): Promise<Session> {
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
}

const CODECS = {
  none: kafkajs.CompressionTypes.None,
  gzip: kafkajs.CompressionTypes.GZIP,
  zstd: kafkajs.CompressionTypes.ZSTD,
};

function requestOf(
  topic: string,
  compression: SenderDeps['compression'],
  { producerId, producerEpoch }: Session,
  batches: readonly Batch[],
): Produce {
  const partitions = batches.map(({ lane, firstSequence, messages }) => ({
    partition: lane.partition,
    firstSequence,
    messages,
  }));
  return {
    acks: -1,
    timeout: REQUEST_MS,
    compression: CODECS[compression],
    producerId,
    producerEpoch,
    topicData: [{ topic, partitions }],
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

function unknownOutcome(topic: string, partition: number): RetryableError {
  return new RetryableError(
    `[log/kafka] ${topic}/${partition} no longer knows this writer, and an append was not answered: it may or may not be there; look before you append it again`,
  );
}
