import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  type _Record as NativeRecord,
  type StartingPosition,
} from '@aws-sdk/client-kinesis';
import type { Shard } from '../../log.ts';
import { type BackOff, nameOf, present, repeated } from './failure.ts';
import type { Pace } from './pace.ts';

/** Where to begin, in Kinesis's own terms. */
export type RawStart =
  | { readonly type: 'TRIM_HORIZON' }
  | { readonly type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampMs: number };

/** What Kinesis gives at once. */
export interface Page {
  readonly records: readonly NativeRecord[];
  readonly behindMs: number;
  /** The shard is closed and this was the last of it. */
  readonly ended: boolean;
}

/** A shard's records as Kinesis gives them, page by page. */
export interface Source {
  next(recordsMax: number): Promise<Page>;
  close(): void;
}

export interface SourceDeps {
  readonly client: KinesisClient;
  readonly pace: Pace;
  readonly backOff: BackOff;
}

/** A shard of a stream. */
export interface Place {
  readonly stream: string;
  readonly shard: Shard;
}

const PAGE_RECORDS_MAX = 10_000;
const REPEAT_FOR_MS = 30_000;

export const toStartingPosition = (start: RawStart): StartingPosition => ({
  Type: start.type,
  ...('sequenceNumber' in start ? { SequenceNumber: start.sequenceNumber } : {}),
  ...('timestampMs' in start ? { Timestamp: new Date(start.timestampMs) } : {}),
});

/** Polls with GetRecords; an iterator that has expired, after five minutes, is renewed behind the last record. */
export function createPollSource({ client, pace, backOff }: SourceDeps, place: Place, start: RawStart): Source {
  const { stream } = place;
  const { shardId } = place.shard;
  let at = start;
  let iterator: string | undefined;
  let isAtEnd = false;

  const iteratorAt = async (): Promise<string> => {
    const { Type, SequenceNumber, Timestamp } = toStartingPosition(at);
    const answer = await client.send(
      new GetShardIteratorCommand({
        StreamName: stream,
        ShardId: shardId,
        ShardIteratorType: Type,
        ...(SequenceNumber === undefined ? {} : { StartingSequenceNumber: SequenceNumber }),
        ...(Timestamp === undefined ? {} : { Timestamp }),
      }),
    );
    return present(answer.ShardIterator, 'an iterator');
  };
  const page = async (recordsMax: number): Promise<Page> => {
    iterator ??= await iteratorAt();
    await pace.turn(`${stream}/${shardId}`);
    const Limit = Math.max(1, Math.min(PAGE_RECORDS_MAX, recordsMax));
    const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit }));
    const records = present(answer.Records, 'records');
    iterator = answer.NextShardIterator;
    isAtEnd = iterator === undefined || iterator === null || iterator === '';
    const last = records.at(-1)?.SequenceNumber;
    if (last !== undefined) at = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last };
    return { records, behindMs: answer.MillisBehindLatest ?? 0, ended: isAtEnd };
  };

  return {
    next(recordsMax) {
      if (isAtEnd) return Promise.resolve({ records: [], behindMs: 0, ended: true });
      return repeated(`read ${stream}/${shardId}`, REPEAT_FOR_MS, backOff, async () => {
        try {
          return await page(recordsMax);
        } catch (error) {
          if (nameOf(error) === 'ProvisionedThroughputExceededException') throw error;
          // Whatever other fault it was, the iterator may have gone with it: a restarted service knows none.
          const wasHeld = iterator !== undefined;
          iterator = undefined;
          if (nameOf(error) === 'ExpiredIteratorException' && wasHeld) return page(recordsMax);
          throw error;
        }
      });
    },
    close() {},
  };
}
