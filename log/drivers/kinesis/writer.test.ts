import type { PutRecordsInput, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AppendRecord } from '../../log.ts';
import { unseal } from './envelope.ts';
import type { KnownStream } from './streams.ts';
import { clientOf, fault } from './test-kinesis.ts';
import { createWriter } from './writer.ts';

const SHARD = 'shardId-000000000000';
const STREAM: KnownStream = {
  description: { stream: 's', incarnation: '0'.repeat(12), createdUs: 0, shards: [] },
  arn: 'arn',
  recordBytesMax: 1024 * 1024,
  shards: new Map(),
};
const recordOf = (key: string, n: number, bytes = 1): AppendRecord => ({
  app: 'okta',
  source: `${key}:${n}`,
  key,
  data: new Uint8Array(bytes),
});

/** Takes records or refuses them as `verdict` says: false refuses one, 'down' the whole call. */
function service(verdict: (call: number, index: number) => boolean | 'down') {
  const taken: { key: string; source: string }[] = [];
  const calls: PutRecordsInput[] = [];
  const client = clientOf({
    PutRecords: (input: PutRecordsInput) => {
      const call = calls.push(input) - 1;
      if (verdict(call, 0) === 'down') throw fault('InternalFailure', 500);
      const Records = (input.Records ?? []).map((entry, index): PutRecordsResultEntry => {
        if (verdict(call, index) !== true)
          return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' };
        taken.push({ key: entry.PartitionKey ?? '', source: unseal(entry.Data ?? new Uint8Array())?.source ?? '' });
        return { SequenceNumber: String(taken.length), ShardId: SHARD };
      });
      return { Records };
    },
  });
  return { taken, calls, writer: createWriter({ client, stream: STREAM, clock: () => 5_000_000, repeatForMs: 5000 }) };
}

describe('the writer', () => {
  test('keeps the order of each key whatever the service refuses, and answers each record with its own position', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 }), { maxLength: 5 }),
        fc.array(fc.constantFrom(true, true, true, false, 'down' as const), { minLength: 1, maxLength: 6 }),
        async (appends, verdicts) => {
          // Refuses no more than so many times: the pauses grow.
          const { taken, writer } = service((call, index) =>
            call >= 4 ? true : (verdicts[(call * 7 + index) % verdicts.length] ?? true),
          );
          const counts = new Map<number, number>();
          const records = appends.map((keys) =>
            keys.map((key) => {
              const n = counts.get(key) ?? 0;
              counts.set(key, n + 1);
              return recordOf(`k${key}`, n);
            }),
          );
          const answers = await Promise.all(records.map((batch) => writer.append(batch, null)));
          expect(taken).toHaveLength(appends.flat().length);
          const next = new Map<string, number>();
          for (const { key, source } of taken) {
            expect(source).toBe(`${key}:${next.get(key) ?? 0}`);
            next.set(key, (next.get(key) ?? 0) + 1);
          }
          const flat = answers.flat();
          records.flat().forEach(({ source }, i) => {
            expect(flat[i]?.position).toBe(`${taken.findIndex((one) => one.source === source) + 1}0000000`);
            expect(flat[i]?.arrivalUs).toBe(5_000_000);
          });
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  test('lets the keys of other shards pass those that a busy one refuses', async () => {
    let isBusy = true;
    const client = clientOf({
      PutRecords: ({ Records = [] }: PutRecordsInput) => ({
        Records: Records.map(({ PartitionKey = '' }): PutRecordsResultEntry => {
          if (isBusy && PartitionKey.startsWith('hot'))
            return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' };
          return { SequenceNumber: '1', ShardId: SHARD };
        }),
      }),
    });
    const writer = createWriter({ client, stream: STREAM, clock: () => 0, repeatForMs: 60_000 });
    const hot: Promise<unknown>[] = [];
    for (let i = 0; i < 12; i++) {
      hot.push(writer.append([recordOf(`hot${i}`, 0)], null));
      await new Promise(setImmediate);
      await new Promise(setImmediate);
    }
    const begun = performance.now();
    for (let i = 0; i < 10; i++) {
      await writer.append([recordOf('cold', i)], null);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(performance.now() - begun).toBeLessThan(3000);
    isBusy = false;
    await Promise.all(hot);
  }, 20_000);

  test('puts at most 500 records and 10 MiB in a call, those of concurrent appends together', async () => {
    const { calls, writer } = service(() => true);
    await Promise.all(Array.from({ length: 1200 }, (_, i) => writer.append([recordOf(`k${i}`, 0)], null)));
    expect(calls.map((call) => call.Records?.length)).toEqual([500, 500, 200]);
    const large = Array.from({ length: 12 }, (_, i) => recordOf(`k${i}`, 1, 1_000_000));
    await writer.append(large, null);
    expect(calls.slice(3).map((call) => call.Records?.length)).toEqual([10, 2]);
  });

  test('fails an append, and puts no more of it, when its records are refused for too long', async () => {
    const calls: PutRecordsInput[] = [];
    const refusing = clientOf({
      PutRecords: (input: PutRecordsInput) => {
        calls.push(input);
        return { Records: (input.Records ?? []).map(() => ({ ErrorCode: 'InternalFailure', ErrorMessage: 'no' })) };
      },
    });
    const writer = createWriter({ client: refusing, stream: STREAM, clock: () => 0, repeatForMs: 100 });
    const failed = writer.append([recordOf('k', 0), recordOf('k', 1)], null);
    await expect(failed).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/InternalFailure: no/),
    });
    const sources = calls.flatMap((call) =>
      call.Records?.map((entry) => unseal(entry.Data ?? new Uint8Array())?.source),
    );
    expect(new Set(sources)).toEqual(new Set(['k:0']));
  });

  test('fails at once when the credentials are refused, and for a record above the limit of the stream', async () => {
    const client = clientOf({
      PutRecords: () => {
        throw fault('UnrecognizedClientException');
      },
    });
    const writer = createWriter({ client, stream: STREAM, clock: () => 0, repeatForMs: 60_000 });
    await expect(writer.append([recordOf('k', 0)], null)).rejects.toMatchObject({ name: 'AuthError' });
    const large = writer.append([recordOf('k', 0), recordOf('k', 1, 1024 * 1024)], null);
    await expect(large).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^\[log\/kinesis\] record 1 takes 10485\d\d bytes/),
    });
  });

  test('says that a shard is closed when its record lands elsewhere', async () => {
    const { calls, writer } = service(() => true);
    const target = { shardId: 'shardId-000000000007', explicitHashKey: '42' };
    await expect(writer.append([recordOf('k', 0)], target)).rejects.toMatchObject({ name: 'ConflictError' });
    expect(calls[0]?.Records?.[0]?.ExplicitHashKey).toBe('42');
  });
});
