import { openEmbeddedLog } from './drivers/embedded.ts';
import type { KafkaLogOptions } from './drivers/kafka.ts';
import type { KinesisLogOptions } from './drivers/kinesis.ts';
import type { Log } from './log.ts';
import { withPrefix } from './prefix.ts';

/** Which log and where, as plain values: it can be handed to a worker thread or kept in a file (without its secrets). */
export type LogConfig =
  | { readonly driver: 'embedded'; readonly path: string }
  | ({ readonly driver: 'kafka' } & KafkaLogOptions)
  | ({
      readonly driver: 'kinesis';
      /** Before the name of each stream: an account is shared. */
      readonly streamPrefix?: string;
    } & Pick<KinesisLogOptions, 'region' | 'endpoint' | 'http2' | 'fanOut'>);

/** Opens the log; ConfigError or AuthError when it cannot be reached so. A driver's client is loaded when it is asked for. */
export async function openLog(config: LogConfig): Promise<Log> {
  switch (config.driver) {
    case 'embedded':
      return openEmbeddedLog({ path: config.path });
    case 'kafka': {
      const { driver: _, ...options } = config;
      return (await import('./drivers/kafka.ts')).openKafkaLog(options);
    }
    case 'kinesis': {
      const { driver: _, streamPrefix = '', ...options } = config;
      return withPrefix(await (await import('./drivers/kinesis.ts')).openKinesisLog(options), streamPrefix);
    }
  }
}
