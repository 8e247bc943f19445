import type { EmbeddedLog } from '../../drivers/embedded-log.ts';
import type { Throughput } from './throughput.ts';
import type { Sealer } from './token.ts';

/** What every operation works on. */
export interface Context {
  readonly log: EmbeddedLog;
  /** µs since 1970. */
  readonly clock: () => number;
  /** How long a stream or a consumer stays in CREATING, UPDATING or DELETING, ms. */
  readonly delayMs: number;
  /** Open shards of the account at most. */
  readonly shardLimit: number;
  readonly sealer: Sealer;
  /** The service's rates; null when they are not enforced. */
  readonly throughput: Throughput | null;
}

/** Now, ms since 1970. */
export function nowMs(context: Context): number {
  return Math.floor(context.clock() / 1000);
}
