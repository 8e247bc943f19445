import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeFiles } from '../../cli/package-root.ts';
import { readNative } from '../../core/index.ts';
import { SOURCES } from '../../ingest/index.ts';
import { createLocalStore, loadZstd } from '../../lake/index.ts';
import { type LogRecord, openEmbeddedLog, type Start } from '../../log/index.ts';
import {
  createBatch,
  createPlaceOf,
  createProcess,
  createShardState,
  loadPlaceData,
  writeBatchFiles,
} from '../../processors/index.ts';
import { type BenchResult, result } from './result.ts';

const BATCH = 10_000;

/**
 * The share of each stage of a worker's time, by running them one behind the other over batches of records, on
 * one thread: reading the log, reading the native event (UTF-8, JSON, canonical form, uid, schema), mapping with
 * look-ups, signals and score, taking rows into columns, encoding and compressing, writing with sync.
 */
export async function measureStages(logPath: string, count: number): Promise<BenchResult[]> {
  const log = await openEmbeddedLog({ path: logPath });
  const folder = await mkdtemp(join(tmpdir(), 'beagle-stages-'));
  const spent = { read: 0, native: 0, score: 0, columns: 0, encode: 0, write: 0 };
  const timed = async <T>(stage: keyof typeof spent, run: () => T | Promise<T>): Promise<T> => {
    const startedMs = performance.now();
    const value = await run();
    spent[stage] += performance.now() - startedMs;
    return value;
  };
  try {
    const { stream, shards } = await log.describeStream('events');
    const shardId = shards[0]?.shardId ?? '';
    const process = createProcess({ sources: SOURCES, placeOf: createPlaceOf(await loadPlaceData(placeFiles())) });
    const state = createShardState();
    const batch = createBatch(await loadZstd());
    const lake = createLocalStore(folder);
    let start: Start = { type: 'TRIM_HORIZON' };
    for (let done = 0; done < count; done += BATCH) {
      const read = await timed('read', () =>
        log.read(stream, shardId, start, { recordsMax: BATCH, bytesMax: 64 * 1024 * 1024 }),
      );
      start = read.next;
      if (read.records.length === 0) break;
      await timed('native', () =>
        read.records.map((record) => readNative(record.app, record.data, SOURCES.get(record.app))),
      );
      const outcomes = await timed('score', () =>
        read.records.map((record: LogRecord) => process(state, record, 'bench', 0)),
      );
      await timed('columns', () =>
        outcomes.map((outcome, i) => batch.add(outcome, (read.records[i] as LogRecord).position, 0)),
      );
      const closed = await timed('encode', () => batch.close());
      await timed('write', () => writeBatchFiles(lake, closed, String(done), 0));
    }
  } finally {
    await log.close();
    await rm(folder, { recursive: true, force: true });
  }
  // Scoring ran the reading of the native event once more: that part is counted once.
  spent.score = Math.max(0, spent.score - spent.native);
  const total = Object.values(spent).reduce((sum, ms) => sum + ms, 0);
  const names = {
    read: 'reading the log',
    native: 'native event: JSON, uid, schema',
    score: 'map, look-ups, signals, score',
    columns: 'rows into columns',
    encode: 'encoding and compressing',
    write: 'writing and sync',
  };
  return Object.entries(spent).map(([stage, ms]) =>
    result(`share: ${names[stage as keyof typeof names]}`, '%', [Number(((100 * ms) / total).toFixed(1))]),
  );
}
