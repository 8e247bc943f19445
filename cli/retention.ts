import { ConfigError } from '../core/index.ts';
import type { Log, Retention } from '../log/index.ts';

/** What two options say: null for each that is not given. */
export const retentionOf = (ageMs: number | undefined, shardBytes: number | undefined): Retention => ({
  ageMs: ageMs ?? null,
  shardBytes: shardBytes ?? null,
});

/** Says how much of a stream is kept; ConfigError where that is not Beagle's to say. */
export async function retain(log: Log, stream: string, retention: Retention): Promise<void> {
  if (log.retain !== undefined) return log.retain(stream, retention);
  throw new ConfigError(
    `[log] what ${log.driver} keeps is set there, not here; set it with ${log.driver}'s own tools (the topic's or stream's retention)`,
  );
}
