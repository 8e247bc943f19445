import { parentPort, workerData } from 'node:worker_threads';
import { createCaller } from './log-endpoint-calls.ts';
import type { Answer, Order } from './log-endpoint-clients.ts';

/** A client of the endpoint in a thread of its own: does what it is told, and says how many records that were. */
const caller = createCaller((workerData as { readonly url: string }).url);

async function follow(order: Order): Promise<number> {
  if (order.what === 'begin') caller.begin(order.share);
  else if (order.what === 'end') caller.end();
  else return caller.run(order.what);
  return 0;
}

parentPort?.on('message', (order: Order) => {
  const say = (answer: Answer) => parentPort?.postMessage(answer);
  follow(order).then(
    (records) => say({ records }),
    (error: Error) => say({ error: error.message }),
  );
});
