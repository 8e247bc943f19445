import { expect, test } from 'vitest';
import { committedMessages, messageOf, recordOf } from './records.ts';
import type { FetchedMessage, FetchedPartition } from './wire.ts';

const message = (offset: number, producer: string | null, isControlRecord = false): FetchedMessage => ({
  offset: String(offset),
  timestamp: '1000',
  key: Buffer.from('k'),
  value: Buffer.from(`v${offset}`),
  headers: {},
  isControlRecord,
  batchContext: { producerId: producer ?? '-1', inTransaction: producer !== null },
});
const partition = (messages: FetchedMessage[], aborted: [string, number][]): FetchedPartition => ({
  partition: 0,
  highWatermark: '100',
  lastStableOffset: '100',
  abortedTransactions: aborted.map(([producerId, first]) => ({ producerId, firstOffset: String(first) })),
  messages,
});
const offsetsOf = (messages: readonly FetchedMessage[]) => messages.map(({ offset }) => Number(offset));

test('records of an aborted transaction and Kafka’s own are left out, those beside them are not', () => {
  const messages = [
    message(0, null),
    message(1, '7'),
    message(2, '8'),
    message(3, '7'),
    message(4, '7', true),
    message(5, '8'),
    message(6, '8', true),
    message(7, '7'),
    message(8, '7', true),
    message(9, null),
  ];
  expect(offsetsOf(committedMessages(partition(messages, [['7', 1]]), 0))).toEqual([0, 2, 5, 7, 9]);
  expect(
    offsetsOf(
      committedMessages(
        partition(messages, [
          ['7', 7],
          ['8', 2],
        ]),
        0,
      ),
    ),
  ).toEqual([0, 1, 3, 9]);
});

test('what a batch holds before the offset asked for is not given', () => {
  expect(offsetsOf(committedMessages(partition([message(3, null), message(4, null)], []), 4))).toEqual([4]);
});

test('a record that others wrote has an app that nobody maps, no source, and may have no key or data', () => {
  expect(recordOf({ ...message(5, null), key: null, value: null }, 9)).toEqual({
    app: 'unknown',
    source: '',
    key: '',
    data: new Uint8Array(0),
    position: '5',
    arrivalUs: 9,
  });
  const many = { app: [Buffer.from('okta'), Buffer.from('slack')] };
  expect(recordOf({ ...message(5, null), headers: many }, 9).app).toBe('okta');
});

test('the bytes of a view into a larger buffer are sent as they are', () => {
  const data = new Uint8Array(Buffer.from('xxabcxx').buffer, Buffer.from('xxabcxx').byteOffset).subarray(2, 5);
  const { value } = messageOf({ app: 'okta', source: 's', key: 'k', data });
  expect(Buffer.isBuffer(value) && value.length).toBe(3);
});
