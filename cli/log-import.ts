import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError, ConflictError, messageOf } from '../core/index.ts';
import { createLocalStore, type Store } from '../lake/index.ts';
import type { Log, StreamDescription } from '../log/index.ts';
import { CONTROL_APP } from '../processors/index.ts';
import { defineCommand } from './command.ts';
import { createDataFolder } from './data-folder.ts';
import { type Lock, takeFileLock } from './file-lock.ts';
import { LOG_OPTIONS, withLog } from './log-access.ts';
import { appendOnce, type Journal, journalSchema, type Unit } from './log-append-once.ts';
import type { ExportedRecord, ExportHeader } from './log-entry.ts';
import { openWholeExport } from './log-import-file.ts';
import { createProgress } from './progress.ts';

const AGAIN = 'run the same command again to go on';

export const logImport = defineCommand({
  name: 'log import',
  summary:
    'Appends an export of beagle log export to a stream, new or there already. Stopped in the middle and run again, it goes on and appends nothing twice; a file that was imported once adds nothing more. What was appended is noted in the data folder, whatever the log: give the same --data again.',
  args: ['FILE'],
  options: [...LOG_OPTIONS, 'stream', 'shards', 'json'],
  examples: ['beagle log import events.ndjson --stream restored'],
  async run(config, [path = ''], { stdout, stderr, stop }) {
    const { stream: name } = config;
    if (name === undefined) throw new ConfigError('[log import] --stream is missing; name the stream to append to');
    const progress = createProgress(stderr);
    const file = await openWholeExport(path, (n) => {
      progress.show(`reading ${n}`);
      if (stop.aborted) throw new Error(`[log import] stopped before anything was appended; ${AGAIN}`);
    }).finally(progress.end);
    try {
      const folder = await createDataFolder(config.data);
      await withLog(config, async (log) => {
        const target = await targetOf(log, name, file.header, config.shards);
        const route = routeOf(file.header, target);
        const place = `log-imports/${name}@${target.incarnation}/${file.hash}`;
        const lock = await demandImportLock(join(folder.state, `${place}.lock`), path, name);
        const { appended, done } = await appendOnce({
          log,
          stream: name,
          units: (from) => unitsOf(file.read(), route, from),
          journal: journalOf(createLocalStore(folder.state), `${place}.json`),
          stop,
          onProgress: (n) => progress.show(`appended ${n} of ${file.records}`),
        }).finally(lock.release);
        progress.end();
        const report = { stream: name, file: path, records: file.records, appended, whole: !stop.aborted };
        if (config.json) stdout.write(`${JSON.stringify(report)}\n`);
        else if (report.whole) stdout.write(`${name} holds all ${file.records} records (${appended} appended now)\n`);
        if (!report.whole) throw new Error(`[log import] stopped at ${done} appends; ${AGAIN}`);
      });
    } finally {
      progress.end();
      await file.close();
    }
  },
});

/** The stream, created if need be with as many shards as were open in the export. */
async function targetOf(log: Log, name: string, header: ExportHeader, shards: number | undefined) {
  const open = header.shards.filter(({ closed }) => !closed).length;
  const isThere = (await log.listStreams()).includes(name);
  if (!isThere || shards !== undefined) {
    await log.createStream(name, { shards: shards ?? Math.max(1, open) }).catch((error: unknown) => {
      if (!(error instanceof ConflictError)) throw error;
      throw new ConfigError(
        `[log import] ${name} is there with another number of shards than ${shards}; leave --shards out, or name another --stream`,
      );
    });
  }
  const target = await log.describeStream(name);
  if (target.incarnation !== header.incarnation) return target;
  throw new ConfigError(`[log import] ${name} is the stream that the file was exported from; name another --stream`);
}

type Route = (record: ExportedRecord) => readonly (string | null)[];

/**
 * Where a record goes. Into shards like those it came from: to the same one, so that the order of each shard is kept.
 * Else by its key; and control records, which every shard must hear of, to all shards that took over its hash keys.
 */
function routeOf({ shards }: ExportHeader, target: StreamDescription): Route {
  const open = target.shards.filter(({ closed }) => !closed);
  const isAlike =
    shards.length === open.length &&
    shards.every(({ hashKeyRange: { start, end }, closed }, i) => {
      const other = open[i]?.hashKeyRange;
      return !closed && other?.start === start && other.end === end;
    });
  const heirs = new Map(
    shards.map(({ shardId, hashKeyRange }, i) => [
      shardId,
      isAlike
        ? [open[i]?.shardId ?? null]
        : open.filter((other) => overlap(hashKeyRange, other.hashKeyRange)).map((other) => other.shardId),
    ]),
  );
  const byKey = [null];
  return ({ app, shardId }) => (isAlike || app === CONTROL_APP ? (heirs.get(shardId) ?? byKey) : byKey);
}

interface Range {
  readonly start: string;
  readonly end: string;
}

const overlap = (a: Range, b: Range) => BigInt(a.start) <= BigInt(b.end) && BigInt(b.start) <= BigInt(a.end);

async function* unitsOf(records: AsyncIterable<ExportedRecord>, route: Route, from: number): AsyncGenerator<Unit> {
  let at = 0;
  for await (const exported of records) {
    const { app, source, key, data } = exported;
    for (const shardId of route(exported)) if (at++ >= from) yield { record: { app, source, key, data }, shardId };
  }
}

/** Two that append the same file to the same stream would not see each other's records, and each would append all. */
async function demandImportLock(path: string, file: string, name: string): Promise<Lock> {
  const lock = await mkdir(dirname(path), { recursive: true })
    .then(() => takeFileLock(path))
    .catch((error: unknown) => {
      throw new ConfigError(`[log import] cannot write ${path}: ${messageOf(error)}; make the data folder writable`);
    });
  if ('release' in lock) return lock;
  throw new ConfigError(`[log import] process ${lock.holder} imports ${file} into ${name} already; wait for it`);
}

function journalOf(state: Store, at: string): Journal {
  return {
    async read() {
      const bytes = await state.get(at);
      return bytes === null ? null : journalSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    },
    write: (entry) => state.put(at, Buffer.from(JSON.stringify(entry))),
  };
}
