import type { Context } from './context.ts';
import { nowMs } from './context.ts';
import type { Stream } from './stream.ts';
import type { StoredConsumer } from './stream-document.ts';

export type ConsumerStatus = 'CREATING' | 'ACTIVE' | 'DELETING';

/** The consumers of a stream whose deletion is not over, in the order in which they were registered. */
export function liveConsumers(context: Context, { document }: Stream): readonly StoredConsumer[] {
  return (document.consumers ?? []).filter(
    ({ status }) => status?.state !== 'DELETING' || status.untilMs > nowMs(context),
  );
}

export function consumerStatus(context: Context, { status }: StoredConsumer): ConsumerStatus {
  return status === undefined || status.untilMs <= nowMs(context) ? 'ACTIVE' : status.state;
}
