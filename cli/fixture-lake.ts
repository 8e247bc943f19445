/** For tests: a data folder whose lake holds scored events, made without threads; and a command's surroundings. */
import { PassThrough } from 'node:stream';
import type { IdentityEvent, Place, Row } from '../core/index.ts';
import { createCompany, createWorldStream, GENERATORS, SOURCES } from '../ingest/index.ts';
import { addFile, createFileBuilder, dataColumns, loadZstd } from '../lake/index.ts';
import { openEmbeddedLog } from '../log/index.ts';
import { createProcess, createShardState } from '../processors/index.ts';
import type { Surroundings } from './command.ts';
import { runCommand } from './command.ts';
import { COMMANDS } from './commands.ts';
import { createDataFolder } from './data-folder.ts';
import { saveCompany } from './directory.ts';
import { openLake, tableOf } from './lake-access.ts';
import { createLogger } from './logger.ts';
import { openMainStream } from './up/main-stream.ts';

/** Monday, 5 January 2026, 09:00 UTC. */
const START_US = 1_767_603_600_000_000;
const SHARD = 'events@abcdefghijkl/shardId-000000000000';
const NOWHERE: Place = {
  src_country: null,
  src_city: null,
  src_lat: null,
  src_lon: null,
  src_asn: null,
  src_as_org: null,
  is_anonymizer: null,
};

/** The scored rows of a synthetic company's first events. */
function scoredRows(count: number): IdentityEvent[] {
  const company = createCompany({ people: 60, seed: 3, startUs: START_US });
  const world = createWorldStream({ company, generators: GENERATORS, seed: 3, startUs: START_US, perMinute: 600 });
  const process = createProcess({ sources: SOURCES, placeOf: () => NOWHERE });
  const state = createShardState();
  const rows: IdentityEvent[] = [];
  for (let i = 1; i <= count; i++) {
    const { app, data, key, dueUs } = world.next().value;
    const record = { app, data, key, source: 'test', position: String(i), arrivalUs: dueUs };
    const outcome = process(state, record, SHARD, dueUs);
    if (outcome.table === 'events') rows.push(outcome.row);
  }
  return rows;
}

/** Fills a data folder: two commits of events, a directory, and a log with a stream. */
export async function fillLake(data: string, count = 800): Promise<void> {
  const folder = await createDataFolder(data);
  const lake = await openLake(folder.lake, () => {});
  await saveCompany(lake, createCompany({ people: 60, seed: 3, startUs: START_US }));
  const rows = scoredRows(count);
  const events = tableOf(lake, 'events');
  for (const [name, part] of [
    ['first', rows.slice(0, count / 2)],
    ['second', rows.slice(count / 2)],
  ] as const) {
    const builder = createFileBuilder(dataColumns(events.definition), await loadZstd());
    for (const row of part) builder.append(row as unknown as Row);
    const date = { event_date: '2026-01-05' };
    const add = await addFile(lake.store, events.definition, builder.finish(), date, name, START_US);
    await events.commit(() => [{ add }], { operation: 'WRITE' });
  }
  await lake.query.close();
  const log = await openEmbeddedLog({ path: folder.log });
  await openMainStream(log, 1);
  await log.close();
}

export interface InProcess {
  /** µs since 1970; this machine's own when left out. */
  readonly clock?: () => number;
  readonly stop?: AbortSignal;
  /** Gets what is written to standard error. */
  readonly told?: string[];
}

/** Runs a command in this process; gives what it wrote to standard output. */
export async function runInProcess(
  name: string,
  words: readonly string[],
  { clock = () => Date.now() * 1000, stop = new AbortController().signal, told = [] }: InProcess = {},
): Promise<string> {
  const stdout = new PassThrough();
  const stderr = new PassThrough({ encoding: 'utf8' }).on('data', (text: string) => told.push(text));
  const chunks: Buffer[] = [];
  stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const around: Surroundings = {
    env: {},
    stdout,
    stderr,
    logger: createLogger(stderr),
    clock,
    stop,
  };
  const entry = COMMANDS.get(name);
  if (entry === undefined) throw new Error(`there is no command ${name}`);
  await runCommand(await entry.load(), words, around);
  stdout.end();
  return Buffer.concat(chunks).toString('utf8');
}
