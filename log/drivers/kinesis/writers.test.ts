import { setTimeout as sleep } from 'node:timers/promises';
import type { PutRecordsInput, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import type { AppendRecord } from '../../log.ts';
import { openKinesisLog } from '../kinesis.ts';
import { unseal } from './envelope.ts';
import { clientOf, fault, SUMMARY } from './test-kinesis.ts';

const SHARD = 'shardId-000000000000';
const recordOf = (n: number): AppendRecord => ({ app: 'okta', source: String(n), key: 'k', data: new Uint8Array(1) });

/** A stream of one shard; `describing` says how long its nth description takes, ms. */
async function openOn(describing: (nth: number) => number) {
  const taken: (string | undefined)[] = [];
  let described = 0;
  let refused = 0;
  const client = clientOf({
    CreateStream: () => {
      throw fault('ResourceInUseException');
    },
    DescribeStreamSummary: async () => {
      await sleep(describing(described++));
      return {
        StreamDescriptionSummary: SUMMARY,
      };
    },
    ListShards: () => ({
      Shards: [
        {
          ShardId: SHARD,
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
          SequenceNumberRange: { StartingSequenceNumber: '1' },
        },
      ],
    }),
    PutRecords: ({ Records = [] }: PutRecordsInput) => ({
      Records: Records.map(({ Data = new Uint8Array() }): PutRecordsResultEntry => {
        if (refused-- > 0) return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' };
        taken.push(unseal(Data)?.source);
        return { SequenceNumber: String(taken.length), ShardId: SHARD };
      }),
    }),
  });
  const log = await openKinesisLog({ region: 'r', client, clock: () => 5_000_000 });
  return {
    log,
    taken,
    described: () => described,
    refuse: (count: number) => {
      refused = count;
    },
  };
}

test('appends at once keep their order and ask for the stream once, however long the answer takes', async () => {
  const { log, taken, described } = await openOn((nth) => Math.max(0, 60 - 5 * nth));
  const first = [0, 1, 2, 3].map((n) => log.append('s', [recordOf(n)]));
  await sleep(5);
  const later = [4, 5, 6, 7].map((n) => log.append('s', [recordOf(n)]));
  await Promise.all([...first, ...later]);
  expect(taken).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  expect(described()).toBe(1);
});

test('an append behind a refused one stays behind it, also when the stream is created again meanwhile', async () => {
  const { log, taken, refuse } = await openOn(() => 0);
  await log.append('s', [recordOf(0)]);
  refuse(3);
  const refused = log.append('s', [recordOf(1)]);
  await sleep(10);
  await log.createStream('s', { shards: 1 });
  await Promise.all([refused, log.append('s', [recordOf(2)])]);
  expect(taken).toEqual(['0', '1', '2']);
});
