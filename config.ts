import { z } from 'zod';
import { ConfigError } from './core/index.ts';

/** One option: how it is written, what it means, and what may stand there. */
export interface Option<T = unknown> {
  /** Placeholder of the value in `--help`; null for a switch. */
  readonly value: string | null;
  readonly help: string;
  readonly schema: z.ZodType<T>;
  readonly default?: string | boolean;
}

interface PresetOption<T> extends Option<T> {
  readonly default: string | boolean;
}

const option = <T>(value: string, help: string, schema: z.ZodType<T>): Option<T> => ({ value, help, schema });
const preset = <T>(
  value: string | null,
  help: string,
  schema: z.ZodType<T>,
  otherwise: string | boolean,
): PresetOption<T> => ({
  value,
  help,
  schema,
  default: otherwise,
});
const toggle = (help: string) => preset(null, help, z.stringbool().or(z.boolean()), false);
const whole = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
const text = z.string().min(1, 'must not be empty').max(4096, 'is too long');

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const durationMs = z.string().transform((given, context) => {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|min|h|d)$/.exec(given) ?? [];
  const ms = Number(amount) * (UNITS_MS[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  context.addIssue({ code: 'custom', message: 'must be a time such as 60s, 5m or 2h' });
  return z.NEVER;
});

const perMinute = z.string().transform((given, context) => {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\/(s|m|min|h)$/.exec(given) ?? [];
  const rate = (Number(amount) * 60_000) / (UNITS_MS[unit] ?? Number.NaN);
  if (rate > 0 && rate <= 60_000_000) return rate;
  context.addIssue({ code: 'custom', message: 'must be a rate such as 10000/min or 200/s' });
  return z.NEVER;
});

/** µs since 1970 of a time that begins with year and month; null for anything else: `Date.parse` takes 42 for 2042. */
export function readTimeUs(text: string): number | null {
  const ms = /^\d{4}-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? ms * 1000 : null;
}

const timeUs = z.string().transform((given, context) => {
  const us = readTimeUs(given);
  if (us !== null) return us;
  context.addIssue({ code: 'custom', message: 'must be a time such as 2026-01-31T09:00:00Z' });
  return z.NEVER;
});

/** Every option that any command has, by its name: the flag's, the file's, and (BEAGLE_…) the environment's. */
export const OPTIONS = {
  data: preset('DIR', 'folder of log, lake and state', text, './data'),
  to: option('PATH', 'where to write: folder of the second lake, file of an export; - for standard output', text),
  rate: option('RATE', 'events, such as 10000/min (the rate of up unless told) or 200/s', perMinute),
  duration: option('TIME', 'stop after this long and drain, such as 60s', durationMs),
  count: option('N', 'stop after N events and drain', whole(1, 1e12)),
  shards: option('N', 'shards of a new stream', whole(1, 256)),
  workers: option('N', 'worker threads', whole(1, 64)),
  port: preset('PORT', 'port to listen on', whole(0, 65_535), '3000'),
  host: preset('ADDRESS', 'address to listen on', text, '127.0.0.1'),
  token: option(
    'TOKEN',
    'who opens the page must know it; needed beyond loopback',
    z.string().min(16, 'must have at least 16 characters'),
  ),
  seed: preset('N', 'seed of everything random', whole(0, 2 ** 32 - 1), '1'),
  log: preset(
    'DRIVER',
    'the log’s engine: embedded, kafka or kinesis',
    z.enum(['embedded', 'kafka', 'kinesis'], { error: 'must be embedded, kafka or kinesis' }),
    'embedded',
  ),
  brokers: option('LIST', 'some of Kafka’s brokers, host:port,…', text),
  endpoint: option(
    'URL',
    'of something that speaks Kinesis; AWS’s own unless told',
    z.url({ protocol: /^https?$/, error: 'must be a URL such as http://127.0.0.1:4567' }),
  ),
  region: option('REGION', 'of AWS; AWS_REGION unless told', text),
  'stream-prefix': preset(
    'TEXT',
    'before the names of Beagle’s topics on Kafka and streams on Kinesis',
    z.string().regex(/^[a-zA-Z0-9._-]{0,64}$/, 'must be up to 64 letters, digits, ., _ or -'),
    'beagle.',
  ),
  tls: toggle('speak TLS to Kafka'),
  'tls-ca': option('FILE', 'whom to trust as Kafka, PEM; implies --tls', text),
  'tls-cert': option('FILE', 'certificate of this client for Kafka, PEM', text),
  'tls-key': option('FILE', 'private key of that certificate, PEM', text),
  sasl: option(
    'MECHANISM',
    'login at Kafka: plain, scram-sha-256, scram-sha-512 (BEAGLE_SASL_USERNAME, BEAGLE_SASL_PASSWORD), oauthbearer (BEAGLE_SASL_TOKEN_FILE)',
    z.enum(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'], {
      error: 'must be plain, scram-sha-256, scram-sha-512 or oauthbearer',
    }),
  ),
  retention: option(
    'TIME',
    'forget events of the embedded log this long after they came, such as 7d, once the lake has them; rebuild needs them all',
    durationMs,
  ),
  'retention-bytes': option('N', 'keep so many bytes of each shard, the newest; likewise', whole(1, 1e15)),
  age: option('TIME', 'forget what came longer ago, such as 7d', durationMs),
  bytes: option('N', 'keep so many bytes of each shard, the newest', whole(1, 1e15)),
  forever: toggle('keep everything, as a new stream does'),
  json: toggle('print one JSON document on standard output'),
  people: option('N', 'people in the synthetic company', whole(1, 1_000_000)),
  start: option('TIME', 'time of the first event, such as 2026-01-31T09:00:00Z', timeUs),
  apps: option('LIST', 'apps, separated by commas', text),
  truth: option('FILE', 'write the labels of attacks here, NDJSON', text),
  pointer: preset(
    'POINTER',
    'JSON pointer to the native event in each line, such as /event',
    z.string().regex(/^(\/[^/]*)*$/, 'must be a JSON pointer such as /event'),
    '',
  ),
  batch: option('N', 'records a batch at most', whole(1, 10_000_000)),
  version: option('N', 'version of the table', whole(0, Number.MAX_SAFE_INTEGER)),
  timestamp: option('TIME', 'the table as it was then', timeUs),
  format: preset(
    'FORMAT',
    'table, json or csv',
    z.enum(['table', 'json', 'csv'], { error: 'must be table, json or csv' }),
    'table',
  ),
  limit: option('N', 'rows or records at most; 20 rows, and no end of records, unless told', whole(1, 1_000_000)),
  stream: option('NAME', 'stream of the log', text),
  shard: option('ID', 'one shard alone, such as shardId-000000000000', text),
  from: preset('WHERE', 'where to begin: latest, horizon, or a time', text, 'latest'),
  framed: toggle('framed binary with checksums instead of NDJSON'),
  group: option('NAME', 'one consumer group alone', text),
  reason: option('TEXT', 'why, in words', z.string().min(1, 'must not be empty').max(200, 'is too long')),
  generations: preset('N', 'generations to evolve', whole(1, 100_000), '30'),
  population: preset('N', 'policies in a generation', whole(4, 10_000), '100'),
  resume: toggle('go on from the last run on this lake'),
  effective: option('TIME', 'when the policy takes effect; now by default', timeUs),
  by: option('NAME', 'who approves', text),
  comment: option('TEXT', 'why', text),
  events: option('N', 'events to measure with', whole(100, 1e9)),
  records: option('N', 'bench log: also the memory after N records of 1 KB, which take N KB of disk', whole(1000, 1e9)),
  runs: preset('N', 'runs to take the median of', whole(1, 100), '5'),
  'accept-gaps': toggle('go on where the log forgot records before they were processed'),
  ephemeral: toggle('keep nothing once it stops'),
  'enforce-limits': toggle('throttle as AWS does: records, bytes and reads per shard and second'),
  delay: option('TIME', 'how long a stream is CREATING, UPDATING or DELETING, such as 500ms', durationMs),
  cert: option('FILE', 'certificate for TLS, PEM', text),
  key: option('FILE', 'private key of the certificate, PEM', text),
} as const;

export type OptionName = keyof typeof OPTIONS;
type ValueOf<O> = O extends Option<infer T> ? T : never;
/** The options' values; those without a default may be missing. */
export type Config<K extends OptionName> = {
  readonly [name in K]: (typeof OPTIONS)[name] extends PresetOption<unknown>
    ? ValueOf<(typeof OPTIONS)[name]>
    : ValueOf<(typeof OPTIONS)[name]> | undefined;
};

export interface ConfigSources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Parsed beagle.config.json; empty when there is none. */
  readonly file: Readonly<Record<string, unknown>>;
  /** Defaults of this command, where they differ from the option's. */
  readonly presets?: Readonly<Partial<Record<OptionName, string>>>;
}

/** Flag over environment over file over default; all faults at once, in one ConfigError of one line. */
export function readConfig<K extends OptionName>(names: readonly K[], sources: ConfigSources): Config<K> {
  const faults = Object.keys(sources.file)
    .filter((name) => !(name in OPTIONS))
    .map((name) => `beagle.config.json: there is no option ${name}`);
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const variable = `BEAGLE_${name.toUpperCase().replaceAll('-', '_')}`;
    const given = [
      { value: sources.flags[name], where: `--${name}` },
      { value: sources.env[variable], where: variable },
      { value: sources.file[name], where: `beagle.config.json: ${name}` },
      { value: sources.presets?.[name] ?? (OPTIONS[name] as Option).default, where: 'default' },
    ].find(({ value }) => value !== undefined);
    if (given === undefined) continue;
    const parsed = OPTIONS[name].schema.safeParse(typeof given.value === 'number' ? String(given.value) : given.value);
    if (parsed.success) values[name] = parsed.data;
    else
      faults.push(
        `${given.where} ${parsed.error.issues[0]?.message ?? 'is not valid'}, not ${JSON.stringify(given.value)}`,
      );
  }
  if (faults.length > 0) throw new ConfigError(`[config] ${faults.join('; ')}`);
  return values as Config<K>;
}
