import { join } from 'node:path';
import { openEmbeddedLog } from '../../log/index.ts';
import { appendFor } from './log-append.ts';
import { besideResults, measureBeside, noBesides } from './log-beside.ts';
import { type Paced, pace, pacedFlushes } from './log-paced.ts';
import { STREAM, scan } from './log-reading.ts';
import { benchRecords, takeFrom } from './log-records.ts';
import { type BenchResult, result, round } from './result.ts';

const SHARDS = 4;
const WARM_MS = 500;
const SAMPLE_MS = 2000;

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
  const besides = noBesides();
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
    await measureBeside(path, log, take, besides);
    await log.deleteStream(STREAM);
    await log.close();
  }
  const ratio = (a: readonly number[], b: readonly number[]) => a.map((value, i) => round(value / (b[i] ?? 1), 3));
  const of = (all: readonly Paced[], name: keyof Paced) => all.map((sample) => round(sample[name], 3));
  return [
    result('embedded: append, 64 appenders of 1 record', 'records/s', singles.map(Math.round)),
    result('embedded: append, 64 appenders of 10 records', 'records/s', tens.map(Math.round)),
    result('embedded: scan', 'records/s', scans.map(Math.round)),
    ...besideResults(besides),
    result('embedded: append of 1 record at 200/s, p50', 'ms', of(paced, 'p50')),
    result('embedded: append of 1 record at 200/s, p99', 'ms', of(paced, 'p99')),
    result('file system: 1 KB written and fdatasync at 200/s, p50', 'ms', of(pacedFs, 'p50')),
    result('file system: 1 KB written and fdatasync at 200/s, p99', 'ms', of(pacedFs, 'p99')),
    result('ratio: append p50 / fdatasync p50', '', ratio(of(paced, 'p50'), of(pacedFs, 'p50'))),
    result('ratio: append p99 / fdatasync p99', '', ratio(of(paced, 'p99'), of(pacedFs, 'p99'))),
  ];
}
