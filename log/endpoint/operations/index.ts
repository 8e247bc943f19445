import type { EmbeddedLog } from '../../drivers/embedded-log.ts';
import type { Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { createCreateStream } from './create-stream.ts';
import { createDeleteStream } from './delete-stream.ts';
import { createDescribeStream, createDescribeStreamSummary } from './describe-stream.ts';
import { createGetRecords } from './get-records.ts';
import { createGetShardIterator } from './get-shard-iterator.ts';
import { createListShards } from './list-shards.ts';
import { createListStreams } from './list-streams.ts';
import type { OperationName } from './operation-name.ts';
import { createPutRecord } from './put-record.ts';
import { createPutRecords } from './put-records.ts';
import { createThroughput } from './throughput.ts';
import { createSealer } from './token.ts';

export { OPERATION_NAMES, type OperationName } from './operation-name.ts';

export interface OperationOptions {
  /** µs since 1970; the system's clock by default. Has to be the log's. */
  readonly clock?: () => number;
  /** How long streams and consumers stay in CREATING, UPDATING and DELETING, ms; 0 by default. */
  readonly delayMs?: number;
  /** Enforces the service's rates per shard and its intervals; off by default. */
  readonly enforceLimits?: boolean;
  /** Open shards of the account at most; 10,000 by default. */
  readonly shardLimit?: number;
}

const SHARD_LIMIT_DEFAULT = 10_000;

/**
 * The meaning of the Kinesis API over an embedded log. Each operation takes an input that has passed the service
 * model's constraints, and throws KinesisError where the service refuses; any other error is the log's own.
 */
export function createOperations(
  log: EmbeddedLog,
  options: OperationOptions = {},
): Readonly<Record<OperationName, Operation>> {
  const { clock = () => Date.now() * 1000, delayMs = 0, enforceLimits = false } = options;
  const context: Context = {
    log,
    clock,
    delayMs,
    shardLimit: options.shardLimit ?? SHARD_LIMIT_DEFAULT,
    sealer: createSealer(log),
    throughput: enforceLimits ? createThroughput(clock) : null,
  };
  return {
    CreateStream: createCreateStream(context),
    DeleteStream: createDeleteStream(context),
    DescribeStream: createDescribeStream(context),
    DescribeStreamSummary: createDescribeStreamSummary(context),
    GetRecords: createGetRecords(context),
    GetShardIterator: createGetShardIterator(context),
    ListShards: createListShards(context),
    ListStreams: createListStreams(context),
    PutRecord: createPutRecord(context),
    PutRecords: createPutRecords(context),
  } as unknown as Readonly<Record<OperationName, Operation>>;
}
