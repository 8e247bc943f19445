import type { CreateStreamInput } from '@aws-sdk/client-kinesis';
import type { StreamLookup } from '../../drivers/embedded-log.ts';
import type { Call, Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { inUse, invalidArgument, limitExceeded, refuseMember, shardLimitExceeded, violation } from './faults.ts';
import { findStream, passing, titleOf } from './stream.ts';
import { HOUR_MS, RECORD_KIB_DEFAULT, RETENTION_HOURS_DEFAULT, type StreamDocument } from './stream-document.ts';
import { checkTags } from './tag-rules.ts';

/** The API Reference, CreateStream. */
const CREATING_MAX = 5;
/** What an on-demand stream begins with (Developer Guide, "Choose the right mode"). */
const SHARDS_ON_DEMAND = 4;
/** Developer Guide, "Quotas and limits". */
export const ON_DEMAND_STREAMS_MAX = 50;

export function createCreateStream(context: Context): Operation<CreateStreamInput, object> {
  return async (input, call) => {
    const name = input.StreamName ?? '';
    const shards = shardsOf(input);
    const document = documentOf(context, call, input);
    await context.log.change((streams) => {
      if (findStream(context, call, name, streams) !== null) {
        throw inUse(`Stream ${name} under account ${call.accountId} already exists.`);
      }
      checkAccount(context, call, streams, shards, document.mode === 'ON_DEMAND');
      // One whose deletion is over, and that nobody has taken away yet.
      if (streams.look(name) !== null) streams.delete(name);
      streams.create(name, {
        shards,
        retention: { ageMs: RETENTION_HOURS_DEFAULT * HOUR_MS, shardBytes: null },
        document,
      });
    });
    return {};
  };
}

/** With neither a mode nor a number of shards the service makes an on-demand stream, as LocalStack's tests recorded. */
function isOnDemand({ ShardCount, StreamModeDetails }: CreateStreamInput): boolean {
  return (StreamModeDetails?.StreamMode ?? (ShardCount === undefined ? 'ON_DEMAND' : 'PROVISIONED')) === 'ON_DEMAND';
}

function shardsOf(input: CreateStreamInput): number {
  const { ShardCount } = input;
  if (isOnDemand(input)) {
    if (ShardCount === undefined) return SHARDS_ON_DEMAND;
    throw invalidArgument('ShardCount cannot be specified for a stream with the on-demand capacity mode.');
  }
  if (ShardCount !== undefined) return ShardCount;
  throw violation("Value null at 'shardCount' failed to satisfy constraint: Member must not be null");
}

function documentOf(context: Context, call: Call, input: CreateStreamInput): StreamDocument {
  const { Tags = {}, MaxRecordSizeInKiB = RECORD_KIB_DEFAULT } = input;
  refuseMember('WarmThroughputMiBps', input.WarmThroughputMiBps);
  const onDemand = isOnDemand(input);
  if (input.RecordDistributionStrategy !== undefined) {
    if (!onDemand) {
      throw invalidArgument(
        'RecordDistributionStrategy is only supported for streams with the on-demand capacity mode.',
      );
    }
    if (input.RecordDistributionStrategy === 'AUTO') refuseMember('RecordDistributionStrategy AUTO', true);
  }
  checkTags(Tags, {}, titleOf(call, input.StreamName ?? ''));
  const status = passing(context, 'CREATING');
  return {
    ...(status === undefined ? {} : { status }),
    mode: onDemand ? 'ON_DEMAND' : 'PROVISIONED',
    maxRecordKiB: MaxRecordSizeInKiB,
    tags: Tags,
  };
}

/** LimitExceededException when the account would have more than it may. */
function checkAccount(context: Context, call: Call, lookup: StreamLookup, shards: number, onDemand: boolean): void {
  const { open, creating, onDemandStreams } = countStreams(context, call, lookup);
  if (creating >= CREATING_MAX) {
    throw limitExceeded(
      `Number of streams in CREATING state for the account ${call.accountId} would exceed the limit of ${CREATING_MAX}.`,
    );
  }
  if (open + shards > context.shardLimit) throw shardLimitExceeded(call, open, context.shardLimit, shards);
  if (onDemand && onDemandStreams >= ON_DEMAND_STREAMS_MAX) {
    throw limitExceeded(
      `Number of on-demand streams for the account ${call.accountId} would exceed the limit of ${ON_DEMAND_STREAMS_MAX}.`,
    );
  }
}

/** What counts against the account's limits. */
export function countStreams(
  context: Context,
  call: Call,
  lookup: StreamLookup,
): { readonly open: number; readonly creating: number; readonly onDemandStreams: number } {
  let open = 0;
  let creating = 0;
  let onDemandStreams = 0;
  for (const name of lookup.names()) {
    const stream = findStream(context, call, name, lookup);
    if (stream === null) continue;
    open += stream.description.shards.filter((shard) => !shard.closed).length;
    if (stream.status === 'CREATING') creating++;
    if (stream.document.mode === 'ON_DEMAND') onDemandStreams++;
  }
  return { open, creating, onDemandStreams };
}
