import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createDataFolder } from '../../cli/data-folder.ts';
import { createCompany, createWorldStream, GENERATORS } from '../../ingest/index.ts';
import { openEmbeddedLog } from '../../log/index.ts';
import { type BenchReport, type BenchResult, reportOf, result } from './result.ts';
import { measureStages } from './stages.ts';

export interface PipelineBenchOptions {
  readonly events: number;
  readonly runs: number;
  readonly shards: number;
  readonly onProgress: (text: string) => void;
}

const PEOPLE = 10_000;
const START_US = 1_767_603_600_000_000;
const APPEND = 1000;

/**
 * A filled log of native events of all apps → scored rows in Delta, all steps on, synced to disk; each run in a
 * process of its own into a lake of its own.
 */
export async function benchPipeline({ events, runs, shards, onProgress }: PipelineBenchOptions): Promise<BenchReport> {
  const root = await mkdtemp(join(tmpdir(), 'beagle-bench-'));
  try {
    const source = join(root, 'source');
    await fill(source, events, shards, onProgress);
    const rates: number[] = [];
    const memory: number[] = [];
    for (let run = 0; run < runs; run++) {
      onProgress(`run ${run + 1} of ${runs}`);
      const target = join(root, `target-${run}`);
      const script = fileURLToPath(new URL('./pipeline-run.js', import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [script, source, target, String(shards)]);
      const {
        events: landed,
        elapsedS,
        rssMb,
      } = JSON.parse(stdout) as { events: number; elapsedS: number; rssMb: number };
      if (landed !== events)
        throw new Error(`[bench] ${landed} of ${events} events are in the lake; the run does not count`);
      rates.push(events / elapsedS);
      memory.push(rssMb);
      await rm(target, { recursive: true, force: true });
    }
    onProgress('stages');
    const stages: BenchResult[] = await measureStages(join(source, 'log'), Math.min(events, 50_000));
    return reportOf('pipeline', [
      result('events', '1/s', rates.map(Math.round)),
      result('resident memory, peak', 'MB', memory.map(Math.round)),
      ...stages,
    ]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function fill(path: string, events: number, shards: number, onProgress: (text: string) => void): Promise<void> {
  const log = await openEmbeddedLog({ path: (await createDataFolder(path)).log });
  const { stream } = await log.createStream('events', { shards });
  const company = createCompany({ people: PEOPLE, seed: 1, startUs: START_US });
  let batch: { app: string; source: string; key: string; data: Uint8Array }[] = [];
  let written = 0;
  for (const event of createWorldStream({ company, generators: GENERATORS, seed: 1 })) {
    if (written >= events) break;
    batch.push({ app: event.app, source: `generator@${event.dueUs}`, key: event.key, data: event.data });
    written++;
    if (batch.length < APPEND && written < events) continue;
    await log.append(stream, batch);
    batch = [];
    if (written % 10_000 === 0) onProgress(`filling the log: ${written} of ${events}`);
  }
  await log.close();
}
