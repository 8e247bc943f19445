import { expect, test } from 'vitest';
import { ConfigError, RetryableError } from '../../../core/index.ts';
import type { Start } from '../../log.ts';
import type { Offsets } from './offsets.ts';
import { createReader } from './reader.ts';
import type { TopicShard } from './topics.ts';
import type { FetchedMessage } from './wire.ts';

const SHARD: TopicShard = {
  stream: 's',
  topic: 's',
  shardId: 'shardId-000000000000',
  partition: 0,
  incarnation: 'aaaaaaaaaaaa',
};
const LATEST: Start = { type: 'LATEST' };
const NEVER = new Promise<never>(() => {});

function readerOn(offsets: Partial<Offsets>) {
  const closing = new AbortController();
  return { reader: createReader(offsets as Offsets, () => Date.now() * 1000, closing.signal), closing };
}

test.each<[string, Partial<Offsets>, () => Promise<TopicShard>]>([
  ['where the shard is cannot be asked', {}, () => NEVER],
  ['its end cannot be asked', { range: () => NEVER }, async () => SHARD],
])('a watch ends at its time, at its signal and when the log closes, though %s', async (_, offsets, shardOf) => {
  const { reader, closing } = readerOn(offsets);
  await reader.watch(shardOf, LATEST, 1);
  const abort = new AbortController();
  const aborted = reader.watch(shardOf, LATEST, 60_000, abort.signal);
  abort.abort();
  await aborted;
  const closed = reader.watch(shardOf, LATEST, 60_000);
  closing.abort();
  await closed;
});

test('a watch goes on when it may pass that a shard cannot be found, and throws when it cannot', async () => {
  const { reader } = readerOn({});
  let asked = 0;
  const shardOf = async () => {
    if (asked++ === 0) throw new RetryableError('later');
    throw new ConfigError('there is no stream');
  };
  await expect(reader.watch(shardOf, LATEST, 30_000)).rejects.toThrow('there is no stream');
});

test('a fetch that holds nothing but an aborted transaction is no end: reading goes on to what lies behind', async () => {
  const message = (offset: number, inTransaction: boolean): FetchedMessage => ({
    offset: String(offset),
    timestamp: '1000',
    key: null,
    value: Buffer.from('v'),
    headers: {},
    isControlRecord: false,
    batchContext: { producerId: '7', inTransaction },
  });
  const { reader } = readerOn({
    saw() {},
    since: async () => null,
    // One batch a fetch: eight of a transaction that was aborted, then a record.
    fetch: async (_, offset) => ({
      partition: 0,
      highWatermark: '9',
      lastStableOffset: '9',
      abortedTransactions: [{ producerId: '7', firstOffset: '0' }],
      messages: offset > 8 ? [] : [message(offset, offset < 8)],
    }),
  });
  const read = await reader.read(SHARD, { type: 'AT_SEQUENCE_NUMBER', position: '0' }, {});
  expect(read.records.map(({ position }) => position)).toEqual(['8']);
});
