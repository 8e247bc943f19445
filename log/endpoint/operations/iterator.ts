import type { Start } from '../../log.ts';
import { KinesisError } from '../operation.ts';
import type { Context } from './context.ts';
import { nowMs } from './context.ts';
import { invalidArgument } from './faults.ts';

/** The API Reference, GetShardIterator: five minutes. */
const LIFE_MS = 300_000;

/** A place in a shard, as a client carries it around. */
export interface ShardIterator {
  readonly stream: string;
  readonly incarnation: string;
  readonly shardId: string;
  readonly start: Start;
}

type Sealed = readonly [madeMs: number, stream: string, incarnation: string, shardId: string, start: Start];

export function sealIterator(context: Context, iterator: ShardIterator): Promise<string> {
  const { stream, incarnation, shardId, start } = iterator;
  const sealed: Sealed = [nowMs(context), stream, incarnation, shardId, start];
  return context.sealer.seal(sealed);
}

/**
 * InvalidArgumentException for what is no iterator of this log, ExpiredIteratorException for an old one. One in
 * quotation marks is taken, as the service takes it: shells pass them on.
 */
export async function openIterator(context: Context, token: string): Promise<ShardIterator> {
  const opened = await context.sealer.open(token.replace(/^"(.*)"$/, '$1'));
  if (!Array.isArray(opened) || opened.length !== 5) throw invalidArgument('Invalid ShardIterator.');
  const [madeMs, stream, incarnation, shardId, start] = opened as unknown as Sealed;
  const now = nowMs(context);
  if (now - madeMs > LIFE_MS) {
    throw new KinesisError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${javaDate(madeMs)} while right now it is ${javaDate(now)} ` +
        `which is further in the future than the tolerated delay of ${LIFE_MS} milliseconds.`,
    );
  }
  return { stream, incarnation, shardId, start };
}

/** As Java prints dates: `Thu Jan 22 01:22:02 UTC 2015`. */
function javaDate(ms: number): string {
  const [weekday = '', day, month, year, time] = new Date(ms).toUTCString().split(' ');
  return `${weekday.slice(0, -1)} ${month} ${day} ${time} UTC ${year}`;
}
