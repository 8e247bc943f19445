import type { Config, OptionName } from '../config.ts';
import { ConfigError } from '../core/index.ts';
import { type Log, type LogConfig, openLog } from '../log/index.ts';
import type { DataFolder } from './data-folder.ts';

/** The options that say which log is meant, beside the data folder. */
export const LOG_OPTIONS = [
  'log',
  'brokers',
  'endpoint',
  'region',
  'stream-prefix',
  'tls',
  'tls-ca',
  'tls-cert',
  'tls-key',
  'sasl',
] as const satisfies readonly OptionName[];

export type LogOptions = Config<(typeof LOG_OPTIONS)[number]>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** The local stand-ins for Kinesis take any region. */
const REGION_LOCAL = 'us-east-1';

/**
 * The log that the options mean. Names and passwords of SASL come from the environment alone (BEAGLE_SASL_USERNAME,
 * BEAGLE_SASL_PASSWORD, BEAGLE_SASL_TOKEN or BEAGLE_SASL_TOKEN_FILE), AWS's credentials from where its SDK looks.
 * ConfigError for what is missing.
 */
export function logConfigOf(options: LogOptions, folder: DataFolder, env: Environment): LogConfig {
  const prefix = options['stream-prefix'];
  if (options.log === 'embedded') return { driver: 'embedded', path: folder.log };
  if (options.log === 'kinesis') {
    const region = options.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (options.endpoint && REGION_LOCAL);
    if (region === undefined) throw new ConfigError('[cli] --log kinesis needs a region; set --region or AWS_REGION');
    const { endpoint } = options;
    return { driver: 'kinesis', region, streamPrefix: prefix, ...(endpoint === undefined ? {} : { endpoint }) };
  }
  if (options.brokers === undefined) {
    throw new ConfigError('[cli] --log kafka needs brokers; set --brokers host:port,… (or BEAGLE_BROKERS)');
  }
  const sasl = saslOf(options.sasl, env);
  return {
    driver: 'kafka',
    brokers: options.brokers.split(',').map((address) => address.trim()),
    topicPrefix: prefix,
    ...tlsOf(options),
    ...(sasl === undefined ? {} : { sasl }),
  };
}

/** Opens the log that the options mean, and says how others open the same. */
export async function openConfiguredLog(
  options: LogOptions,
  folder: DataFolder,
  env: Environment,
): Promise<{ readonly log: Log; readonly logConfig: LogConfig }> {
  const logConfig = logConfigOf(options, folder, env);
  return { log: await openLog(logConfig), logConfig };
}

type Kafka = Extract<LogConfig, { readonly driver: 'kafka' }>;

function tlsOf(options: LogOptions): Pick<Kafka, 'tls'> {
  const files = {
    ...(options['tls-ca'] === undefined ? {} : { caFile: options['tls-ca'] }),
    ...(options['tls-cert'] === undefined ? {} : { certFile: options['tls-cert'] }),
    ...(options['tls-key'] === undefined ? {} : { keyFile: options['tls-key'] }),
  };
  if (Object.keys(files).length > 0) return { tls: files };
  return options.tls ? { tls: true } : {};
}

function saslOf(mechanism: LogOptions['sasl'], env: Environment): Kafka['sasl'] {
  if (mechanism === undefined) return undefined;
  if (mechanism !== 'oauthbearer') {
    const { BEAGLE_SASL_USERNAME: username = '', BEAGLE_SASL_PASSWORD: password = '' } = env;
    if (username !== '' && password !== '') return { mechanism, username, password };
    throw new ConfigError(
      `[cli] --sasl ${mechanism} needs a user; set BEAGLE_SASL_USERNAME and BEAGLE_SASL_PASSWORD in the environment`,
    );
  }
  // Who starts containers often sets to nothing what is not meant.
  const { BEAGLE_SASL_TOKEN: token = '', BEAGLE_SASL_TOKEN_FILE: tokenFile = '' } = env;
  if (tokenFile !== '') return { mechanism, tokenFile };
  if (token !== '') return { mechanism, token };
  throw new ConfigError(
    '[cli] --sasl oauthbearer needs a token; set BEAGLE_SASL_TOKEN_FILE (read at each login) or BEAGLE_SASL_TOKEN in the environment',
  );
}
