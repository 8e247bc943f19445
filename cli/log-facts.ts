import type { Log, Position, ShardBounds, Start } from '../log/index.ts';

/** When the first record at or behind `start` came, µs since 1970; null when there is none. */
export async function arrivalAt(log: Log, stream: string, shardId: string, start: Start): Promise<number | null> {
  const { records } = await log.read(stream, shardId, start, { recordsMax: 1 });
  return records[0]?.arrivalUs ?? null;
}

/**
 * How many records lie behind `after` (null: from the shard's first kept one) up to `latest`. Null on Kinesis, whose
 * sequence numbers have gaps of any size; on Kafka, holes that transactions leave in the offsets are counted too.
 */
export function recordsBetween(log: Log, after: Position | null, { earliest, latest }: ShardBounds): number | null {
  if (latest === null || earliest === null) return 0;
  if (log.driver === 'kinesis') return null;
  const kept = BigInt(earliest) - 1n;
  const from = after === null || BigInt(after) < kept ? kept : BigInt(after);
  return Math.max(0, Number(BigInt(latest) - from));
}

/** A sum in which one unknown part makes the whole unknown. */
export function sumOf(parts: readonly (number | null)[]): number | null {
  return parts.some((part) => part === null) ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

/** Milliseconds in the unit that a person would use: `420 ms`, `12.3 s`, `4.0 min`, `7.5 h`, `3.1 d`. */
export function ageText(ms: number | null): string | null {
  if (ms === null) return null;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${(ms / 60_000).toFixed(1)} min`;
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / 86_400_000).toFixed(1)} d`;
}

export const ageMs = (arrivalUs: number | null, nowUs: number): number | null =>
  arrivalUs === null ? null : Math.max(0, Math.floor((nowUs - arrivalUs) / 1000));

export const timeText = (us: number | null): string | null => (us === null ? null : new Date(us / 1000).toISOString());
