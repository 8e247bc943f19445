import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './result.ts';

const PER_SECOND = 200;
const PACED_MS = 2500;

/** Latencies, ms. */
export interface Paced {
  readonly p50: number;
  readonly p99: number;
}

/** Latencies, ms, of a call made 200 times a second, whether or not the one before has ended. */
export async function pace(call: () => Promise<unknown>): Promise<Paced> {
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

/** What the file system itself takes for 1 KB, written and flushed. */
export async function pacedFlushes(path: string): Promise<Paced> {
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
