import type { EmbeddedLog } from './drivers/embedded-log.ts';
import type { Endpoint, KinesisEndpointOptions } from './endpoint/index.ts';

export { type EmbeddedLogOptions, openEmbeddedLog } from './drivers/embedded.ts';
export type { Endpoint, KinesisEndpointOptions } from './endpoint/index.ts';
export { type HashKeyRange, hashKeyOf } from './hash-key.ts';
export * from './log.ts';
export { type LogConfig, openLog } from './open.ts';

/**
 * Serves an embedded log as Amazon Kinesis; it stays open when the endpoint closes. ConfigError when the address cannot
 * be used. Loaded when it is called: who only reads the log needs no servers.
 */
export async function openKinesisEndpoint(log: EmbeddedLog, options: KinesisEndpointOptions): Promise<Endpoint> {
  const endpoint = await import('./endpoint/index.ts');
  return endpoint.openKinesisEndpoint(log, options);
}
