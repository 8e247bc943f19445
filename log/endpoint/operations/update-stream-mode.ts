import type { UpdateStreamModeInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import { type Context, nowMs } from './context.ts';
import { countStreams, ON_DEMAND_STREAMS_MAX } from './create-stream.ts';
import { limitExceeded, refuseMember } from './faults.ts';
import { changeStream, checkActive, passing, updateDocument } from './stream.ts';
import { DAY_MS } from './stream-document.ts';

/** Developer Guide, "Switch between capacity modes". */
const CHANGES_A_DAY_MAX = 2;

export function createUpdateStreamMode(context: Context): Operation<UpdateStreamModeInput, object> {
  return async (input, call) => {
    refuseMember('WarmThroughputMiBps', input.WarmThroughputMiBps);
    await changeStream(context, call, input, (stream, streams) => {
      checkActive(call, stream);
      const mode = input.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
      if (mode === (stream.document.mode ?? 'PROVISIONED')) return;
      if (mode === 'ON_DEMAND' && countStreams(context, call, streams).onDemandStreams >= ON_DEMAND_STREAMS_MAX) {
        throw limitExceeded(
          `Number of on-demand streams for the account ${call.accountId} would exceed the limit of ${ON_DEMAND_STREAMS_MAX}.`,
        );
      }
      const now = nowMs(context);
      const recent = (stream.document.modeChangesMs ?? []).filter((atMs) => atMs > now - DAY_MS);
      if (context.throughput !== null && recent.length >= CHANGES_A_DAY_MAX) {
        throw limitExceeded(
          `Stream ${stream.name} under account ${call.accountId} has changed its mode ${recent.length} times within ` +
            `24 hours; the limit is ${CHANGES_A_DAY_MAX}.`,
        );
      }
      const modeChangesMs = [...recent, now].slice(-CHANGES_A_DAY_MAX);
      updateDocument(streams, stream, { mode, modeChangesMs, status: passing(context, 'UPDATING') });
    });
    return {};
  };
}
