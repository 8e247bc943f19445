import type { DecreaseStreamRetentionPeriodInput, IncreaseStreamRetentionPeriodInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { retentionHours } from './describe-stream.ts';
import { invalidArgument } from './faults.ts';
import { changeStream, checkActive, demandStream, passing, updateDocument } from './stream.ts';
import { HOUR_MS, RETENTION_HOURS_DEFAULT, RETENTION_HOURS_MAX } from './stream-document.ts';

export function createIncreaseStreamRetentionPeriod(
  context: Context,
): Operation<IncreaseStreamRetentionPeriodInput, object> {
  return createChange(context, (wanted, known, stream) => {
    if (wanted >= known) return;
    throw invalidArgument(
      `Requested retention period (${wanted} hours) for stream ${stream} can not be shorter than existing ` +
        `retention period (${known} hours). Use DecreaseRetentionPeriod API.`,
    );
  });
}

export function createDecreaseStreamRetentionPeriod(
  context: Context,
): Operation<DecreaseStreamRetentionPeriodInput, object> {
  return createChange(context, (wanted, known, stream) => {
    if (wanted <= known) return;
    throw invalidArgument(
      `Requested retention period (${wanted} hours) for stream ${stream} can not be longer than existing ` +
        `retention period (${known} hours). Use IncreaseRetentionPeriod API.`,
    );
  });
}

function createChange(
  context: Context,
  check: (wantedHours: number, knownHours: number, stream: string) => void,
): Operation<IncreaseStreamRetentionPeriodInput, object> {
  return async (input, call) => {
    const wanted = input.RetentionPeriodHours ?? 0;
    // What is too old by now is not to be seen again, whatever the retention becomes.
    if (wanted > retentionHours(demandStream(context, call, input))) await context.log.enforceRetention();
    const shortened = await changeStream(context, call, input, (stream, streams) => {
      if (wanted < RETENTION_HOURS_DEFAULT) {
        throw invalidArgument(
          `Minimum allowed retention period is ${RETENTION_HOURS_DEFAULT} hours. ` +
            `Requested retention period (${wanted} hours) is too short.`,
        );
      }
      if (wanted > RETENTION_HOURS_MAX) {
        throw invalidArgument(
          `Maximum allowed retention period is ${RETENTION_HOURS_MAX} hours. ` +
            `Requested retention period (${wanted} hours) is too long.`,
        );
      }
      const known = retentionHours(stream);
      check(wanted, known, stream.name);
      checkActive(call, stream);
      if (wanted === known) return false;
      streams.setRetention(stream.name, { ...stream.retention, ageMs: wanted * HOUR_MS });
      updateDocument(streams, stream, { status: passing(context, 'UPDATING') });
      return wanted < known;
    });
    if (shortened) await context.log.enforceRetention();
    return {};
  };
}
