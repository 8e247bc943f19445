import type { EmbeddedLog } from '../../drivers/embedded-log.ts';
import type { Operation } from '../operation.ts';
import { createDescribeAccountSettings, createDescribeLimits, createUpdateAccountSettings } from './account.ts';
import {
  createDeregisterStreamConsumer,
  createDescribeStreamConsumer,
  createListStreamConsumers,
  createRegisterStreamConsumer,
} from './consumers.ts';
import type { Context } from './context.ts';
import { createCreateStream } from './create-stream.ts';
import { createDeleteStream, takeAwayDeleted } from './delete-stream.ts';
import { createDescribeStream, createDescribeStreamSummary } from './describe-stream.ts';
import { createStartStreamEncryption, createStopStreamEncryption } from './encryption.ts';
import { createDisableEnhancedMonitoring, createEnableEnhancedMonitoring } from './enhanced-monitoring.ts';
import { createGetRecords } from './get-records.ts';
import { createGetShardIterator } from './get-shard-iterator.ts';
import { createListShards } from './list-shards.ts';
import { createListStreams } from './list-streams.ts';
import type { OperationName } from './operation-name.ts';
import { createPutRecord } from './put-record.ts';
import { createPutRecords } from './put-records.ts';
import { createMergeShards, createSplitShard } from './reshard.ts';
import { createDeleteResourcePolicy, createGetResourcePolicy, createPutResourcePolicy } from './resource-policy.ts';
import { createDecreaseStreamRetentionPeriod, createIncreaseStreamRetentionPeriod } from './retention-period.ts';
import { createSubscribeToShard } from './subscribe-to-shard.ts';
import {
  createAddTagsToStream,
  createListTagsForResource,
  createListTagsForStream,
  createRemoveTagsFromStream,
  createTagResource,
  createUntagResource,
} from './tags.ts';
import { createThroughput } from './throughput.ts';
import { createSealer } from './token.ts';
import { createUpdateMaxRecordSize } from './update-max-record-size.ts';
import { createUpdateShardCount } from './update-shard-count.ts';
import { createUpdateStreamMode } from './update-stream-mode.ts';

export type { OperationName } from './operation-name.ts';

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
  void takeAwayDeleted(context);
  return {
    AddTagsToStream: createAddTagsToStream(context),
    CreateStream: createCreateStream(context),
    DecreaseStreamRetentionPeriod: createDecreaseStreamRetentionPeriod(context),
    DeleteResourcePolicy: createDeleteResourcePolicy(context),
    DeleteStream: createDeleteStream(context),
    DeregisterStreamConsumer: createDeregisterStreamConsumer(context),
    DescribeAccountSettings: createDescribeAccountSettings(context),
    DescribeLimits: createDescribeLimits(context),
    DescribeStream: createDescribeStream(context),
    DescribeStreamConsumer: createDescribeStreamConsumer(context),
    DescribeStreamSummary: createDescribeStreamSummary(context),
    DisableEnhancedMonitoring: createDisableEnhancedMonitoring(context),
    EnableEnhancedMonitoring: createEnableEnhancedMonitoring(context),
    GetRecords: createGetRecords(context),
    GetResourcePolicy: createGetResourcePolicy(context),
    GetShardIterator: createGetShardIterator(context),
    IncreaseStreamRetentionPeriod: createIncreaseStreamRetentionPeriod(context),
    ListShards: createListShards(context),
    ListStreamConsumers: createListStreamConsumers(context),
    ListStreams: createListStreams(context),
    ListTagsForResource: createListTagsForResource(context),
    ListTagsForStream: createListTagsForStream(context),
    MergeShards: createMergeShards(context),
    PutRecord: createPutRecord(context),
    PutRecords: createPutRecords(context),
    PutResourcePolicy: createPutResourcePolicy(context),
    RegisterStreamConsumer: createRegisterStreamConsumer(context),
    RemoveTagsFromStream: createRemoveTagsFromStream(context),
    SplitShard: createSplitShard(context),
    StartStreamEncryption: createStartStreamEncryption(context),
    StopStreamEncryption: createStopStreamEncryption(context),
    SubscribeToShard: createSubscribeToShard(context),
    TagResource: createTagResource(context),
    UntagResource: createUntagResource(context),
    UpdateAccountSettings: createUpdateAccountSettings(context),
    UpdateMaxRecordSize: createUpdateMaxRecordSize(context),
    UpdateShardCount: createUpdateShardCount(context),
    UpdateStreamMode: createUpdateStreamMode(context),
  };
}
