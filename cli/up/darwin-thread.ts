import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../core/index.ts';
import type { DarwinConfig, FromDarwin, ToDarwin } from './darwin-messages.ts';
import { evolveInSeasons } from './darwin-seasons.ts';

/** The entry of Darwin's thread. */
const port = parentPort;
if (port === null) throw new Error('[cli/up] darwin-thread must run as a worker thread');
const config = workerData as DarwinConfig;
const post = (message: FromDarwin) => port.postMessage(message);
const stop = new AbortController();
let { baseline } = config;
port.on('message', (message: ToDarwin) => {
  if (message.type === 'baseline') baseline = message.policy;
  else stop.abort();
});
const wait = (ms: number) => sleep(ms, undefined, { signal: stop.signal }).catch(() => {});
await evolveInSeasons({ config, baseline: () => baseline, stop: stop.signal, post, wait }).catch((error: unknown) =>
  post({ type: 'failed', message: messageOf(error) }),
);
port.close();
