import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, arnOf, bytes, drain, type Endpoint, openEndpoint } from './fixture-operations.ts';

const SHARD = 'shardId-000000000000';
const fault = (name: string, message: string | RegExp) => ({
  type: name,
  message: typeof message === 'string' ? message : expect.stringMatching(message),
});

describe('putting and getting records', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = await openEndpoint();
    await endpoint.call('CreateStream', { StreamName: 's', ShardCount: 2 });
  });
  afterEach(() => endpoint.close());
  const call: Endpoint['call'] = (...args) => endpoint.call(...args);
  const iteratorAt = async (more: object) =>
    (await call('GetShardIterator', { StreamName: 's', ShardId: SHARD, ...more })).ShardIterator;

  test('gives back what was put, in order, with its key, number and time', async () => {
    const numbers: string[] = [];
    for (const text of ['a', 'b', 'c']) {
      const put = await call('PutRecord', {
        StreamName: 's',
        Data: bytes(text),
        PartitionKey: 'k',
        ExplicitHashKey: '0',
      });
      expect(put).toEqual({ ShardId: SHARD, SequenceNumber: expect.stringMatching(/^\d{56}$/) });
      numbers.push(put.SequenceNumber);
    }
    const ShardIterator = await iteratorAt({ ShardIteratorType: 'TRIM_HORIZON' });
    const page = await call('GetRecords', { ShardIterator });
    expect(page.Records).toEqual(
      ['a', 'b', 'c'].map((text, i) => ({
        Data: bytes(text),
        PartitionKey: 'k',
        SequenceNumber: numbers[i],
        ApproximateArrivalTimestamp: new Date(endpoint.nowMs()),
      })),
    );
    expect(page.MillisBehindLatest).toBe(0);
    expect(page.ChildShards).toBeUndefined();
    const after = await call('GetRecords', { ShardIterator: page.NextShardIterator });
    expect(after).toMatchObject({ Records: [], MillisBehindLatest: 0, NextShardIterator: expect.any(String) });
  });

  test('places by the MD5 of the key, and by an explicit hash key whatever the key', async () => {
    const half = 2n ** 127n;
    const { Records, FailedRecordCount } = await call('PutRecords', {
      StreamARN: arnOf('s'),
      Records: [
        { Data: bytes('0'), PartitionKey: 'same', ExplicitHashKey: '0' },
        { Data: bytes('1'), PartitionKey: 'same', ExplicitHashKey: String(half) },
        { Data: bytes('2'), PartitionKey: 'same', ExplicitHashKey: String(2n ** 128n - 1n) },
        { Data: bytes('3'), PartitionKey: 'same', ExplicitHashKey: String(half - 1n) },
        { Data: bytes('4'), PartitionKey: 'a' },
      ],
    });
    expect(FailedRecordCount).toBe(0);
    // MD5('a') begins with 0c: the lower half.
    expect(Records.map((record: { ShardId: string }) => record.ShardId.at(-1))).toEqual(['0', '1', '1', '0', '0']);
    expect((await drain(call, 's', SHARD)).records.map((record) => record.data)).toEqual(['0', '3', '4']);
  });

  test('says that it is behind while anything is unread, however young that is', async () => {
    const one = { Data: bytes('x'), PartitionKey: 'k', ExplicitHashKey: '0' };
    await call('PutRecords', { StreamName: 's', Records: [one, one] });
    const ShardIterator = await iteratorAt({ ShardIteratorType: 'TRIM_HORIZON' });
    const first = await call('GetRecords', { ShardIterator, Limit: 1 });
    expect(first.MillisBehindLatest).toBe(1);
    const second = await call('GetRecords', { ShardIterator: first.NextShardIterator, Limit: 1 });
    expect(second).toMatchObject({ Records: [one].map(({ Data }) => ({ Data })), MillisBehindLatest: 0 });
  });

  test('begins with the first record after the number that a shard starts with, of a child as of a first shard', async () => {
    const put = async (text: string) => {
      const record = { StreamName: 's', Data: bytes(text), PartitionKey: 'k', ExplicitHashKey: '0' };
      return (await call('PutRecord', record)).SequenceNumber as string;
    };
    const first = await put('a');
    await call('SplitShard', { StreamName: 's', ShardToSplit: SHARD, NewStartingHashKey: '100' });
    const second = await put('b');
    const { Shards } = await call('ListShards', { StreamName: 's' });
    const rangeOf = (ShardId: string) =>
      Shards.find((shard: { ShardId: string }) => shard.ShardId === ShardId).SequenceNumberRange;
    const child = 'shardId-000000000002';
    for (const [ShardId, number, text] of [
      [SHARD, first, 'a'],
      [child, second, 'b'],
    ] as const) {
      const start = rangeOf(ShardId).StartingSequenceNumber;
      expect(BigInt(start) < BigInt(number)).toBe(true);
      for (const ShardIteratorType of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']) {
        const { Records } = await call('GetRecords', {
          ShardIterator: await iteratorAt({ ShardId, ShardIteratorType, StartingSequenceNumber: start }),
        });
        expect(Records.map((record: { Data: Uint8Array }) => Buffer.from(record.Data).toString())).toEqual([text]);
      }
    }
    const { EndingSequenceNumber } = rangeOf(SHARD);
    expect(BigInt(EndingSequenceNumber) < BigInt(rangeOf(child).StartingSequenceNumber)).toBe(true);
    const SequenceNumberForOrdering = rangeOf(child).StartingSequenceNumber;
    await call('PutRecord', { StreamName: 's', Data: bytes('c'), PartitionKey: 'k', SequenceNumberForOrdering });
  });

  test('begins where each of the five types of iterator says', async () => {
    const put = async (text: string) =>
      (await call('PutRecord', { StreamName: 's', Data: bytes(text), PartitionKey: 'k', ExplicitHashKey: '0' }))
        .SequenceNumber;
    const first = await put('1');
    endpoint.advance(1000);
    const second = await put('2');
    const tip = await iteratorAt({ ShardIteratorType: 'LATEST' });
    const between = new Date(endpoint.nowMs() - 500);
    await put('3');
    const texts = async (ShardIterator: string) =>
      (await call('GetRecords', { ShardIterator })).Records.map((r: { Data: Uint8Array }) =>
        Buffer.from(r.Data).toString(),
      );
    expect(await texts(tip)).toEqual(['3']);
    const at = async (more: object) => texts(await iteratorAt(more));
    expect(await at({ ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['1', '2', '3']);
    expect(await at({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: second })).toEqual(['2', '3']);
    expect(await at({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: first })).toEqual(['2', '3']);
    expect(await at({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: between })).toEqual(['2', '3']);
    expect(await at({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0) })).toEqual(['1', '2', '3']);
  });

  test('reads as many as the limit says, tells how far behind that is, and reads an iterator twice', async () => {
    for (let i = 0; i < 5; i++) {
      await call('PutRecord', { StreamName: 's', Data: bytes(`${i}`), PartitionKey: 'k', ExplicitHashKey: '0' });
    }
    endpoint.advance(2500);
    const ShardIterator = await iteratorAt({ ShardIteratorType: 'TRIM_HORIZON' });
    const page = await call('GetRecords', { ShardIterator, Limit: 2 });
    expect(page.Records).toHaveLength(2);
    expect(page.MillisBehindLatest).toBe(2500);
    expect((await call('GetRecords', { ShardIterator, Limit: 2 })).Records).toEqual(page.Records);
    expect((await call('GetRecords', { ShardIterator: page.NextShardIterator })).Records).toHaveLength(3);
  });

  test('takes records up to the limit of the stream, data and key together, and whole requests up to 10 MiB', async () => {
    const put = (size: number) => call('PutRecord', { StreamName: 's', Data: new Uint8Array(size), PartitionKey: 'é' });
    await put(1_048_574);
    const tooLong = (member: string, most: number) =>
      fault(
        'ValidationException',
        `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
      );
    await expect(put(1_048_575)).rejects.toMatchObject(tooLong('data', 1_048_576));
    const record = (size: number) => ({ Data: new Uint8Array(size), PartitionKey: 'k' });
    await expect(
      call('PutRecords', { StreamName: 's', Records: [record(1), record(1_048_576)] }),
    ).rejects.toMatchObject(tooLong('records.2.member.data', 1_048_576));
    const full = Array.from({ length: 10 }, () => record(1_048_575));
    await call('PutRecords', { StreamName: 's', Records: full });
    await expect(call('PutRecords', { StreamName: 's', Records: [...full, record(0)] })).rejects.toMatchObject(
      fault('InvalidArgumentException', 'Records size exceeds 10 MB limit'),
    );
  });

  test('promises greater numbers behind the one given for ordering, and refuses a stranger', async () => {
    const put = (more: object) => call('PutRecord', { StreamName: 's', Data: bytes('x'), PartitionKey: 'k', ...more });
    const { SequenceNumber } = await put({});
    const next = await put({ SequenceNumberForOrdering: SequenceNumber });
    expect(BigInt(next.SequenceNumber) > BigInt(SequenceNumber)).toBe(true);
    await expect(put({ SequenceNumberForOrdering: '17' })).rejects.toMatchObject(
      fault(
        'InvalidArgumentException',
        `ExclusiveMinimumSequenceNumber 17 used in PutRecord on stream s under account ${ACCOUNT} is invalid.`,
      ),
    );
    // What comes next could not be greater than a number that is still to be given.
    const ahead = { SequenceNumberForOrdering: String(BigInt(next.SequenceNumber) + 1n) };
    const refused = { type: 'InvalidArgumentException', message: expect.stringMatching(/is invalid\.$/) };
    await expect(put(ahead)).rejects.toMatchObject(refused);
    await put({ SequenceNumberForOrdering: next.SequenceNumber });
    await put(ahead);
  });

  test('takes the number of a record for ordering when its shard is long gone, of this stream alone', async () => {
    const put = (more: object) => call('PutRecord', { StreamName: 's', Data: bytes('x'), PartitionKey: 'k', ...more });
    const { SequenceNumber, ShardId } = await put({ ExplicitHashKey: '0' });
    await call('SplitShard', { StreamName: 's', ShardToSplit: ShardId, NewStartingHashKey: '100' });
    endpoint.advance(2 * 86_400_000);
    await endpoint.log.enforceRetention();
    expect(endpoint.log.shard('s', ShardId)).toBeNull();
    await put({ SequenceNumberForOrdering: SequenceNumber });
    await call('DeleteStream', { StreamName: 's' });
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    await expect(put({ SequenceNumberForOrdering: SequenceNumber })).rejects.toMatchObject({
      type: 'InvalidArgumentException',
    });
  });

  test('refuses what names no stream, two streams, or members that it does not have', async () => {
    const record = { Data: bytes('x'), PartitionKey: 'k' };
    const refused = (input: object, name: string, message: string | RegExp) =>
      expect(call('PutRecord', { ...record, ...input })).rejects.toMatchObject(fault(name, message));
    await refused(
      { StreamName: 'none' },
      'ResourceNotFoundException',
      `Stream none under account ${ACCOUNT} not found.`,
    );
    await refused(
      { StreamARN: arnOf('none') },
      'ResourceNotFoundException',
      `Stream none under account ${ACCOUNT} not found.`,
    );
    await refused({}, 'InvalidArgumentException', /StreamName or StreamARN/);
    await refused({ StreamName: 's', StreamARN: arnOf('t') }, 'InvalidArgumentException', /do not name the same/);
    await refused({ StreamName: 's', StreamId: 'a' }, 'InvalidArgumentException', /^StreamId is not supported/);
    await refused({ StreamName: 's', PartitionKey: undefined }, 'ValidationException', /'partitionKey'/);
    await refused(
      { StreamName: 's', ExplicitHashKey: String(2n ** 128n) },
      'InvalidArgumentException',
      /ExplicitHashKey/,
    );
    await refused({ StreamName: 's', DryRun: true }, 'DryRunOperationException', /DryRun/);
    expect((await drain(call, 's', SHARD)).records).toEqual([]);
    await call('PutRecord', { ...record, StreamName: 's', StreamARN: arnOf('s') });
  });

  test('takes an iterator in quotation marks', async () => {
    await call('PutRecord', { StreamName: 's', Data: bytes('a'), PartitionKey: 'k', ExplicitHashKey: '0' });
    const ShardIterator = await iteratorAt({ ShardIteratorType: 'TRIM_HORIZON' });
    expect((await call('GetRecords', { ShardIterator: `"${ShardIterator}"` })).Records).toHaveLength(1);
    await expect(call('GetRecords', { ShardIterator: `"${ShardIterator}` })).rejects.toMatchObject(
      fault('InvalidArgumentException', 'Invalid ShardIterator.'),
    );
  });

  test('refuses iterators that are none, are old, or lie in a stream that has gone', async () => {
    const invalid = fault('InvalidArgumentException', 'Invalid ShardIterator.');
    await expect(call('GetRecords', { ShardIterator: 'AAAA' })).rejects.toMatchObject(invalid);
    const ShardIterator = await iteratorAt({ ShardIteratorType: 'TRIM_HORIZON' });
    const changed = (ShardIterator.startsWith('A') ? 'B' : 'A') + ShardIterator.slice(1);
    await expect(call('GetRecords', { ShardIterator: changed })).rejects.toMatchObject(invalid);
    expect((await endpoint.again()('GetRecords', { ShardIterator })).Records).toEqual([]);
    endpoint.advance(300_000);
    await call('GetRecords', { ShardIterator });
    endpoint.advance(1);
    await expect(call('GetRecords', { ShardIterator })).rejects.toMatchObject(
      fault(
        'ExpiredIteratorException',
        /^Iterator expired. The iterator was created at time Sun Jun 15 15:06:40 UTC 2025 while right now it is Sun Jun 15 15:11:40 UTC 2025 which is further in the future than the tolerated delay of 300000 milliseconds\.$/,
      ),
    );
    const fresh = await iteratorAt({ ShardIteratorType: 'LATEST' });
    await call('DeleteStream', { StreamName: 's' });
    await expect(call('GetRecords', { ShardIterator: fresh })).rejects.toMatchObject(
      fault('ResourceNotFoundException', `Shard ${SHARD} in stream s under account ${ACCOUNT} does not exist`),
    );
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    await call('PutRecord', { StreamName: 's', Data: bytes('new'), PartitionKey: 'k' });
    expect((await call('GetRecords', { ShardIterator: fresh })).Records).toHaveLength(1);
  });

  test('reads shard ids as the service does, and says what an id or a number is wrong for', async () => {
    const refused = (input: object, name: string, message: string | RegExp) =>
      expect(iteratorAt(input)).rejects.toMatchObject(fault(name, message));
    for (const ShardId of ['0', 'shard-0', 'shardId-0']) await iteratorAt({ ShardId, ShardIteratorType: 'LATEST' });
    const latest = { ShardIteratorType: 'LATEST' };
    await refused(
      { ShardId: 'five', ...latest },
      'ResourceNotFoundException',
      `Could not find shard five in stream s under account ${ACCOUNT}.`,
    );
    await refused(
      { ShardId: '2', ...latest },
      'ResourceNotFoundException',
      `Shard shardId-000000000002 in stream s under account ${ACCOUNT} does not exist`,
    );
    const at = { ShardIteratorType: 'AT_SEQUENCE_NUMBER' };
    await refused(
      at,
      'InvalidArgumentException',
      /Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber\.$/,
    );
    await refused(
      { ...latest, StartingSequenceNumber: '1' },
      'InvalidArgumentException',
      /Request specified LATEST and also a StartingSequenceNumber\.$/,
    );
    await refused(
      { ...at, StartingSequenceNumber: '5' },
      'InvalidArgumentException',
      /^StartingSequenceNumber 5 used in GetShardIterator on shard shardId-000000000000 in stream s under account 0+ is invalid\.$/,
    );
    const other = await call('PutRecord', {
      StreamName: 's',
      Data: bytes('x'),
      PartitionKey: 'k',
      ExplicitHashKey: String(2n ** 127n),
    });
    await refused(
      { ...at, StartingSequenceNumber: other.SequenceNumber },
      'InvalidArgumentException',
      'Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to a shard with shardId-000000000000',
    );
    await call('CreateStream', { StreamName: 't', ShardCount: 1 });
    const foreign = await call('PutRecord', { StreamName: 't', Data: bytes('x'), PartitionKey: 'k' });
    await refused(
      { ...at, StartingSequenceNumber: foreign.SequenceNumber },
      'InvalidArgumentException',
      /because it did not come from this stream\.$/,
    );
    await refused({ ShardIteratorType: 'AT_TIMESTAMP' }, 'InvalidArgumentException', /no timestamp parameter\.$/);
    await refused(
      { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(endpoint.nowMs() + 1) },
      'InvalidArgumentException',
      /cannot be greater than the currentTimestampInMillis/,
    );
  });
});
