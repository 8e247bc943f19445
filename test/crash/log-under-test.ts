import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type LogConfig, openLog } from '../../log/index.ts';

/** The log that the crash tests run on. */
export interface LogUnderTest {
  readonly name: LogConfig['driver'];
  /** Words of the command line that mean it. */
  readonly words: readonly string[];
  config(data: string): LogConfig;
  /** For the processes that use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Removes what lies outside the data folder. */
  remove(): Promise<void>;
}

/** AWS's SDK tells users of Node 20 on standard error that it will leave them behind. */
const SDK_SILENT = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/**
 * What CRASH_LOG names: `embedded` (also when it is not set), `kafka` at KAFKA_BROKERS, or `kinesis` at
 * CRASH_ENDPOINT (or `url`). Streams have a prefix of their own: brokers are shared.
 */
export function logUnderTest(name = process.env.CRASH_LOG ?? 'embedded', url?: string): LogUnderTest {
  const prefix = `crash-${randomUUID().slice(0, 8)}.`;
  if (name === 'embedded') {
    const config = (data: string): LogConfig => ({ driver: 'embedded', path: join(data, 'log') });
    return { name, words: [], config, env: {}, remove: async () => {} };
  }
  if (name === 'kafka') {
    const brokers = needed('KAFKA_BROKERS');
    const config: LogConfig = { driver: 'kafka', brokers: brokers.split(','), topicPrefix: prefix };
    const words = ['--log', 'kafka', '--brokers', brokers, '--stream-prefix', prefix];
    return { name, words, env: {}, config: () => config, remove: () => removeAll(config) };
  }
  if (name !== 'kinesis') throw new Error(`there is no log ${name}; set CRASH_LOG to embedded, kafka or kinesis`);
  const endpoint = url ?? needed('CRASH_ENDPOINT');
  const config: LogConfig = { driver: 'kinesis', region: 'us-east-1', endpoint, streamPrefix: prefix };
  const words = ['--log', 'kinesis', '--endpoint', endpoint, '--region', 'us-east-1', '--stream-prefix', prefix];
  return { name, words, env: SDK_SILENT, config: () => config, remove: () => removeAll(config) };
}

function needed(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`CRASH_LOG=${process.env.CRASH_LOG} needs ${variable}; set it`);
  return value;
}

async function removeAll(config: LogConfig): Promise<void> {
  const log = await openLog(config);
  try {
    for (const stream of await log.listStreams()) await log.deleteStream(stream);
  } finally {
    await log.close();
  }
}
