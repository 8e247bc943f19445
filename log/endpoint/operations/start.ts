import { shardIdOf } from '../../drivers/embedded/catalog-stored.ts';
import type { ShardDetails } from '../../drivers/embedded-log.ts';
import type { Start } from '../../log.ts';
import { type PositionParts, partsOfPosition } from '../../sequence.ts';
import type { Call } from '../operation.ts';
import { type Context, nowMs } from './context.ts';
import { invalidArgument } from './faults.ts';
import type { Stream } from './stream.ts';

/** Where a client wants to begin in a shard. */
export interface WantedStart {
  readonly type: string;
  readonly sequenceNumber: string | undefined;
  readonly timestamp: Date | undefined;
  /** The operation, as its refusals name it. */
  readonly operation: string;
}

/** Where that is in the log, LATEST still to be resolved; InvalidArgumentException for what does not fit together. */
export function readStart(
  context: Context,
  call: Call,
  stream: Stream,
  shard: ShardDetails,
  wanted: WantedStart,
): Start {
  const { type, sequenceNumber, timestamp } = wanted;
  if (type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER') {
    if (sequenceNumber === undefined) throw mustMatch(type, 'no StartingSequenceNumber');
    const { beforeFirst } = checkedParts(call, stream, shard, sequenceNumber, wanted.operation);
    return beforeFirst ? { type: 'TRIM_HORIZON' } : { type, position: sequenceNumber };
  }
  if (sequenceNumber !== undefined) throw mustMatch(type, 'also a StartingSequenceNumber');
  if (type === 'AT_TIMESTAMP') {
    if (timestamp === undefined) {
      throw invalidArgument(
        'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
      );
    }
    const timestampMs = timestamp.getTime();
    const now = nowMs(context);
    if (timestampMs > now) {
      throw invalidArgument(
        'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
          `timestampInMillis: ${timestampMs}, currentTimestampInMillis: ${now}`,
      );
    }
    return { type, timestampUs: timestampMs * 1000 };
  }
  return { type: type === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON' };
}

function mustMatch(type: string, given: string) {
  return invalidArgument(
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
      `(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ${given}.`,
  );
}

function checkedParts(
  call: Call,
  stream: Stream,
  { shardId, createdUs }: ShardDetails,
  sequenceNumber: string,
  operation: string,
): PositionParts {
  const from = partsOfPosition(sequenceNumber);
  const invalid =
    `StartingSequenceNumber ${sequenceNumber} used in ${operation} on shard ${shardId} ` +
    `in stream ${stream.name} under account ${call.accountId} is invalid`;
  if (from === null) throw invalidArgument(`${invalid}.`);
  const encoded = shardIdOf(from.shardIndex);
  if (encoded !== shardId) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${encoded}, while it was used in a call to a shard with ${shardId}`,
    );
  }
  if (from.createdUs !== createdUs) throw invalidArgument(`${invalid} because it did not come from this stream.`);
  return from;
}
