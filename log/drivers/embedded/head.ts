import type { Environment } from './environment.ts';
import { headKey } from './keys.ts';

/** How far a shard is. */
export interface Head {
  /** Counter that the next record gets. */
  readonly next: number;
  /** Counter of the oldest record kept; equals `next` when there is none. */
  readonly earliest: number;
  /** Arrival of the newest record ever, µs; 0 before the first. */
  readonly lastArrivalUs: number;
}

const HEAD_BYTES = 24;
const EMPTY: Head = { next: 0, earliest: 0, lastArrivalUs: 0 };

export function readHead(environment: Pick<Environment, 'get'>, id: number, shard: number): Head {
  return decodeHead(environment.get(headKey(id, shard)));
}

export function decodeHead(bytes: Buffer | undefined): Head {
  if (bytes === undefined) return EMPTY;
  return { next: bytes.readDoubleLE(0), earliest: bytes.readDoubleLE(8), lastArrivalUs: bytes.readDoubleLE(16) };
}

/** Inside a write transaction. Appends move heads by themselves. */
export function writeHead(environment: Environment, id: number, shard: number, head: Head): void {
  environment.put(headKey(id, shard), encodeHead(head));
}

export function encodeHead(head: Head): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.writeDoubleLE(head.next, 0);
  bytes.writeDoubleLE(head.earliest, 8);
  bytes.writeDoubleLE(head.lastArrivalUs, 16);
  return bytes;
}
