import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashKeyOf } from '../../hash-key.ts';
import { deaggregate, type UserRecord } from './aggregate.ts';
import { seal } from './envelope.ts';
import { expand } from './expand.ts';

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const field = (number: number, bytes: Uint8Array): number[] => [number * 8 + 2, ...varint(bytes.length), ...bytes];

/** As the Kinesis Producer Library packs them: every key once in its table. */
function aggregate(records: readonly UserRecord[]): Uint8Array {
  const keys = [...new Set(records.map(({ key }) => key))];
  const hashKeys = [...new Set(records.flatMap(({ explicitHashKey }) => explicitHashKey ?? []))];
  const message = Buffer.from([
    ...keys.flatMap((key) => field(1, Buffer.from(key))),
    ...hashKeys.flatMap((key) => field(2, Buffer.from(key))),
    ...records.flatMap(({ key, explicitHashKey, data }) =>
      field(
        3,
        Buffer.from([
          ...[8, ...varint(keys.indexOf(key))],
          ...(explicitHashKey === null ? [] : [16, ...varint(hashKeys.indexOf(explicitHashKey))]),
          ...field(3, data),
          // A tag, a fixed64 and a fixed32 that a later version may add.
          ...field(4, Buffer.from([10, 1, 120])),
          ...[41, 1, 2, 3, 4, 5, 6, 7, 8, 53, 1, 2, 3, 4],
        ]),
      ),
    ),
  ]);
  return Buffer.concat([Buffer.from([0xf3, 0x89, 0x9a, 0xc2]), message, createHash('md5').update(message).digest()]);
}

const userRecord = fc.record({
  key: fc.string({ minLength: 1, maxLength: 20 }),
  explicitHashKey: fc.option(fc.bigInt(0n, 2n ** 128n - 1n).map(String)),
  data: fc.uint8Array({ maxLength: 300 }),
});

describe('records that a producer packed', () => {
  test('come out as they went in', () => {
    fc.assert(
      fc.property(fc.array(userRecord, { maxLength: 20 }), (records) => {
        const opened = deaggregate(aggregate(records));
        expect(opened?.map((record) => ({ ...record, data: new Uint8Array(record.data) }))).toEqual(records);
      }),
    );
  });

  test('are read as another implementation of the format writes them', () => {
    // From the documentation of ExKpl 0.2.0 (Elixir), `ExKpl.add` with {"partition_key", "data"}.
    const digest = [208, 54, 153, 218, 90, 34, 47, 163, 33, 8, 173, 27, 217, 85, 161, 78];
    const message = [...field(1, Buffer.from('partition_key')), 26, 8, 8, 0, 26, 4, ...Buffer.from('data')];
    const opened = deaggregate(Uint8Array.from([243, 137, 154, 194, ...message, ...digest]));
    expect(opened).toEqual([{ key: 'partition_key', explicitHashKey: null, data: expect.anything() }]);
    expect(Buffer.from(opened?.[0]?.data ?? []).toString()).toBe('data');
  });

  test('are plain bytes when the digest is wrong, they are cut, or a record lacks its key or data', () => {
    const whole = aggregate([{ key: 'k', explicitHashKey: null, data: Buffer.from('x') }]);
    for (let at = 0; at < whole.length; at++) {
      const changed = Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 1 : byte));
      expect(deaggregate(changed)).toBeNull();
      expect(deaggregate(whole.subarray(0, at))).toBeNull();
    }
    for (const body of [[8, 0], field(3, Buffer.from('x')), [8, 7, ...field(3, Buffer.from('x'))]]) {
      const message = Buffer.from([...field(1, Buffer.from('k')), ...field(3, Buffer.from(body))]);
      const digest = createHash('md5').update(message).digest();
      expect(deaggregate(Buffer.concat([whole.subarray(0, 4), message, digest]))).toBeNull();
    }
  });

  test('are plain bytes when the message breaks off or has fields that protobuf does not know: none is lost', () => {
    const whole = [...field(1, Buffer.from('k')), ...field(3, Buffer.from([8, 0, ...field(3, Buffer.from('x'))]))];
    const body = (fields: readonly number[]) => {
      const message = Buffer.from(fields);
      const digest = createHash('md5').update(message).digest();
      return Buffer.concat([Buffer.from([0xf3, 0x89, 0x9a, 0xc2]), message, digest]);
    };
    expect(deaggregate(body(whole))).toHaveLength(1);
    const inner = [8, 0, ...field(3, Buffer.from('x'))];
    for (const fields of [
      [...whole, 26],
      [...whole, 26, 100, 8, 0],
      [...whole, ...field(3, Buffer.from([...inner, 26, 9, 1]))],
      [...whole, 30],
      [...whole, 0, 0],
      [...whole, ...new Array(11).fill(255)],
    ])
      expect(deaggregate(body(fields))).toBeNull();
  });

  test('cost no more than their bytes, whatever their keys are', () => {
    const shard = {
      shardId: 'shardId-000000000000',
      hashKeyRange: { start: '0', end: String(2n ** 127n) },
      parents: [],
      closed: false,
    };
    const key = 'k'.repeat(200_000);
    const explicitHashKey = '7'.repeat(400_000);
    for (const hashKey of [null, explicitHashKey]) {
      const one = { key, explicitHashKey: hashKey, data: Buffer.from('x') };
      const Data = aggregate(Array.from({ length: 10_000 }, () => one));
      const begun = performance.now();
      expand({ SequenceNumber: '1', PartitionKey: 'a', Data }, shard, 'kinesis', 9);
      expect(performance.now() - begun).toBeLessThan(1000);
    }
  });

  test('get positions of their own, between those of their neighbours; those of another shard are left out', () => {
    const half = 2n ** 127n;
    const shard = {
      shardId: 'shardId-000000000000',
      hashKeyRange: { start: '0', end: String(half - 1n) },
      parents: [],
      closed: false,
    };
    const keys = Array.from({ length: 40 }, (_, i) => `person:${i}`);
    const data = seal({ app: 'okta', source: 's', key: null, data: Buffer.from('{}') });
    const inner: UserRecord[] = [
      ...keys.map((key) => ({ key, explicitHashKey: null, data })),
      { key: 'here', explicitHashKey: '5', data: Buffer.from('plain') },
      { key: 'elsewhere', explicitHashKey: String(half), data },
    ];
    const records = expand({ SequenceNumber: '4957', PartitionKey: 'a', Data: aggregate(inner) }, shard, 'kinesis', 9);
    const here = keys.filter((key) => hashKeyOf(key) < half);
    expect(records.map(({ key }) => key)).toEqual([...here, 'here']);
    expect(records[0]).toMatchObject({
      app: 'okta',
      source: 's',
      arrivalUs: 9,
      position: `4957${String(keys.indexOf(here[0]!)).padStart(7, '0')}`,
    });
    expect(records.at(-1)).toMatchObject({ app: 'kinesis', source: '', position: '49570000040' });
    const positions = records.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].toSorted());
  });
});
