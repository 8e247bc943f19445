import { type Context, nowMs } from './context.ts';
import { inUse } from './faults.ts';

/** The API Reference, SubscribeToShard: another call within five seconds of a successful one is refused. */
const INTERVAL_MS = 5000;
/** Remembered at most; the oldest go first. */
const REMEMBERED_MAX = 100_000;

export interface Subscription {
  /** Aborted when another call has taken the subscription over. */
  readonly signal: AbortSignal;
  end(): void;
}

/** Who is subscribed to which shard, in this process. */
export interface Subscriptions {
  /** Takes over from whoever holds `key`; ResourceInUseException when limits are enforced and it is too early. */
  begin(key: string, who: string): Subscription;
}

interface Held {
  readonly sinceMs: number;
  readonly abort: AbortController;
}

export function createSubscriptions(context: Context): Subscriptions {
  const held = new Map<string, Held>();
  return {
    begin(key, who) {
      const now = nowMs(context);
      const before = held.get(key);
      if (context.throughput !== null && before !== undefined && now - before.sinceMs < INTERVAL_MS) {
        throw inUse(`Another active subscription exists for this consumer: ${who}`);
      }
      before?.abort.abort();
      const abort = new AbortController();
      const mine = { sinceMs: now, abort };
      held.delete(key);
      if (held.size >= REMEMBERED_MAX) held.delete(held.keys().next().value ?? '');
      held.set(key, mine);
      return {
        signal: abort.signal,
        end() {
          // When limits are enforced the interval counts from the call, however early the subscription ended.
          if (context.throughput === null && held.get(key) === mine) held.delete(key);
        },
      };
    },
  };
}
