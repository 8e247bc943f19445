import { Worker } from 'node:worker_threads';

/** Threads are always compiled code; run from source, as tests do, they come from what was built. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/cli/up/latency-thread.js' : './latency-thread.js',
  import.meta.url,
);

export interface Latency {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** Starts the measuring client; resolves once it is connected. `stop` gives percentiles in ms. */
export async function measureLatency(url: string, token: string | undefined): Promise<{ stop(): Promise<Latency> }> {
  const worker = new Worker(THREAD, {
    workerData: { url, token: token ?? null },
  });
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  failed.catch(() => {});
  await Promise.race([new Promise((resolve) => worker.once('message', resolve)), failed]);
  return {
    async stop() {
      const answer = new Promise<Float64Array>((resolve) => worker.once('message', resolve));
      worker.postMessage('stop');
      const sorted = (await Promise.race([answer, failed])).sort();
      await worker.terminate();
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null;
      return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? null };
    },
  };
}
