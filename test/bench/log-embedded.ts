import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Log, openEmbeddedLog, type Start } from '../../log/index.ts';
import { benchRecords, takeFrom } from './log-records.ts';
import { type BenchResult, percentile, result } from './result.ts';

const STREAM = 'bench';
const SHARDS = 4;
const APPENDERS = 64;
const WARM_MS = 500;
const SAMPLE_MS = 2000;
const PER_SECOND = 200;
const PACED_MS = 2500;

export interface LogBenchOptions {
  /** An empty folder on the disk that is measured. */
  readonly root: string;
  readonly runs: number;
  readonly onProgress: (text: string) => void;
}

/** The embedded log: 64 appenders, scan, one record at 200/s beside the file system's own flush, a reader beside. */
export async function benchEmbedded({ root, runs, onProgress }: LogBenchOptions): Promise<BenchResult[]> {
  const take = takeFrom(benchRecords());
  const singles: number[] = [];
  const tens: number[] = [];
  const scans: number[] = [];
  const scanned: number[] = [];
  const followed: number[] = [];
  const computed: number[] = [];
  const paced: Paced[] = [];
  const pacedFs: Paced[] = [];
  for (let run = 0; run < runs; run++) {
    // A new log each time: what an earlier run left must not decide.
    const path = join(root, `embedded-${run}`);
    const log = await openEmbeddedLog({ path });
    await log.createStream(STREAM, { shards: SHARDS });
    onProgress(`embedded, run ${run + 1} of ${runs}`);
    await appendFor(log, 1, WARM_MS, take);
    singles.push(await appendFor(log, 1, SAMPLE_MS, take));
    tens.push(await appendFor(log, 10, SAMPLE_MS, take));
    scans.push(await scan(log));
    // Side by side in time, so that what else the machine does meets both.
    pacedFs.push(await pacedFlushes(join(root, `flush-${run}`)));
    paced.push(await pace(() => log.append(STREAM, take(1))));
    // What the machine itself takes from an appender when another process computes tells what reading takes.
    computed.push(await beside(['compute'], () => appendFor(log, 1, SAMPLE_MS, take)));
    followed.push(await beside(['follow', path], () => appendFor(log, 1, SAMPLE_MS, take)));
    scanned.push(await beside(['scan', path], () => appendFor(log, 1, SAMPLE_MS, take)));
    await log.deleteStream(STREAM);
    await log.close();
  }
  const ratio = (a: readonly number[], b: readonly number[]) => a.map((value, i) => round(value / (b[i] ?? 1), 3));
  const of = (all: readonly Paced[], name: keyof Paced) => all.map((sample) => round(sample[name], 3));
  return [
    result('embedded: append, 64 appenders of 1 record', 'records/s', singles.map(Math.round)),
    result('embedded: append, 64 appenders of 10 records', 'records/s', tens.map(Math.round)),
    result('embedded: scan', 'records/s', scans.map(Math.round)),
    result('embedded: append, 64 appenders, a reader follows beside', 'records/s', followed.map(Math.round)),
    result(
      'embedded: append, 64 appenders, a reader scans all over and over beside',
      'records/s',
      scanned.map(Math.round),
    ),
    result(
      'embedded: append, 64 appenders, a process without a log computes beside',
      'records/s',
      computed.map(Math.round),
    ),
    result('ratio: append with a reader that follows beside / without', '', ratio(followed, singles)),
    result('ratio: append with a reader that scans beside / without', '', ratio(scanned, singles)),
    result('ratio: append with a process that computes beside / without', '', ratio(computed, singles)),
    result('ratio: append with a reader that scans / a process that computes beside', '', ratio(scanned, computed)),
    result('embedded: append of 1 record at 200/s, p50', 'ms', of(paced, 'p50')),
    result('embedded: append of 1 record at 200/s, p99', 'ms', of(paced, 'p99')),
    result('file system: 1 KB written and fdatasync at 200/s, p50', 'ms', of(pacedFs, 'p50')),
    result('file system: 1 KB written and fdatasync at 200/s, p99', 'ms', of(pacedFs, 'p99')),
    result('ratio: append p50 / fdatasync p50', '', ratio(of(paced, 'p50'), of(pacedFs, 'p50'))),
    result('ratio: append p99 / fdatasync p99', '', ratio(of(paced, 'p99'), of(pacedFs, 'p99'))),
  ];
}

/** Durable records per second of 64 appenders that each wait for their append before the next. */
async function appendFor(log: Log, batch: number, forMs: number, take: ReturnType<typeof takeFrom>): Promise<number> {
  const startedMs = performance.now();
  const untilMs = startedMs + forMs;
  let appended = 0;
  const appender = async () => {
    while (performance.now() < untilMs) {
      const { length } = await log.append(STREAM, take(batch));
      appended += length;
    }
  };
  await Promise.all(Array.from({ length: APPENDERS }, appender));
  return appended / ((performance.now() - startedMs) / 1000);
}

/** Records per second read from all shards, from the beginning to the end. */
export async function scan(log: Log, stop?: AbortSignal): Promise<number> {
  const startedMs = performance.now();
  const { shards } = await log.describeStream(STREAM);
  let read = 0;
  for (const { shardId } of shards) {
    let start: Start = { type: 'TRIM_HORIZON' };
    while (stop?.aborted !== true) {
      const { records, next } = await log.read(STREAM, shardId, start);
      if (records.length === 0) break;
      read += records.length;
      start = next;
    }
  }
  return read / ((performance.now() - startedMs) / 1000);
}

interface Paced {
  readonly p50: number;
  readonly p99: number;
}

/** Latencies, ms, of a call made 200 times a second, whether or not the one before has ended. */
async function pace(call: () => Promise<unknown>): Promise<Paced> {
  const latencies: number[] = [];
  const running: Promise<unknown>[] = [];
  const startedMs = performance.now();
  for (let i = 0; ; i++) {
    const dueMs = startedMs + (i * 1000) / PER_SECOND;
    if (dueMs > startedMs + PACED_MS) break;
    await sleep(Math.max(0, dueMs - performance.now()));
    const callMs = performance.now();
    running.push(call().then(() => latencies.push(performance.now() - callMs)));
  }
  await Promise.all(running);
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

async function pacedFlushes(path: string): Promise<Paced> {
  const file = await open(path, 'a');
  const bytes = Buffer.alloc(1024, 'x');
  try {
    return await pace(async () => {
      await file.write(bytes);
      await file.datasync();
    });
  } finally {
    await file.close();
  }
}

/** Reads what is appended to any shard from now on, for ever. */
export async function follow(log: Log): Promise<void> {
  const { shards } = await log.describeStream(STREAM);
  const stop = new AbortController();
  const one = async (shardId: string): Promise<void> => {
    for (let at: Start = { type: 'LATEST' }; ; ) {
      const { records, next } = await log.read(STREAM, shardId, at);
      if (records.length === 0) await log.watch(STREAM, shardId, next, SAMPLE_MS, stop.signal);
      at = next;
    }
  };
  await Promise.all(shards.map(({ shardId }) => one(shardId)));
}

/** Runs `work` while another process does one part of the bench. */
async function beside<T>(words: readonly string[], work: () => Promise<T>): Promise<T> {
  const other = startRun(words);
  try {
    await new Promise<void>((resolve, reject) => {
      other.stdout?.once('data', () => resolve());
      other.once('exit', (code) => reject(new Error(`[bench] ${words[0]} beside the appender ended with ${code}`)));
    });
    return await work();
  } finally {
    other.kill('SIGKILL');
  }
}

export function startRun(words: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL('./log-run.js', import.meta.url));
  return spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
}

export const round = (value: number, digits: number): number => Number(value.toFixed(digits));
