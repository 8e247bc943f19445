import type { ServerResponse } from 'node:http';
import type { Health, Hello, LiveEvent } from '../api.ts';
import type { DashboardDeps } from './deps.ts';
import { withName } from './person.ts';
import { createSampler } from './sampler.ts';
import { type Message, openClient, type StreamClient } from './stream-client.ts';

const FLUSH_MS = 100;
const KEEP_ALIVE_S = 15;
const CLIENTS_MAX = 200;
const RECENT_MAX = 100;
const HISTORY_MAX = 600;
/** Events that may gather between two flushes; beyond, the oldest are counted as skipped. */
const PENDING_MAX = 20_000;

/** The live stream to all open pages: scored events within 100 ms, health once a second. */
export interface Stream {
  /** Serves one client until it goes; false when there are too many. */
  open(response: ServerResponse): boolean;
  /** Health as of this second. */
  health(): Health;
  clients(): number;
  close(): void;
}

export function createStream(deps: DashboardDeps): Stream {
  const clients = new Set<StreamClient>();
  const sampler = createSampler();
  const recent: LiveEvent[] = [];
  const history: Hello['history'] = [];
  let pending: LiveEvent[] = [];
  let overflowed = 0;
  let flushTimer: NodeJS.Timeout | null = null;
  let lastFlushMs = 0;
  let lastId = 0;
  let seconds = 0;
  let health = deps.health();

  const message = (event: Message['event'], json: string, events = 0, skipped = 0): Message => {
    lastId += 1;
    return { id: lastId, event, json, events, skipped };
  };
  const broadcast = (made: Message) => {
    for (const client of clients) client.send(made);
  };
  const flush = () => {
    flushTimer = null;
    lastFlushMs = performance.now();
    const sample = sampler.take(pending, deps.clock());
    pending = [];
    const kept = sample.kept.map((event) => withName(deps, event));
    keepLast(recent, kept, RECENT_MAX);
    if (clients.size > 0) broadcast(message('events', JSON.stringify(kept), kept.length, sample.skipped + overflowed));
    overflowed = 0;
  };
  const unsubscribe = deps.live.subscribe((events) => {
    for (const event of events) pending.push(event);
    if (pending.length > PENDING_MAX) overflowed += pending.splice(0, pending.length - PENDING_MAX).length;
    if (flushTimer || pending.length === 0) return;
    const waitMs = Math.max(0, FLUSH_MS - (performance.now() - lastFlushMs));
    flushTimer = setTimeout(flush, waitMs);
  });
  const everySecond = setInterval(() => {
    const generation = health.generation;
    health = deps.health();
    keepLast(history, [{ at: health.now, byApp: health.byApp }], HISTORY_MAX);
    seconds += 1;
    if (clients.size === 0) return;
    broadcast(message('health', JSON.stringify(health)));
    if (health.generation !== generation)
      broadcast(message('generation', JSON.stringify({ generation: health.generation })));
    if (seconds % KEEP_ALIVE_S === 0) for (const client of clients) client.keepAlive();
  }, 1000);
  everySecond.unref();

  return {
    open(response) {
      if (clients.size >= CLIENTS_MAX) return false;
      health = deps.health();
      const hello: Hello = { health, history, recent };
      const client = openClient(response);
      client.send(message('hello', JSON.stringify(hello)));
      clients.add(client);
      response.on('close', () => clients.delete(client));
      return true;
    },
    health() {
      if (deps.clock() - health.now > 1e6) health = deps.health();
      return health;
    },
    clients: () => clients.size,
    close() {
      unsubscribe();
      clearInterval(everySecond);
      if (flushTimer) clearTimeout(flushTimer);
      // The last that a page hears is how things stand at the end: it goes on showing that.
      broadcast(message('health', JSON.stringify(deps.health())));
      for (const client of clients) client.close();
      clients.clear();
    },
  };
}

function keepLast<T>(list: T[], added: readonly T[], max: number): void {
  for (const item of added.slice(-max)) list.push(item);
  if (list.length > max) list.splice(0, list.length - max);
}
