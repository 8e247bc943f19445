import { RetryableError } from '../core/index.ts';
import { comparePositions, type Log, type LogRecord, type Position, type Start } from '../log/index.ts';

const WATCH_MS = 1000;
/** So long a record that the log says is there may take to be read. */
const PATIENCE_MS = 30_000;

export interface Stretch {
  readonly log: Log;
  readonly stream: string;
  readonly shardId: string;
  /** Behind this position; null: from the first one that is kept. */
  readonly after: Position | null;
  /** Up to this position, included. */
  readonly through: Position;
  readonly stop?: AbortSignal;
}

/** The records of a stretch of a shard, in pieces; ends early when retention has forgotten the rest, or on `stop`. */
export async function* recordsBehind(stretch: Stretch): AsyncGenerator<readonly LogRecord[]> {
  const { log, stream, shardId, after, through, stop } = stretch;
  let start: Start = after === null ? { type: 'TRIM_HORIZON' } : { type: 'AFTER_SEQUENCE_NUMBER', position: after };
  let sinceMs = performance.now();
  while (stop?.aborted !== true) {
    const { records, next, ended } = await log.read(stream, shardId, start);
    const within = records.filter(({ position }) => comparePositions(position, through) <= 0);
    if (within.length > 0) {
      yield within;
      sinceMs = performance.now();
    }
    const last = within.at(-1);
    const isBeyond = within.length < records.length || (last !== undefined && last.position === through);
    if (isBeyond || ended) return;
    start = next;
    if (records.length > 0) continue;
    const { latest } = await log.bounds(stream, shardId);
    if (latest === null || comparePositions(latest, through) < 0) return;
    if (performance.now() - sinceMs > PATIENCE_MS) {
      throw new RetryableError(
        `[log] ${stream}/${shardId} gives no record up to ${through} although it ends there; try again`,
      );
    }
    await log.watch(stream, shardId, start, WATCH_MS, stop);
  }
}
