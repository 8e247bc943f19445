import { randomBytes } from 'node:crypto';
import type { AppendRecord } from '../../log/index.ts';

const RECORD_BYTES = 1024;
const POOL = 4096;
const PEOPLE = 1000;

/**
 * Records of 1 KB to take in turn: JSON whose values are half random, so that it compresses about as well as
 * audit events do (to 55 %), and keys of 1,000 people.
 */
export function benchRecords(): readonly AppendRecord[] {
  return Array.from({ length: POOL }, (_, i) => ({
    app: 'bench',
    source: `bench@${i}`,
    key: `person:${(i * 7919) % PEOPLE}`,
    data: benchEvent(i),
  }));
}

function benchEvent(i: number): Uint8Array {
  const open = `{"id":${i},"actor":{"type":"User","displayName":"Somebody"},"outcome":{"result":"SUCCESS"},"client":{"userAgent":"Mozilla/5.0 (X11; Linux x86_64)"},"payload":"`;
  const random = randomBytes(384).toString('base64');
  const fill = 'abcdefghijklmnopqrstuvwxyz '.repeat(RECORD_BYTES / 16);
  const event = `${open}${random}","text":"${fill}`;
  return Buffer.from(`${event.slice(0, RECORD_BYTES - 2)}"}`);
}

/** Gives the pool's records for ever, `count` at a time, as cheaply as can be: what is measured is not this. */
export function takeFrom(pool: readonly AppendRecord[]): (count: number) => AppendRecord[] {
  let at = 0;
  return (count) => {
    if (at + count > pool.length) at = 0;
    at += count;
    return pool.slice(at - count, at);
  };
}
