import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, arnOf, bytes, type Endpoint, openEndpoint } from './fixture-operations.ts';

const MIB = 1024 * 1024;

describe('consumers and their subscriptions', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = await openEndpoint();
    await endpoint.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  });
  afterEach(() => endpoint.close());
  const call: Endpoint['call'] = (...args) => endpoint.call(...args);
  const register = async (ConsumerName: string, via = call) =>
    (await via('RegisterStreamConsumer', { StreamARN: arnOf('s'), ConsumerName })).Consumer;
  const put = (text: string) =>
    call('PutRecord', { StreamName: 's', Data: bytes(text), PartitionKey: 'k', ExplicitHashKey: '0' });
  const subscribe = async (
    ConsumerARN: string,
    StartingPosition: object,
    more: object = {},
    via = call,
    signal?: AbortSignal,
  ) => {
    const { EventStream } = await via(
      'SubscribeToShard',
      { ConsumerARN, ShardId: '0', StartingPosition, ...more },
      signal,
    );
    return EventStream[Symbol.asyncIterator]();
  };
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any member of an event.
  const next = async (events: AsyncIterator<{ SubscribeToShardEvent: any }>) => {
    const { value, done } = await events.next();
    return done ? null : value.SubscribeToShardEvent;
  };
  const texts = (event: { Records: { Data: Uint8Array }[] }) =>
    event.Records.map(({ Data }) => Buffer.from(Data).toString());

  test('are registered, described by name and ARN, listed in pages, and deregistered', async () => {
    const consumer = await register('c');
    const createdS = Math.floor(endpoint.nowMs() / 1000);
    expect(consumer).toEqual({
      ConsumerName: 'c',
      ConsumerARN: `${arnOf('s')}/consumer/c:${createdS}`,
      ConsumerStatus: 'CREATING',
      ConsumerCreationTimestamp: new Date(endpoint.nowMs()),
    });
    const described = { ...consumer, ConsumerStatus: 'ACTIVE', StreamARN: arnOf('s') };
    const { ConsumerARN } = consumer;
    for (const input of [
      { ConsumerARN },
      { StreamARN: arnOf('s'), ConsumerName: 'c' },
      { ConsumerARN, StreamARN: arnOf('s'), ConsumerName: 'c' },
    ]) {
      expect((await call('DescribeStreamConsumer', input)).ConsumerDescription).toEqual(described);
    }
    await register('b');
    const first = await call('ListStreamConsumers', { StreamARN: arnOf('s'), MaxResults: 1 });
    expect(first.Consumers).toMatchObject([{ ConsumerName: 'b' }]);
    const second = await call('ListStreamConsumers', { StreamARN: arnOf('s'), NextToken: first.NextToken });
    expect(second).toMatchObject({ Consumers: [{ ConsumerName: 'c' }] });
    expect(second.NextToken).toBeUndefined();
    await expect(call('DeleteStream', { StreamName: 's' })).rejects.toMatchObject({ type: 'ResourceInUseException' });
    await call('DeregisterStreamConsumer', { ConsumerARN });
    await expect(call('DescribeStreamConsumer', { ConsumerARN })).rejects.toMatchObject({
      type: 'ResourceNotFoundException',
      message: `Consumer ${ConsumerARN}, account ${ACCOUNT} not found.`,
    });
    expect((await call('DescribeStreamSummary', { StreamName: 's' })).StreamDescriptionSummary.ConsumerCount).toBe(1);
    await call('DeleteStream', { StreamName: 's', EnforceConsumerDeletion: true });
  });

  test('are refused twice, beyond twenty, by halves and by names that disagree', async () => {
    const { ConsumerARN } = await register('c');
    await expect(register('c')).rejects.toMatchObject({
      type: 'ResourceInUseException',
      message: `Consumer c under stream s already exists for account ${ACCOUNT}.`,
    });
    for (let i = 1; i < 20; i++) await register(`c${i}`);
    await expect(register('more')).rejects.toMatchObject({ type: 'LimitExceededException' });
    for (const input of [
      {},
      { ConsumerName: 'c' },
      { StreamARN: arnOf('s') },
      { ConsumerARN, ConsumerName: 'd' },
      { ConsumerARN: 'arn:x' },
    ]) {
      await expect(call('DescribeStreamConsumer', input)).rejects.toMatchObject({ type: 'InvalidArgumentException' });
    }
    // The ARN of one registered before under the same name is another's.
    endpoint.advance(2000);
    await call('DeregisterStreamConsumer', { ConsumerARN });
    await register('c');
    await expect(call('DescribeStreamConsumer', { ConsumerARN })).rejects.toMatchObject({
      type: 'ResourceNotFoundException',
    });
  });

  test('pass through CREATING and DELETING when there is a delay', async () => {
    const slow = endpoint.again({ delayMs: 100 });
    const { ConsumerARN } = await register('c', slow);
    const status = async () =>
      (await slow('DescribeStreamConsumer', { ConsumerARN })).ConsumerDescription.ConsumerStatus;
    expect(await status()).toBe('CREATING');
    await expect(subscribe(ConsumerARN, { Type: 'LATEST' }, {}, slow)).rejects.toMatchObject({
      type: 'ResourceInUseException',
      message: `Consumer c with creation timestamp ${Math.floor(endpoint.nowMs() / 1000)} under stream: s, account ${ACCOUNT} is not in ACTIVE status.`,
    });
    endpoint.advance(100);
    expect(await status()).toBe('ACTIVE');
    await slow('DeregisterStreamConsumer', { ConsumerARN });
    expect(await status()).toBe('DELETING');
    endpoint.advance(100);
    await expect(status()).rejects.toMatchObject({ type: 'ResourceNotFoundException' });
    await register('c', slow);
  });

  test('get what is there and what comes, and can go on after any event without loss or doubles', async () => {
    const { ConsumerARN } = await register('c');
    const empty = await subscribe(ConsumerARN, { Type: 'LATEST' });
    const before = await next(empty);
    expect(before).toMatchObject({ Records: [], MillisBehindLatest: 0 });
    expect(before.ChildShards).toBeUndefined();
    const coming = next(empty);
    await put('1');
    const first = await coming;
    expect(texts(first)).toEqual(['1']);
    expect(first.ContinuationSequenceNumber).toBe(first.Records[0].SequenceNumber);
    await empty.return?.();
    await put('2');
    for (const Type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']) {
      const SequenceNumber = before.ContinuationSequenceNumber;
      const again = await subscribe(ConsumerARN, { Type, SequenceNumber });
      expect(texts(await next(again))).toEqual(['1', '2']);
      await again.return?.();
    }
    const SequenceNumber = first.ContinuationSequenceNumber;
    const after = await subscribe(ConsumerARN, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
    expect(texts(await next(after))).toEqual(['2']);
    const tip = await subscribe(ConsumerARN, { Type: 'LATEST' });
    const quiet = await next(tip);
    const resumed = await subscribe(ConsumerARN, {
      Type: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber: quiet.ContinuationSequenceNumber,
    });
    await put('3');
    expect(texts(await next(resumed))).toEqual(['3']);
    const timed = await subscribe(ConsumerARN, { Type: 'AT_TIMESTAMP', Timestamp: new Date(endpoint.nowMs()) });
    expect(texts(await next(timed))).toEqual(['1', '2', '3']);
    endpoint.advance(1000);
    const later = await subscribe(ConsumerARN, { Type: 'AT_TIMESTAMP', Timestamp: new Date(endpoint.nowMs() - 1) });
    const nothing = await next(later);
    expect(nothing).toMatchObject({ Records: [], ContinuationSequenceNumber: expect.stringMatching(/^49\d{54}$/) });
    await put('4');
    expect(texts(await next(later))).toEqual(['4']);
  });

  test('are told where a closed shard ends, with its children and nothing to go on from', async () => {
    const { ConsumerARN } = await register('c');
    const events = await subscribe(ConsumerARN, { Type: 'TRIM_HORIZON' });
    await put('1');
    expect(texts(await next(events))).toEqual(['1']);
    const waiting = next(events);
    await call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '99' });
    const end = await waiting;
    expect(end.ContinuationSequenceNumber).toBeUndefined();
    expect(end.ChildShards.map((child: { ShardId: string }) => child.ShardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
    expect(await next(events)).toBeNull();
  });

  test('are cut off after five minutes, when the client goes, and when the stream does', async () => {
    const { ConsumerARN } = await register('c');
    const old = await subscribe(ConsumerARN, { Type: 'TRIM_HORIZON' });
    await put('1');
    await next(old);
    endpoint.advance(300_000);
    expect(await next(old)).toBeNull();
    const abort = new AbortController();
    const left = await subscribe(ConsumerARN, { Type: 'LATEST' }, {}, call, abort.signal);
    await next(left);
    const over = next(left);
    abort.abort();
    expect(await over).toBeNull();
    const orphan = await subscribe(ConsumerARN, { Type: 'LATEST' });
    await next(orphan);
    const lost = expect(next(orphan)).rejects.toMatchObject({ type: 'ResourceNotFoundException' });
    await call('DeleteStream', { StreamName: 's', EnforceConsumerDeletion: true });
    await lost;
  });

  test('get nothing more once they are deregistered', async () => {
    const slow = endpoint.again({ delayMs: 100 });
    for (const [via, type] of [
      [call, 'ResourceNotFoundException'],
      [slow, 'ResourceInUseException'],
    ] as const) {
      const { ConsumerARN } = await register('c');
      const events = await subscribe(ConsumerARN, { Type: 'LATEST' });
      await next(events);
      const over = expect(next(events)).rejects.toMatchObject({ type });
      await via('DeregisterStreamConsumer', { ConsumerARN });
      await put('1');
      await over;
    }
  });

  test('have one subscription a shard: the next call takes it over, within five seconds only without limits', async () => {
    const { ConsumerARN } = await register('c');
    const first = await subscribe(ConsumerARN, { Type: 'LATEST' });
    await next(first);
    const waiting = next(first);
    const second = await subscribe(ConsumerARN, { Type: 'LATEST' });
    expect(await waiting).toBeNull();
    await put('1');
    expect(texts(await next(second))).toEqual(['1']);
    const strict = endpoint.again({ enforceLimits: true });
    const held = await subscribe(ConsumerARN, { Type: 'LATEST' }, {}, strict);
    await held.return?.();
    endpoint.advance(4999);
    await expect(subscribe(ConsumerARN, { Type: 'LATEST' }, {}, strict)).rejects.toMatchObject({
      type: 'ResourceInUseException',
      message: `Another active subscription exists for this consumer: ${ACCOUNT}:s:shardId-000000000000:c`,
    });
    endpoint.advance(1);
    await subscribe(ConsumerARN, { Type: 'LATEST' }, {}, strict);
  });

  test('get 2 MiB a second each when limits are enforced', async () => {
    const { ConsumerARN } = await register('c');
    const strict = endpoint.again({ enforceLimits: true });
    const Records = [{ Data: new Uint8Array(MIB - 1), PartitionKey: 'k' }];
    for (let i = 0; i < 3; i++) await call('PutRecords', { StreamName: 's', Records });
    const events = await subscribe(ConsumerARN, { Type: 'TRIM_HORIZON' }, {}, strict);
    expect((await next(events)).Records).toHaveLength(2);
    const begun = performance.now();
    expect((await next(events)).Records).toHaveLength(1);
    expect(performance.now() - begun).toBeGreaterThan(900);
    await events.return?.();
  });

  test('refuse shards and positions as iterators do, and say what a dry run would have done', async () => {
    const { ConsumerARN } = await register('c');
    const refused = (position: object, type: string, more: object = {}) =>
      expect(subscribe(ConsumerARN, position, more)).rejects.toMatchObject({ type });
    await refused({ Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: '1' }, 'InvalidArgumentException');
    await refused({ Type: 'AT_SEQUENCE_NUMBER' }, 'InvalidArgumentException');
    await refused({ Type: 'LATEST' }, 'ResourceNotFoundException', { ShardId: '9' });
    await refused({ Type: 'LATEST' }, 'ResourceNotFoundException', { ConsumerARN: `${ConsumerARN}9` });
    await refused({ Type: 'LATEST' }, 'DryRunOperationException', { DryRun: true });
  });
});
