import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arnOf, type Endpoint, openEndpoint } from './fixture-operations.ts';

describe('tags and policies', () => {
  let endpoint: Endpoint;
  let consumer: string;
  beforeEach(async () => {
    endpoint = await openEndpoint();
    await endpoint.call('CreateStream', { StreamName: 's', ShardCount: 1 });
    const input = { StreamARN: arnOf('s'), ConsumerName: 'c', Tags: { at: 'birth' } };
    consumer = (await endpoint.call('RegisterStreamConsumer', input)).Consumer.ConsumerARN;
  });
  afterEach(() => endpoint.close());
  const call: Endpoint['call'] = (...args) => endpoint.call(...args);

  test('of a stream are added, replaced, listed in pages and removed', async () => {
    await call('AddTagsToStream', { StreamName: 's', Tags: { b: '1', a: '', c: 'ä + / 7' } });
    await call('AddTagsToStream', { StreamName: 's', Tags: { b: '2' } });
    const page = await call('ListTagsForStream', { StreamName: 's', Limit: 2 });
    expect(page).toEqual({
      Tags: [
        { Key: 'a', Value: '' },
        { Key: 'b', Value: '2' },
      ],
      HasMoreTags: true,
    });
    expect(await call('ListTagsForStream', { StreamName: 's', ExclusiveStartTagKey: 'b' })).toEqual({
      Tags: [{ Key: 'c', Value: 'ä + / 7' }],
      HasMoreTags: false,
    });
    await call('RemoveTagsFromStream', { StreamName: 's', TagKeys: ['a', 'none'] });
    expect((await call('ListTagsForResource', { ResourceARN: arnOf('s') })).Tags).toHaveLength(2);
  });

  test('of streams and consumers go by ARN, each to its own', async () => {
    await call('TagResource', { ResourceARN: consumer, Tags: { x: '1' } });
    await call('TagResource', { ResourceARN: arnOf('s'), Tags: { y: '2' } });
    const listed = async (ResourceARN: string) => (await call('ListTagsForResource', { ResourceARN })).Tags;
    expect(await listed(consumer)).toEqual([
      { Key: 'at', Value: 'birth' },
      { Key: 'x', Value: '1' },
    ]);
    expect(await listed(arnOf('s'))).toEqual([{ Key: 'y', Value: '2' }]);
    await call('UntagResource', { ResourceARN: consumer, TagKeys: ['at', 'x'] });
    expect(await listed(consumer)).toEqual([]);
    const missing = { type: 'ResourceNotFoundException' };
    await expect(listed(arnOf('none'))).rejects.toMatchObject(missing);
    await expect(listed(`${consumer}1`)).rejects.toMatchObject(missing);
    await expect(listed(arnOf('s').replace('stream/', 'queue/'))).rejects.toMatchObject(missing);
    await expect(listed('arn:aws:s3:::bucket')).rejects.toMatchObject({ type: 'InvalidArgumentException' });
  });

  test('are refused with odd characters, with reserved keys, and beyond fifty', async () => {
    const add = (Tags: object) => call('AddTagsToStream', { StreamName: 's', Tags });
    const invalid = { type: 'InvalidArgumentException' };
    await expect(add({ 'a!': 'b' })).rejects.toMatchObject(invalid);
    await expect(add({ a: '5 %' })).rejects.toMatchObject({
      ...invalid,
      message: expect.stringMatching(
        /^Failed to add tags to stream s under account 0+ because some tags contained illegal/,
      ),
    });
    await expect(add({ a: '\n' })).rejects.toMatchObject(invalid);
    await expect(add({ 'aws:a': 'b' })).rejects.toMatchObject(invalid);
    await add(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, ''])));
    await add({ k7: 'again' });
    await expect(add({ more: '' })).rejects.toMatchObject(invalid);
    await expect(call('RemoveTagsFromStream', { StreamName: 's', TagKeys: ['a!'] })).rejects.toMatchObject(invalid);
  });

  test('policies are kept for streams and consumers as they are given, and taken away', async () => {
    for (const ResourceARN of [arnOf('s'), consumer]) {
      const statement = { Effect: 'Allow', Principal: '*', Action: 'kinesis:GetRecords', Resource: ResourceARN };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      const missing = { type: 'ResourceNotFoundException' };
      expect(await call('GetResourcePolicy', { ResourceARN })).toEqual({ Policy: '{}' });
      await call('PutResourcePolicy', { ResourceARN, Policy });
      expect(await call('GetResourcePolicy', { ResourceARN })).toEqual({ Policy });
      await call('DeleteResourcePolicy', { ResourceARN });
      await expect(call('DeleteResourcePolicy', { ResourceARN })).rejects.toMatchObject(missing);
      for (const broken of ['{', 'null', '{}', '"Statement"', `{"Statement":"${'x'.repeat(20_481)}"}`]) {
        await expect(call('PutResourcePolicy', { ResourceARN, Policy: broken })).rejects.toMatchObject({
          type: 'InvalidArgumentException',
        });
      }
    }
    expect((await call('ListTagsForResource', { ResourceARN: consumer })).Tags).toHaveLength(1);
  });
});
