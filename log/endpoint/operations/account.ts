import type {
  DescribeAccountSettingsOutput,
  DescribeLimitsOutput,
  UpdateAccountSettingsInput,
  UpdateAccountSettingsOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import { type Context, nowMs } from './context.ts';
import { countStreams, ON_DEMAND_STREAMS_MAX } from './create-stream.ts';
import { invalidArgument } from './faults.ts';
import { DAY_MS } from './stream-document.ts';

const DOCUMENT = 'account';

/** The commitment as the log keeps it. */
interface StoredCommitment {
  readonly startedMs: number;
  readonly endedMs: number | null;
}

export function createDescribeLimits(context: Context): Operation<object, DescribeLimitsOutput> {
  return async (_input, call) => {
    const { open, onDemandStreams } = countStreams(context, call, context.log);
    return {
      ShardLimit: context.shardLimit,
      OpenShardCount: open,
      OnDemandStreamCount: onDemandStreams,
      OnDemandStreamCountLimit: ON_DEMAND_STREAMS_MAX,
    };
  };
}

export function createDescribeAccountSettings(context: Context): Operation<object, DescribeAccountSettingsOutput> {
  return async () => commitment(context.log.document(DOCUMENT) as StoredCommitment | null);
}

/** Nothing is billed here: what is asked for is recorded, and kept for its 24 hours. */
export function createUpdateAccountSettings(
  context: Context,
): Operation<UpdateAccountSettingsInput, UpdateAccountSettingsOutput> {
  return async (input) => {
    const enable = input.MinimumThroughputBillingCommitment?.Status === 'ENABLED';
    return context.log.change((streams) => {
      const known = streams.document(DOCUMENT) as StoredCommitment | null;
      const enabled = known !== null && known.endedMs === null;
      if (enable === enabled) return commitment(known);
      const now = nowMs(context);
      if (enabled && now < known.startedMs + DAY_MS) {
        throw invalidArgument('The minimum throughput billing commitment cannot be ended within its first 24 hours.');
      }
      const changed = enabled ? { ...known, endedMs: now } : { startedMs: now, endedMs: null };
      streams.setLogDocument(DOCUMENT, changed);
      return commitment(changed);
    });
  };
}

function commitment(stored: StoredCommitment | null): DescribeAccountSettingsOutput {
  if (stored === null) return { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } };
  const { startedMs, endedMs } = stored;
  return {
    MinimumThroughputBillingCommitment: {
      Status: endedMs === null ? 'ENABLED' : 'DISABLED',
      StartedAt: new Date(startedMs),
      ...(endedMs === null ? { EarliestAllowedEndAt: new Date(startedMs + DAY_MS) } : { EndedAt: new Date(endedMs) }),
    },
  };
}
