import { type Log, openLog, type Start } from '../../log/index.ts';
import { benchRecords, takeFrom } from './log-records.ts';
import { type BenchResult, result } from './result.ts';

const SHARDS = 4;
const RECORDS = 40_000;
const APPEND = 500;
const APPENDS_AT_ONCE = 4;

/** Produce (acknowledged by all in-sync replicas) and read of 1 KB records through our driver. */
export async function benchKafka(options: {
  readonly brokers: readonly string[];
  readonly runs: number;
  readonly onProgress: (text: string) => void;
}): Promise<BenchResult[]> {
  const log = await openLog({ driver: 'kafka', brokers: [...options.brokers] });
  const produced: number[] = [];
  const read: number[] = [];
  try {
    for (let run = 0; run < options.runs; run++) {
      options.onProgress(`kafka, run ${run + 1} of ${options.runs}`);
      const stream = `bench-${process.pid}-${run}`;
      await log.createStream(stream, { shards: SHARDS });
      try {
        produced.push(await rateOf(() => produce(log, stream)));
        read.push(await rateOf(() => readAll(log, stream)));
      } finally {
        await log.deleteStream(stream);
      }
    }
  } finally {
    await log.close();
  }
  return [
    result('kafka: append, 4 at once of 500 records', 'records/s', produced.map(Math.round)),
    result('kafka: read', 'records/s', read.map(Math.round)),
  ];
}

async function rateOf(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return RECORDS / ((performance.now() - startedMs) / 1000);
}

async function produce(log: Log, stream: string): Promise<void> {
  const take = takeFrom(benchRecords());
  let appends = RECORDS / APPEND;
  const lane = async () => {
    while (appends-- > 0) await log.append(stream, take(APPEND));
  };
  await Promise.all(Array.from({ length: APPENDS_AT_ONCE }, lane));
}

async function readAll(log: Log, stream: string): Promise<void> {
  const { shards } = await log.describeStream(stream);
  let count = 0;
  const lane = async (shardId: string) => {
    const { latest } = await log.bounds(stream, shardId);
    let at: Start = { type: 'TRIM_HORIZON' };
    for (let last = ''; latest !== null && last !== latest; ) {
      const { records, next } = await log.read(stream, shardId, at);
      count += records.length;
      last = records.at(-1)?.position ?? last;
      at = next;
      if (records.length === 0) await log.watch(stream, shardId, at, 1000);
    }
  };
  await Promise.all(shards.map(({ shardId }) => lane(shardId)));
  if (count !== RECORDS) throw new Error(`[bench] ${count} of ${RECORDS} records were read; the run does not count`);
}
