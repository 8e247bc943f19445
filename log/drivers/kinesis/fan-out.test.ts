import { setTimeout as sleep } from 'node:timers/promises';
import type { SubscribeToShardEventStream, SubscribeToShardInput } from '@aws-sdk/client-kinesis';
import { describe, expect, test } from 'vitest';
import { createBackOff } from './failure.ts';
import { createFanOut } from './fan-out.ts';
import { createPace } from './pace.ts';
import type { Page, Place, Source } from './source.ts';
import type { Streams } from './streams.ts';
import { clientOf, fault } from './test-kinesis.ts';

const PLACE: Place = {
  stream: 's',
  shard: { shardId: 'shardId-000000000000', hashKeyRange: { start: '0', end: '1' }, parents: [], closed: false },
};

/** One subscription after the other: what it sends, throws, or waits for, ms, or what it throws instead. */
type Script = readonly (Error | readonly (SubscribeToShardEventStream | Error | number)[])[];

function fake(script: Script, statuses: readonly string[] = ['ACTIVE']) {
  const asked: SubscribeToShardInput[] = [];
  let looks = 0;
  const client = clientOf({
    RegisterStreamConsumer: () => {
      throw fault('ResourceInUseException');
    },
    DescribeStreamConsumer: () => ({
      ConsumerDescription: {
        ConsumerName: 'c',
        ConsumerARN: 'arn:c',
        ConsumerStatus: statuses[Math.min(looks++, statuses.length - 1)] as 'ACTIVE',
        ConsumerCreationTimestamp: new Date(0),
        StreamARN: 'arn',
      },
    }),
    SubscribeToShard: (input: SubscribeToShardInput) => {
      const next = script[asked.push(input) - 1] ?? [];
      if (next instanceof Error) throw next;
      return {
        EventStream: (async function* () {
          for (const one of next) {
            if (one instanceof Error) throw one;
            if (typeof one === 'number') await sleep(one);
            else yield one;
          }
        })(),
      };
    },
  });
  const streams = { describe: async () => ({ arn: 'arn' }) } as unknown as Streams;
  const deps = { client, pace: createPace(null), backOff: createBackOff(() => 0) };
  const open = (): Source => createFanOut(deps, streams, 'c').open(PLACE, { type: 'TRIM_HORIZON' });
  return { open, asked };
}

const event = (sequence: number, isLast = false): SubscribeToShardEventStream => ({
  SubscribeToShardEvent: {
    Records: [{ SequenceNumber: String(sequence), Data: new Uint8Array(1), PartitionKey: 'k' }],
    ContinuationSequenceNumber: isLast ? undefined : String(sequence),
    MillisBehindLatest: isLast ? 0 : 5,
  },
});

async function readAll(source: Source): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for (let page: Page | null = null; page?.ended !== true; ) {
    page = await source.next(1000);
    found.push(...page.records.map(({ SequenceNumber }) => SequenceNumber));
  }
  return found;
}

describe('a subscription', () => {
  test('is made anew behind the last continuation, whatever ended it, until the shard ends', async () => {
    const { open, asked } = fake([
      [event(100), event(101)],
      fault('ResourceInUseException'),
      [event(102), { InternalFailureException: fault('InternalFailureException', 500) as never }],
      Object.assign(new Error('gone'), { code: 'ECONNRESET' }),
      [event(103, true)],
    ]);
    const source = open();
    expect(await readAll(source)).toEqual(['100', '101', '102', '103']);
    expect(asked.map(({ StartingPosition }) => StartingPosition?.SequenceNumber)).toEqual([
      undefined,
      '101',
      '101',
      '102',
      '102',
    ]);
    expect(asked[0]).toMatchObject({ ConsumerARN: 'arn:c', StartingPosition: { Type: 'TRIM_HORIZON' } });
    expect(await source.next(1)).toEqual({ records: [], behindMs: 0, ended: true });
  });

  test('is asked for what is there: the first event is waited for, and the next ones while there are more', async () => {
    const { open } = fake([
      [400, event(100), 300, event(101)],
      [300, event(102, true)],
    ]);
    const source = open();
    expect((await source.next(1)).records).toHaveLength(1);
    expect(await source.next(1)).toEqual({ records: [], behindMs: 5, ended: false });
    expect(await readAll(source)).toEqual(['101', '102']);
  });

  test('is made anew when it ends without an event, or in the middle of one', async () => {
    const { open, asked } = fake([[], [new Error('Truncated event message received.')], [event(100, true)]]);
    expect(await readAll(open())).toEqual(['100']);
    expect(asked).toHaveLength(3);
  });

  test('waits until its consumer is active', async () => {
    const { open } = fake([[event(1, true)]], ['CREATING', 'ACTIVE']);
    expect(await readAll(open())).toEqual(['1']);
  });

  test('fails when it may not be', async () => {
    const { open } = fake([fault('AccessDeniedException')]);
    await expect(open().next(1)).rejects.toMatchObject({ name: 'AuthError' });
  });
});
