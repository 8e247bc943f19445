import type { OptionName } from '../config.ts';
import { ConfigError } from '../core/index.ts';

/** The engines that an option is about. */
const ENGINES: Readonly<Partial<Record<OptionName, readonly string[]>>> = {
  brokers: ['kafka'],
  tls: ['kafka'],
  'tls-ca': ['kafka'],
  'tls-cert': ['kafka'],
  'tls-key': ['kafka'],
  sasl: ['kafka'],
  endpoint: ['kinesis'],
  region: ['kinesis'],
  'stream-prefix': ['kafka', 'kinesis'],
};

/**
 * ConfigError for a flag that the log's engine has no use for: whoever types it means another engine than the one he
 * would get. An environment or a file may well hold such options for other commands.
 */
export function checkLogFlags(command: string, flags: Readonly<Record<string, unknown>>, engine: string): void {
  for (const name of Object.keys(flags)) {
    const engines = ENGINES[name as OptionName];
    if (engines === undefined || engines.includes(engine)) continue;
    throw new ConfigError(
      `[beagle ${command}] --${name} says nothing of the ${engine} log; add ${engines.map((one) => `--log ${one}`).join(' or ')}, or leave it out`,
    );
  }
}
