import type {
  DisableEnhancedMonitoringInput,
  EnableEnhancedMonitoringInput,
  EnhancedMonitoringOutput,
  MetricsName,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { changeStream, checkActive, passing, updateDocument } from './stream.ts';

/** The API Reference, EnableEnhancedMonitoring. */
const METRICS: readonly MetricsName[] = [
  'IncomingBytes',
  'IncomingRecords',
  'IteratorAgeMilliseconds',
  'OutgoingBytes',
  'OutgoingRecords',
  'ReadProvisionedThroughputExceeded',
  'WriteProvisionedThroughputExceeded',
];

export function createEnableEnhancedMonitoring(
  context: Context,
): Operation<EnableEnhancedMonitoringInput, EnhancedMonitoringOutput> {
  return createChange(context, (known, named) =>
    METRICS.filter((name) => known.includes(name) || named.includes(name)),
  );
}

export function createDisableEnhancedMonitoring(
  context: Context,
): Operation<DisableEnhancedMonitoringInput, EnhancedMonitoringOutput> {
  return createChange(context, (known, named) => known.filter((name) => !named.includes(name)));
}

/** Which metrics are wanted is recorded; the endpoint's own metrics do not depend on it. */
function createChange(
  context: Context,
  change: (known: readonly MetricsName[], named: readonly MetricsName[]) => MetricsName[],
): Operation<EnableEnhancedMonitoringInput, EnhancedMonitoringOutput> {
  return (input, call) =>
    changeStream(context, call, input, (stream, streams) => {
      checkActive(call, stream);
      const given = input.ShardLevelMetrics ?? [];
      const named = given.includes('ALL') ? METRICS : given;
      const known = METRICS.filter((name) => stream.document.metrics?.includes(name));
      const wanted = change(known, named);
      updateDocument(streams, stream, { metrics: wanted, status: passing(context, 'UPDATING') });
      return {
        StreamName: stream.name,
        CurrentShardLevelMetrics: known,
        DesiredShardLevelMetrics: wanted,
        StreamARN: stream.arn,
      };
    });
}
