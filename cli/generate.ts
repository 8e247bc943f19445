import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, messageOf, readNative } from '../core/index.ts';
import { createCompany, createWorldStream, GENERATORS, SOURCES } from '../ingest/index.ts';
import { defineCommand } from './command.ts';
import { createDataFolder, dataFolder } from './data-folder.ts';
import { type Environment, LOG_OPTIONS, type LogOptions, openConfiguredLog } from './log-config.ts';
import { recordOf } from './up/emitter.ts';
import { openMainStream } from './up/main-stream.ts';

const PEOPLE = 200;
const COUNT = 10_000;
/** 2026-01-05T09:00:00Z, a Monday: without --start the same events come every time. */
const START_US = 1_767_603_600_000_000;
const APPEND = 1000;
const MINUTE_US = 60_000_000;

export const generate = defineCommand({
  name: 'generate',
  summary:
    'Writes native events of a synthetic company: as lines to standard output, onto the log of a data folder (--to DIR), or onto Kafka or Kinesis (--log).',
  options: ['apps', 'people', 'start', 'seed', 'count', 'duration', 'rate', 'truth', 'to', 'shards', ...LOG_OPTIONS],
  examples: [
    'beagle generate --people 200 --count 1000 --seed 7 > events.ndjson',
    'beagle generate --apps okta,slack --duration 1h --truth labels.ndjson',
  ],
  async run(config, _args, { stdout, stderr, stop, env }) {
    const { people = PEOPLE, start: startUs = START_US, seed } = config;
    const generators = chosen(config.apps);
    const company = createCompany({ people, seed, startUs });
    const untilUs = config.duration === undefined ? Number.POSITIVE_INFINITY : startUs + config.duration * 1000;
    const count = config.count ?? (config.duration === undefined ? COUNT : Number.POSITIVE_INFINITY);
    const isLines = config.log === 'embedded' && (config.to === undefined || config.to === '-');
    const sink = isLines ? lineSink(stdout) : await logSink(config, env);
    const truth = config.truth === undefined ? null : createWriteStream(config.truth);
    if (truth !== null) await opened(truth, config.truth ?? '');
    const startedMs = Date.now();
    let written = 0;
    for (const event of createWorldStream({ company, generators, seed, startUs })) {
      if (written >= count || event.dueUs >= untilUs || stop.aborted) break;
      if (config.rate !== undefined) await pace(written, config.rate, startedMs, stop);
      if (stop.aborted) break;
      await sink.write(event);
      if (truth !== null && event.label !== null) {
        const { eventUid } = readNative(event.app, event.data, SOURCES.get(event.app));
        truth.write(`${JSON.stringify({ event_uid: eventUid, ...event.label })}\n`);
      }
      written++;
      if (stderr.isTTY === true && written % 10_000 === 0) stderr.write(`\r${written} events`);
    }
    await sink.end();
    if (truth !== null) await new Promise<void>((resolve) => truth.end(resolve));
    if (stderr.isTTY === true) stderr.write(`\r${written} events\n`);
  },
});

/** ConfigError when the file cannot be written. */
async function opened(file: WriteStream, path: string): Promise<void> {
  try {
    await once(file, 'open');
  } catch (error) {
    throw new ConfigError(`[generate] cannot write ${path}: ${messageOf(error)}; name another file with --truth`);
  }
}

function chosen(apps: string | undefined) {
  if (apps === undefined) return GENERATORS;
  return apps.split(',').map((app) => {
    const generator = GENERATORS.find((known) => known.app === app);
    if (generator !== undefined) return generator;
    throw new ConfigError(
      `[generate] there is no app ${app}; there are ${GENERATORS.map((known) => known.app).join(', ')}`,
    );
  });
}

type Event = Parameters<typeof recordOf>[0];
interface Sink {
  write(event: Event): Promise<void>;
  end(): Promise<void>;
}

function lineSink(output: NodeJS.WritableStream): Sink {
  return {
    async write({ data }) {
      output.write(data);
      if (!output.write('\n')) await once(output, 'drain');
    },
    end: async () => {},
  };
}

interface LogTarget extends LogOptions {
  readonly to: string | undefined;
  readonly shards: number | undefined;
}

async function logSink(config: LogTarget, env: Environment): Promise<Sink> {
  // Only the embedded log lies in a folder.
  const folder = config.log === 'embedded' ? await createDataFolder(config.to ?? '') : dataFolder('');
  const { log } = await openConfiguredLog(config, folder, env);
  const { stream } = await openMainStream(log, config.shards);
  let waiting: Event[] = [];
  const flush = async () => {
    if (waiting.length > 0) await log.append(stream, waiting.map(recordOf));
    waiting = [];
  };
  return {
    async write(event) {
      waiting.push(event);
      if (waiting.length >= APPEND) await flush();
    },
    async end() {
      await flush();
      await log.close();
    },
  };
}

/** Only when the next event may go: the bytes do not depend on it. */
async function pace(written: number, perMinute: number, startedMs: number, stop: AbortSignal): Promise<void> {
  const dueMs = startedMs + (written * MINUTE_US) / perMinute / 1000;
  if (dueMs > Date.now() + 10) await sleep(dueMs - Date.now(), undefined, { signal: stop }).catch(() => {});
}
