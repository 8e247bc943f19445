import { type Company, companySizeFor, createCompany, createWorldStream, GENERATORS } from '../../ingest/index.ts';
import type { Log, LogConfig, StreamDescription } from '../../log/index.ts';
import { lostIn, type Pipeline, SCORED_STREAM } from '../../processors/index.ts';
import type { Surroundings } from '../command.ts';
import { type CountFrom, countInLake } from '../counts.ts';
import type { DataFolder } from '../data-folder.ts';
import { loadDirectory, saveCompany } from '../directory.ts';
import { startEngine, workersFor } from '../engine.ts';
import { type Lake, openLake, tableOf } from '../lake-access.ts';
import { openConfiguredLog } from '../log-config.ts';
import { openShards } from '../policies.ts';
import { retain, retentionOf } from '../retention.ts';
import type { UpConfig } from './config.ts';
import { emit, labelRows } from './emitter.ts';
import { followOthers } from './imports.ts';
import { createLabelWriter } from './labels.ts';
import { measureLatency } from './latency.ts';
import { openMainStream, positionsNow, sinceThen } from './main-stream.ts';
import { watchPolicies } from './policy-watch.ts';
import { startView } from './view.ts';

const RATE_PER_MINUTE = 10_000;
const rateOf = ({ rate = RATE_PER_MINUTE }: Pick<UpConfig, 'rate'>): number => rate;

/** Everything in one process, until it is told to stop or its time or count is reached. */
export async function runUp(config: UpConfig, folder: DataFolder, around: Surroundings): Promise<void> {
  const { warn } = around.logger;
  const { log, logConfig } = await openConfiguredLog(config, folder, around.env);
  try {
    const lake = await openLake(folder.lake, warn);
    await runStages(config, folder, around, { log, logConfig, lake, warn }).finally(lake.query.close);
  } finally {
    await log.close();
  }
}

interface Ground {
  readonly log: Log;
  readonly logConfig: LogConfig;
  readonly lake: Lake;
  readonly warn: (message: string) => void;
}

async function runStages(config: UpConfig, folder: DataFolder, around: Surroundings, ground: Ground): Promise<void> {
  const { clock, stop } = around;
  const { log, lake, warn } = ground;
  const main = await openMainStream(log, config.shards);
  const kept = retentionOf(config.retention, config['retention-bytes']);
  if (kept.ageMs !== null || kept.shardBytes !== null) await retain(log, main.stream, kept);
  await log.createStream(SCORED_STREAM, { shards: 1 });
  const company = createCompany({
    people: config.people ?? companySizeFor(rateOf(config)),
    seed: config.seed,
    startUs: clock(),
  });
  await saveCompany(lake, company);
  const directory = await loadDirectory(lake.query);
  const view = await startView({ config, folder, log, lake, directory, clock, warn, output: around.stderr });
  // The start takes seconds on a busy machine: a Ctrl-C in it must not wait for the rest.
  if (stop.aborted) return view.stop();
  try {
    await runPipeline(config, folder, around, ground, { main, company, view });
  } catch (error) {
    // What failed is told by its own line; the log is about to be closed under the page's feed.
    view.endFeed();
    throw error;
  }
}

interface Stage {
  readonly main: StreamDescription;
  readonly company: Company;
  readonly view: Awaited<ReturnType<typeof startView>>;
}

/** Generator, log, processors and lake, watched by the page. */
async function runPipeline(
  config: UpConfig,
  folder: DataFolder,
  around: Surroundings,
  { log, logConfig, lake, warn }: Ground,
  { main, company, view }: Stage,
): Promise<void> {
  const { clock, stop } = around;
  const { pipeline, manifests } = await startEngine({
    log,
    logConfig,
    source: folder,
    target: folder,
    lake,
    workers: workersFor(config.workers, openShards(main).length),
    detect: true,
    live: true,
    acceptGaps: config['accept-gaps'],
    onProgress: view.onProgress,
    onCommit: view.onCommit,
  });
  pipeline.failed.catch(view.endFeed);
  const policies = await watchPolicies({ log, lake, manifests, warn, onActive: view.onActive });
  const from = await positionsNow(log, main);
  await pipeline.follow(main.stream);
  const others = followOthers(log, main.stream, pipeline, manifests, warn);
  const isBounded = config.duration !== undefined || config.count !== undefined;
  const latency = isBounded ? await measureLatency(view.url, config.token) : null;
  const labels = createLabelWriter(lake, warn);
  const startedUs = clock();
  const generated = await Promise.race([
    emit({
      log,
      stream: main.stream,
      events: createWorldStream({
        company,
        generators: GENERATORS,
        seed: config.seed,
        startUs: startedUs,
        perMinute: rateOf(config),
      }),
      count: config.count,
      untilUs: config.duration === undefined ? undefined : startedUs + config.duration * 1000,
      clock,
      stop,
      onAppended(events) {
        view.onEmitted(events.length);
        labels.add(labelRows(events));
      },
    }),
    pipeline.failed,
  ]);
  const elapsedS = (clock() - startedUs) / 1e6;
  await others.stop();
  policies.stop();
  await labels.end();
  if (isBounded && !stop.aborted) await pipeline.drain();
  const latencyMs = await latency?.stop();
  await pipeline.stop();
  await view.stop();
  if (!isBounded) return;
  const counted = await sinceThen(log, main.stream, from);
  await reportRun({ config, around, lake, pipeline, from: counted, generated, elapsedS, latencyMs });
}

interface Run {
  readonly config: UpConfig;
  readonly around: Surroundings;
  readonly lake: Lake;
  readonly pipeline: Pipeline;
  readonly from: readonly CountFrom[];
  readonly generated: number;
  readonly elapsedS: number;
  readonly latencyMs: unknown;
}

/** What the run came to: counted in the lake, against what the log acknowledged. */
async function reportRun({ config, around, lake, pipeline, from, generated, elapsedS, latencyMs }: Run): Promise<void> {
  const counts = await countInLake(lake.query, from);
  const { events, quarantined, redelivered, duplicates } = counts;
  const lost = generated - (events + quarantined + redelivered - duplicates) + lostIn(pipeline.gaps);
  const { version } = await tableOf(lake, 'events').snapshot();
  const report = {
    generated,
    events,
    quarantined,
    redelivered,
    lost,
    duplicates,
    eventsPerSecond: Math.round(generated / elapsedS),
    latencyMs,
    lakeVersion: version,
  };
  if (config.json) around.stdout.write(`${JSON.stringify(report)}\n`);
  else
    around.stdout.write(
      `${generated} generated: ${events} events, ${quarantined} quarantined, ${redelivered} redelivered, ${lost} lost, ${duplicates} duplicates\n`,
    );
}
