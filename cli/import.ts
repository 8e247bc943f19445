import { ConfigError } from '../core/index.ts';
import {
  appendImport,
  createPartitionKeys,
  type ExportFile,
  openExport,
  planImport,
  pointerPath,
  SOURCES,
} from '../ingest/index.ts';
import { createLocalStore, type Query } from '../lake/index.ts';
import type { Log, LogConfig } from '../log/index.ts';
import { createManifests, GROUP, shardName } from '../processors/index.ts';
import { defineCommand } from './command.ts';
import { countInLake } from './counts.ts';
import { createDataFolder, type DataFolder, takeLock } from './data-folder.ts';
import { loadDirectory } from './directory.ts';
import { startEngine, workersFor } from './engine.ts';
import { openKeyRegistry } from './key-registry.ts';
import { type Lake, openLake, tableOf } from './lake-access.ts';
import { LOG_OPTIONS, openConfiguredLog } from './log-config.ts';
import { announcePolicies, approvedPolicies } from './policies.ts';
import { createProgress } from './progress.ts';
import { stopped } from './stopped.ts';
import { waitCommitted } from './wait-committed.ts';

export const importCommand = defineCommand({
  name: 'import',
  summary: 'Brings native exports of an app into the lake: NDJSON, JSON array, {"Records":[…]}, each also as .gz.',
  args: ['APP', 'FILE…'],
  options: ['data', 'pointer', 'workers', 'json', ...LOG_OPTIONS],
  examples: [
    'beagle import okta system-log.ndjson',
    'beagle import aws CloudTrail/*.json.gz',
    'beagle import okta wrapped.ndjson --pointer /event',
  ],
  async run(config, [app = '', ...paths], around) {
    if (!SOURCES.has(app))
      throw new ConfigError(`[import] there is no app ${app}; there are ${[...SOURCES.keys()].join(', ')}`);
    const files: ExportFile[] = [];
    const folder = await createDataFolder(config.data);
    const { log, logConfig } = await openConfiguredLog(config, folder, around.env);
    const lake = await openLake(folder.lake, around.logger.warn);
    const registry = openKeyRegistry(folder);
    const progress = createProgress(around.stderr);
    try {
      for (const path of paths) files.push(await openExport(path));
      const directory = await loadDirectory(lake.query);
      const keyOf = createPartitionKeys({ sources: SOURCES, personOf: directory.keyOf, registry });
      const path = pointerPath(config.pointer);
      const plan = await planImport({ app, files, path, keyOf, onProgress: (n) => progress.show(`reading ${n}`) });
      const stream = await openImportStream(log, lake.query, plan.stream);
      const { known } = await appendImport({
        log,
        plan,
        app,
        path,
        keyOf,
        registry,
        known: (uids) => knownElsewhere(lake.query, plan.stream, uids),
        onProgress: (n) => progress.show(`appended ${n} of ${plan.count}`),
        stop: around.stop,
      });
      let isDone = false;
      if (!around.stop.aborted) {
        progress.show('landing in the lake');
        const workers = workersFor(config.workers, 1);
        isDone = await land({ log, logConfig, lake, folder, stream, workers, stop: around.stop });
      }
      const shards = stream.shards.map(({ shardId }) => ({ shard: shardName({ ...stream, shardId }), after: null }));
      const { events, quarantined, redelivered } = await countInLake(lake.query, shards);
      const report = { read: plan.count, events, quarantined, redelivered, known };
      progress.end();
      if (config.json) around.stdout.write(`${JSON.stringify(report)}\n`);
      else if (isDone)
        around.stdout.write(
          `${report.read} read: ${events} events, ${quarantined} quarantined, ${redelivered} redelivered, ${known} already in the lake\n`,
        );
      if (!isDone) throw new Error('[import] stopped before the end; run the same command again to go on');
    } finally {
      progress.end();
      for (const file of files) await file.close();
      await registry.close();
      await lake.query.close();
      await log.close();
    }
  },
});

/** The import's own stream; a new one begins with the policies in force. */
async function openImportStream(log: Log, query: Query, name: string) {
  const isNew = !(await log.listStreams()).includes(name);
  const stream = await log.createStream(name, { shards: 1 });
  if (isNew)
    await announcePolicies(
      log,
      name,
      (await approvedPolicies(query)).map(({ policy }) => policy),
    );
  return stream;
}

/** Of these events, those that the lake holds from other streams. */
async function knownElsewhere(
  query: Query,
  stream: string,
  eventUids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await query.sql(
    `WITH wanted AS (SELECT unnest(string_split($1, ',')) AS uid)
     SELECT DISTINCT event_uid FROM (
       SELECT event_uid, log_shard FROM events WHERE event_uid IN (SELECT uid FROM wanted)
       UNION ALL
       SELECT event_uid, log_shard FROM quarantine WHERE event_uid IN (SELECT uid FROM wanted)
     ) WHERE NOT starts_with(log_shard, $2)`,
    { params: [eventUids.join(','), `${stream}@`] },
  );
  return new Set(rows.map((row) => String(row.event_uid)));
}

interface Landing {
  readonly log: Log;
  readonly logConfig: LogConfig;
  readonly lake: Lake;
  readonly folder: DataFolder;
  readonly stream: Awaited<ReturnType<typeof openImportStream>>;
  readonly workers: number;
  readonly stop: AbortSignal;
}

/** Works the stream here when nobody else has the folder, else waits for the `up` that has it. False when stopped. */
async function land({ log, logConfig, lake, folder, stream, workers, stop }: Landing): Promise<boolean> {
  const lock = await takeLock(folder);
  if (!('release' in lock)) {
    const manifests = createManifests(createLocalStore(folder.state));
    await waitCommitted({ log, manifests, events: tableOf(lake, 'events'), group: GROUP, stream, stop });
    return !stop.aborted;
  }
  try {
    const { pipeline } = await startEngine({
      log,
      logConfig,
      source: folder,
      target: folder,
      lake,
      workers,
      detect: true,
      live: false,
    });
    await pipeline.follow(stream.stream);
    const isDone = await Promise.race([
      pipeline.settle([stream.stream]).then(() => true),
      stopped(stop).then(() => false),
    ]);
    await pipeline.stop();
    return isDone;
  } finally {
    await lock.release();
  }
}
