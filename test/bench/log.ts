import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchEmbedded } from './log-embedded.ts';
import { benchEndpoint } from './log-endpoint.ts';
import { benchKafka } from './log-kafka.ts';
import { benchMemory } from './log-memory.ts';
import { type BenchReport, reportOf } from './result.ts';

export interface LogBench {
  readonly runs: number;
  /** Also the resident memory after so many records; undefined: not measured. */
  readonly records: number | undefined;
  /** host:port of a Kafka to measure too. */
  readonly brokers: readonly string[];
  readonly onProgress: (text: string) => void;
  /** Told in one line what could not be measured, and why. */
  readonly warn: (text: string) => void;
}

/** The log on one machine in one run, records of 1 KB, all appends durable; every figure the median of its runs. */
export async function benchLog({ runs, records, brokers, onProgress, warn }: LogBench): Promise<BenchReport> {
  const root = await mkdtemp(join(tmpdir(), 'beagle-bench-log-'));
  try {
    const results = await benchEmbedded({ root, runs, onProgress });
    results.push(...(await benchEndpoint({ root, runs, onProgress, warn })));
    if (brokers.length > 0) results.push(...(await benchKafka({ brokers, runs, onProgress })));
    if (records !== undefined) results.push(...(await benchMemory({ root, records, onProgress })));
    return reportOf('log', results);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
