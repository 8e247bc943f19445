import type { IHeaders, Message } from 'kafkajs';
import type { AppendRecord, LogRecord } from '../../log.ts';
import type { FetchedMessage, FetchedPartition } from './wire.ts';

const APP = 'app';
const SOURCE = 'source';
/** The app of records that others wrote without saying. */
const APP_UNKNOWN = 'unknown';
const NO_DATA = new Uint8Array(0);

/** A record as Kafka takes it: the native bytes are the value, what is known about them stands in headers. */
export function messageOf({ app, source, key, data }: AppendRecord): Message {
  return {
    key,
    value: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    headers: { [APP]: app, [SOURCE]: source },
  };
}

/** `arrivalUs` is the record's own stamp or a later one, see arrival.ts. */
export function recordOf({ key, value, headers, offset }: FetchedMessage, arrivalUs: number): LogRecord {
  return {
    app: textOf(headers, APP) || APP_UNKNOWN,
    source: textOf(headers, SOURCE),
    key: key === null ? '' : key.toString('utf8'),
    data: value === null ? NO_DATA : new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
    position: offset,
    arrivalUs,
  };
}

function textOf(headers: IHeaders, name: string): string {
  const value = headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? '' : first.toString();
}

/**
 * The records of a fetch from `fromOffset` on: a batch is given whole, so it may begin before; control records are
 * Kafka's own, and those of an aborted transaction were never written as far as readers are concerned (the protocol
 * gives them to the reader with a list of what was aborted, KIP-98). Beagle writes no transactions; others may.
 */
export function committedMessages(
  { messages, abortedTransactions }: FetchedPartition,
  fromOffset: number,
): FetchedMessage[] {
  const given: FetchedMessage[] = [];
  const aborted = [...(abortedTransactions ?? [])].sort((a, b) => Number(a.firstOffset) - Number(b.firstOffset));
  const dropping = new Set<string>();
  for (const message of messages) {
    const offset = Number(message.offset);
    while (aborted[0] !== undefined && Number(aborted[0].firstOffset) <= offset)
      dropping.add((aborted.shift() as { producerId: string }).producerId);
    const { producerId, inTransaction } = message.batchContext ?? {};
    if (message.isControlRecord) dropping.delete(producerId);
    else if (offset >= fromOffset && !(inTransaction && dropping.has(producerId))) given.push(message);
  }
  return given;
}
