import type {
  DescribeAccountSettingsOutput,
  DescribeLimitsOutput,
  UpdateAccountSettingsInput,
  UpdateAccountSettingsOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import { type Context, nowMs } from './context.ts';
import { countStreams, ON_DEMAND_STREAMS_MAX } from './create-stream.ts';
import { DAY_MS } from './stream-document.ts';

const DOCUMENT = 'account';

/** The commitment as the log keeps it. */
interface StoredCommitment {
  readonly startedMs: number;
  /** When it ended, or will end by itself; null while nobody has asked for its end. */
  readonly endMs: number | null;
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
  return async () => commitment(context.log.document(DOCUMENT) as StoredCommitment | null, nowMs(context));
}

/**
 * Nothing is billed here: what is asked for is recorded. A commitment that is to end within its first day ends when
 * that is over, unless it is enabled again before (API Reference, MinimumThroughputBillingCommitmentInput).
 */
export function createUpdateAccountSettings(
  context: Context,
): Operation<UpdateAccountSettingsInput, UpdateAccountSettingsOutput> {
  return async (input) => {
    const enable = input.MinimumThroughputBillingCommitment?.Status === 'ENABLED';
    return context.log.change((streams) => {
      const now = nowMs(context);
      const known = streams.document(DOCUMENT) as StoredCommitment | null;
      const running = known !== null && !isOver(known, now) ? known : null;
      if (!enable && running === null) return commitment(known, now);
      const { startedMs, endMs } = running ?? { startedMs: now, endMs: null };
      const changed = { startedMs, endMs: enable ? null : (endMs ?? Math.max(now, startedMs + DAY_MS)) };
      streams.setLogDocument(DOCUMENT, changed);
      return commitment(changed, now);
    });
  };
}

function isOver({ endMs }: StoredCommitment, now: number): boolean {
  return endMs !== null && endMs <= now;
}

function commitment(stored: StoredCommitment | null, now: number): DescribeAccountSettingsOutput {
  if (stored === null) return { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } };
  const { startedMs, endMs } = stored;
  const StartedAt = new Date(startedMs);
  if (endMs !== null && isOver(stored, now)) {
    return { MinimumThroughputBillingCommitment: { Status: 'DISABLED', StartedAt, EndedAt: new Date(endMs) } };
  }
  return {
    MinimumThroughputBillingCommitment: {
      Status: endMs === null ? 'ENABLED' : 'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
      StartedAt,
      EarliestAllowedEndAt: new Date(startedMs + DAY_MS),
    },
  };
}
