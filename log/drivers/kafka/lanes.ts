import type { Message } from 'kafkajs';
import type { Appended, AppendRecord } from '../../log.ts';
import { messageOf } from './records.ts';

/** Most of a request to one partition, unless one record alone is larger. */
const BATCH_BYTES = 1024 * 1024;
export const BATCH_RECORDS = 10_000;
/** More than a record takes beside its data, key, app and source, which Kafka's limits count too. */
const OVERHEAD_BYTES = 100;

/** A producer's identity at the broker: what it sends is numbered, and a number that comes again is not written again. */
export interface Session {
  readonly producerId: string;
  readonly producerEpoch: number;
}

/** One call's records for one partition. */
interface Slice {
  readonly records: readonly AppendRecord[];
  /** Where each record's answer stands in the call's. */
  readonly places: readonly number[];
  readonly call: Call;
  taken: number;
}

/** An append under way. */
export interface Call {
  readonly answers: Appended[];
  readonly deadlineMs: number;
  left: number;
  readonly resolve: (answers: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What is sent to a partition at a time: it keeps its numbers until the broker has answered. */
export interface Batch {
  readonly lane: Lane;
  readonly messages: Message[];
  readonly bytes: number;
  readonly deadlineMs: number;
  readonly parts: readonly { readonly slice: Slice; readonly from: number; readonly count: number }[];
  session: Session | null;
  firstSequence: number;
  /** An attempt went unanswered: it may have been written. */
  isUnsure: boolean;
}

/** What waits for one partition. One batch at a time is on its way, so that order is kept whatever fails. */
export interface Lane {
  readonly partition: number;
  readonly shardId: string;
  readonly waiting: Slice[];
  isBusy: boolean;
  /** Null until the first batch, and after a failure that leaves the numbers in doubt. */
  session: Session | null;
  /** Numbers begin at 0 again: only under an identity that this partition has not seen. */
  needsOwnSession: boolean;
  sequence: number;
  arrivalUs: number;
}

export const createLane = (partition: number, shardId: string): Lane => ({
  partition,
  shardId,
  waiting: [],
  isBusy: false,
  session: null,
  needsOwnSession: false,
  sequence: 0,
  arrivalUs: 0,
});

/** From here on under a new identity. */
export function restart(lane: Lane): void {
  lane.session = null;
  lane.needsOwnSession = true;
  lane.sequence = 0;
}

export function enqueue(lane: Lane, records: readonly AppendRecord[], places: readonly number[], call: Call): void {
  lane.waiting.push({ records, places, call, taken: 0 });
}

const sizeOf = ({ data, key, app, source }: AppendRecord): number =>
  data.byteLength + Buffer.byteLength(key) + Buffer.byteLength(app) + Buffer.byteLength(source) + OVERHEAD_BYTES;

/** Fails the calls whose time was over before their turn came; they wait in the order of their deadlines. */
export function expire(lane: Lane, nowMs: number, errorOf: () => unknown): void {
  for (let next = lane.waiting[0]; next !== undefined && next.call.deadlineMs <= nowMs; next = lane.waiting[0]) {
    lane.waiting.shift();
    next.call.reject(errorOf());
  }
}

/** The next batch of what waits, with the numbers that are due; null when nothing does. */
export function nextBatch(lane: Lane): Batch | null {
  const messages: Message[] = [];
  const parts: { slice: Slice; from: number; count: number }[] = [];
  let bytes = 0;
  let deadlineMs = Number.POSITIVE_INFINITY;
  for (let slice = lane.waiting[0]; slice !== undefined; slice = lane.waiting[0]) {
    const from = slice.taken;
    while (slice.taken < slice.records.length) {
      const record = slice.records[slice.taken] as AppendRecord;
      const size = sizeOf(record);
      if (messages.length > 0 && (bytes + size > BATCH_BYTES || messages.length >= BATCH_RECORDS)) break;
      messages.push(messageOf(record));
      bytes += size;
      slice.taken++;
    }
    if (slice.taken > from) {
      parts.push({ slice, from, count: slice.taken - from });
      deadlineMs = Math.min(deadlineMs, slice.call.deadlineMs);
    }
    if (slice.taken < slice.records.length) break;
    lane.waiting.shift();
  }
  if (messages.length === 0) return null;
  return {
    lane,
    messages,
    bytes,
    deadlineMs,
    parts,
    session: lane.session,
    firstSequence: lane.sequence,
    isUnsure: false,
  };
}

/** Answers the calls whose records the broker has: the first stands at `baseOffset`, all were stamped at `stampMs`. */
export function settle({ lane, parts, messages }: Batch, baseOffset: number, stampMs: number): void {
  lane.sequence += messages.length;
  lane.isBusy = false;
  lane.arrivalUs = Math.max(lane.arrivalUs, stampMs * 1000);
  let offset = baseOffset;
  for (const { slice, from, count } of parts) {
    const { answers } = slice.call;
    for (let i = from; i < from + count; i++) {
      const place = slice.places[i] as number;
      answers[place] = { shardId: lane.shardId, position: String(offset++), arrivalUs: lane.arrivalUs };
    }
    slice.call.left -= count;
    if (slice.call.left === 0) slice.call.resolve(answers);
  }
}

/** Fails the calls of a batch. What else they hold of this partition is not sent any more. */
export function fail({ lane, parts }: Batch, error: unknown): void {
  restart(lane);
  lane.isBusy = false;
  for (const { slice } of parts) {
    slice.call.reject(error);
    if (lane.waiting[0] === slice) lane.waiting.shift();
  }
}
