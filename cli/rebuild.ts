import { resolve } from 'node:path';
import { ConfigError } from '../core/index.ts';
import { createLocalStore } from '../lake/index.ts';
import type { Log, StreamDescription } from '../log/index.ts';
import { createManifests, createSkips, lostIn, shardName } from '../processors/index.ts';
import { defineCommand, type Surroundings } from './command.ts';
import { type CountFrom, countInLake } from './counts.ts';
import { createDataFolder, type DataFolder, demandLock, existingDataFolder } from './data-folder.ts';
import { startEngine, workersFor } from './engine.ts';
import { countForgotten } from './forgotten.ts';
import { openLake } from './lake-access.ts';
import { LOG_OPTIONS, openConfiguredLog } from './log-config.ts';
import { eventStreams } from './policies.ts';
import { createProgress } from './progress.ts';
import { stopped } from './stopped.ts';

export const rebuild = defineCommand({
  name: 'rebuild',
  summary:
    'Processes the log of one data folder anew into another lake, up to its last manifests: the same log gives the same rows. Policies and findings are read from the log; no rule across actors is run.',
  options: ['data', 'to', 'workers', 'batch', 'accept-gaps', 'json', ...LOG_OPTIONS],
  examples: ['beagle rebuild --data D --to D2', 'beagle rebuild --data D --to D2 --workers 4 --batch 1000'],
  async run(config, _args, around) {
    if (config.to === undefined)
      throw new ConfigError('[rebuild] --to is missing; name a new folder for the second lake');
    if (resolve(config.to) === resolve(config.data))
      throw new ConfigError('[rebuild] --to must be another folder than --data');
    const source = await existingDataFolder(config.data);
    const target = await createDataFolder(config.to);
    const lock = await demandLock(target);
    const { log, logConfig } = await openConfiguredLog(config, source, around.env);
    const lake = await openLake(target.lake, around.logger.warn);
    const progress = createProgress(around.stderr);
    try {
      const sourceState = createLocalStore(source.state);
      const manifests = createManifests(sourceState);
      await createSkips(sourceState).copyTo(createLocalStore(target.state));
      const streams = await Promise.all((await eventStreams(log)).map((stream) => log.describeStream(stream)));
      const shards = streams.flatMap(({ stream, incarnation, shards: all }) =>
        all.map(({ shardId }) => ({ stream, incarnation, shardId })),
      );
      const forgotten = await demandWhole(log, source, streams, config['accept-gaps'], around);
      let records = 0;
      const { pipeline } = await startEngine({
        log,
        logConfig,
        source,
        target,
        lake,
        workers: workersFor(config.workers, shards.length),
        ...(config.batch === undefined ? {} : { limits: { recordsMax: config.batch } }),
        detect: false,
        live: false,
        acceptGaps: config['accept-gaps'],
        onProgress(step) {
          records += step.records;
          progress.show(`${records} records`);
        },
      });
      for (const { stream, incarnation } of streams) {
        await pipeline.follow(
          stream,
          async (shardId) => (await manifests.newest(shardName({ stream, incarnation, shardId })))?.last ?? null,
        );
      }
      const isDone = await Promise.race([pipeline.finished().then(() => true), stopped(around.stop).then(() => false)]);
      await pipeline.stop();
      progress.end();
      const from: CountFrom[] = shards.map((ref) => ({ shard: shardName(ref), after: null }));
      const counts = from.length === 0 ? null : await countInLake(lake.query, from);
      const report = { records, ...counts, lost: forgotten + lostIn(pipeline.gaps) };
      if (config.json) around.stdout.write(`${JSON.stringify(report)}\n`);
      else if (isDone)
        around.stdout.write(
          `${records} records: ${counts?.events ?? 0} events, ${counts?.quarantined ?? 0} quarantined, ${counts?.redelivered ?? 0} redelivered, ${report.lost} lost\n`,
        );
      if (!isDone) throw new Error('[rebuild] stopped before the end; run the same command again to go on');
    } finally {
      progress.end();
      await lake.query.close();
      await log.close();
      await lock.release();
    }
  },
});

/** How many rows cannot be made again, the log having forgotten their records; ConfigError unless that is accepted. */
async function demandWhole(
  log: Log,
  source: DataFolder,
  streams: readonly StreamDescription[],
  isAccepted: boolean,
  { logger }: Surroundings,
): Promise<number> {
  const lake = await openLake(source.lake, logger.warn);
  const forgotten = await countForgotten(log, lake.query, streams).finally(lake.query.close);
  if (forgotten === 0 || isAccepted) return forgotten;
  throw new ConfigError(
    `[rebuild] the log has forgotten the records of ${forgotten} rows in ${source.lake}; start with --accept-gaps to rebuild without them`,
  );
}
