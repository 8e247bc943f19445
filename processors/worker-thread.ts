import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../core/index.ts';
import type { FromThread, ThreadConfig, ToThread } from './messages.ts';
import { createThread } from './thread.ts';

/** The entry of a worker thread: messages in, messages out; see thread.ts. */
const port = parentPort;
if (port === null) throw new Error('[processors/worker-thread] must run as a worker thread');
const post = (message: FromThread) => port.postMessage(message);
const fail = (error: unknown) =>
  post({ type: 'failed', message: messageOf(error), name: error instanceof Error ? error.name : 'Error' });

const thread = await createThread(workerData as ThreadConfig, post).catch((error: unknown) => {
  fail(error);
  throw error;
});
port.on('message', (message: ToThread) => {
  thread.handle(message).catch(fail);
  if (message.type === 'stop') thread.stopped.then(() => port.close());
});
post({ type: 'ready' });
