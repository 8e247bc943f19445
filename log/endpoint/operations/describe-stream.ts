import type {
  DescribeStreamInput,
  DescribeStreamOutput,
  DescribeStreamSummaryInput,
  DescribeStreamSummaryOutput,
  EnhancedMetrics,
  MetricsName,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import { liveConsumers } from './consumer.ts';
import type { Context } from './context.ts';
import { listedShards, toShard } from './shard.ts';
import { readShardId } from './shard-id.ts';
import { demandStream, type Stream } from './stream.ts';
import { HOUR_MS, RECORD_KIB_DEFAULT, RETENTION_HOURS_MAX } from './stream-document.ts';

/** The API Reference, DescribeStream: the default, and the most given whatever the limit. */
const SHARDS_MAX = 100;

export function createDescribeStream(context: Context): Operation<DescribeStreamInput, DescribeStreamOutput> {
  return async (input, call) => {
    const stream = demandStream(context, call, input);
    const { ExclusiveStartShardId, Limit = SHARDS_MAX } = input;
    const after =
      ExclusiveStartShardId === undefined ? '' : (readShardId(ExclusiveStartShardId) ?? ExclusiveStartShardId);
    const left = listedShards(context, stream).filter(({ shardId }) => shardId > after);
    const page = left.slice(0, Math.min(Limit, SHARDS_MAX));
    return {
      StreamDescription: {
        ...commonDescription(stream),
        Shards: page.map(toShard),
        HasMoreShards: page.length < left.length,
      },
    };
  };
}

export function createDescribeStreamSummary(
  context: Context,
): Operation<DescribeStreamSummaryInput, DescribeStreamSummaryOutput> {
  return async (input, call) => {
    const stream = demandStream(context, call, input);
    const open = stream.status === 'CREATING' ? [] : stream.description.shards.filter((shard) => !shard.closed);
    return {
      StreamDescriptionSummary: {
        ...commonDescription(stream),
        OpenShardCount: open.length,
        ConsumerCount: liveConsumers(context, stream).length,
        MaxRecordSizeInKiB: stream.document.maxRecordKiB ?? RECORD_KIB_DEFAULT,
        ...(stream.document.mode === 'ON_DEMAND' ? { RecordDistributionStrategy: 'USER_PARTITION_KEY' as const } : {}),
      },
    };
  };
}

function commonDescription(stream: Stream) {
  const { name, arn, status, description, document } = stream;
  const { encryptionKeyId } = document;
  return {
    StreamName: name,
    StreamARN: arn,
    StreamStatus: status,
    StreamModeDetails: { StreamMode: document.mode ?? 'PROVISIONED' },
    RetentionPeriodHours: retentionHours(stream),
    StreamCreationTimestamp: new Date(Math.floor(description.createdUs / 1000)),
    EnhancedMonitoring: [enhancedMetrics(document.metrics ?? [])],
    ...(encryptionKeyId === undefined
      ? { EncryptionType: 'NONE' as const }
      : { EncryptionType: 'KMS' as const, KeyId: encryptionKeyId }),
  };
}

/** A stream that keeps everything shows the longest retention that there is. */
export function retentionHours({ retention }: Stream): number {
  return retention.ageMs === null ? RETENTION_HOURS_MAX : Math.ceil(retention.ageMs / HOUR_MS);
}

function enhancedMetrics(metrics: readonly string[]): EnhancedMetrics {
  return { ShardLevelMetrics: metrics as MetricsName[] };
}
