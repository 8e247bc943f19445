import type { UpdateShardCountInput, UpdateShardCountOutput } from '@aws-sdk/client-kinesis';
import type { Call, Operation } from '../operation.ts';
import { type Context, nowMs } from './context.ts';
import { countStreams } from './create-stream.ts';
import { limitExceeded, shardLimitExceeded } from './faults.ts';
import { checkProvisioned } from './reshard.ts';
import { changeStream, checkActive, passing, type Stream, updateDocument } from './stream.ts';
import { DAY_MS } from './stream-document.ts';

/** The API Reference, UpdateShardCount. */
const SHARDS_MAX = 10_000;
const SCALINGS_A_DAY_MAX = 10;

export function createUpdateShardCount(context: Context): Operation<UpdateShardCountInput, UpdateShardCountOutput> {
  return (input, call) =>
    changeStream(context, call, input, (stream, streams) => {
      const target = input.TargetShardCount ?? 0;
      checkProvisioned(call, stream);
      checkActive(call, stream);
      const current = stream.description.shards.filter((shard) => !shard.closed).length;
      checkTarget(current, target);
      const { open } = countStreams(context, call, streams);
      const more = target - current;
      if (open + more > context.shardLimit) throw shardLimitExceeded(call, open, context.shardLimit, more);
      const scalingsMs = checkScalings(context, call, stream);
      streams.reshape(stream.name, target);
      updateDocument(streams, stream, { status: passing(context, 'UPDATING'), scalingsMs });
      return {
        StreamName: stream.name,
        CurrentShardCount: current,
        TargetShardCount: target,
        StreamARN: stream.arn,
      };
    });
}

function checkTarget(current: number, target: number): void {
  const counts = `Current open shard count: ${current}, Target shard count: ${target}`;
  if (target > SHARDS_MAX) {
    throw limitExceeded(`Target shard count or number of open shards cannot be greater than ${SHARDS_MAX}. ${counts}`);
  }
  if (target > current * 2) {
    throw limitExceeded(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  }
  if (target < current / 2) {
    throw limitExceeded(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
  }
}

/** The stream's scalings of the last day, this one included; LimitExceededException when limits are enforced. */
function checkScalings(context: Context, call: Call, stream: Stream): readonly number[] {
  const now = nowMs(context);
  const recent = (stream.document.scalingsMs ?? []).filter((atMs) => atMs > now - DAY_MS);
  if (context.throughput !== null && recent.length >= SCALINGS_A_DAY_MAX) {
    throw limitExceeded(
      `Stream ${stream.name} under account ${call.accountId} has been scaled ${recent.length} times within 24 hours; ` +
        `the limit is ${SCALINGS_A_DAY_MAX}.`,
    );
  }
  return [...recent, now].slice(-SCALINGS_A_DAY_MAX);
}
