import { Worker } from 'node:worker_threads';
import type { Share, What } from './log-endpoint-calls.ts';

/** What a thread is told, one thing after the other. */
export type Order = { readonly what: What | 'end' } | { readonly what: 'begin'; readonly share: Share };
export type Answer = { readonly records: number } | { readonly error: string };

/** Clients of one server, each in a thread of its own. */
export interface Clients {
  /** Each makes ready for its share of a round. */
  begin(shares: readonly Share[]): Promise<void>;
  /** All at once; gives the number of records written or read. */
  run(what: What): Promise<number>;
  end(): Promise<void>;
  close(): Promise<void>;
}

export function startClients(url: string, count: number): Clients {
  const script = new URL('./log-endpoint-run.js', import.meta.url);
  const workers = Array.from({ length: count }, () => new Worker(script, { workerData: { url } }));
  const tellAll = async (orderOf: (i: number) => Order): Promise<number> => {
    const counts = await Promise.all(workers.map((worker, i) => tell(worker, orderOf(i))));
    return counts.reduce((sum, records) => sum + records, 0);
  };
  return {
    async begin(shares) {
      await tellAll((i) => ({ what: 'begin', share: shares[i] ?? { stream: '', shards: [], puts: 0 } }));
    },
    run: (what) => tellAll(() => ({ what })),
    async end() {
      await tellAll(() => ({ what: 'end' }));
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function tell(worker: Worker, order: Order): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (result: () => void) => {
      worker.off('message', onAnswer).off('error', onError);
      result();
    };
    const onAnswer = (answer: Answer) =>
      settle(() =>
        'records' in answer ? resolve(answer.records) : reject(new Error(`[bench] a client failed: ${answer.error}`)),
      );
    const onError = (error: Error) => settle(() => reject(error));
    worker.on('message', onAnswer).on('error', onError).postMessage(order);
  });
}
