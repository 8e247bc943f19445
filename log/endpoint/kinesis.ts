import type { EmbeddedLog } from '../drivers/embedded-log.ts';
import { createOperations, type OperationOptions } from './operations/index.ts';
import { type Endpoint, type EndpointOptions, openEndpoint } from './server.ts';

export interface KinesisEndpointOptions
  extends Omit<EndpointOptions, 'operations' | 'clock'>,
    Omit<OperationOptions, 'clock'> {
  /** µs since 1970, the log's clock; the system's by default. */
  readonly clockUs?: () => number;
}

/** Serves an embedded log as Amazon Kinesis. The log stays open when the endpoint closes. Errors as openEndpoint's. */
export function openKinesisEndpoint(log: EmbeddedLog, options: KinesisEndpointOptions): Promise<Endpoint> {
  const { clockUs = () => Date.now() * 1000, ...given } = options;
  const operations = createOperations(log, { ...given, clock: clockUs });
  return openEndpoint({ ...given, operations, clock: () => clockUs() / 1000 });
}
