import type { IdentityEvent } from '../core/index.ts';
import type { AppendRecord } from '../log/index.ts';

/** A scored row on its way to whoever watches. */
export interface LiveEvent {
  readonly row: IdentityEvent;
  /** The log record's source and arrival. */
  readonly source: string;
  readonly arrivalUs: number;
}

/** The short stream that carries scored rows to the page. */
export const SCORED_STREAM = 'scored';
export const SCORED_APP = '@scored';

/** Above this many rows a second a page shows a sample: 10,000 a minute is below it. */
const SAMPLE_PER_SECOND = 500;
const BUFFER_MAX = 2000;

export interface LiveSampler {
  offer(event: LiveEvent): void;
  /** Takes what is waiting, as records for the stream. */
  take(): AppendRecord[];
}

/**
 * Best effort: lets through so many rows a second by a token bucket, drops the rest, and never grows beyond
 * its buffer when nobody takes.
 */
export function createLiveSampler(clock: () => number): LiveSampler {
  let waiting: AppendRecord[] = [];
  let tokens = SAMPLE_PER_SECOND;
  let filledUs = clock();
  return {
    offer(event) {
      const nowUs = clock();
      tokens = Math.min(SAMPLE_PER_SECOND, tokens + (Math.max(0, nowUs - filledUs) / 1e6) * SAMPLE_PER_SECOND);
      filledUs = nowUs;
      if (tokens < 1 || waiting.length >= BUFFER_MAX) return;
      tokens--;
      waiting.push({ app: SCORED_APP, source: '', key: event.row.actor_key, data: encode(event) });
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}

function encode({ row, source, arrivalUs }: LiveEvent): Uint8Array {
  const { event_uid, time, app, action, class_uid, status, actor_key, actor_email, target_name, src_ip } = row;
  const { src_city, src_country, risk, user_risk, reasons, decision, policy_version } = row;
  return Buffer.from(
    JSON.stringify({
      shard: row.log_shard,
      position: row.log_position,
      event_uid,
      time,
      arrival: arrivalUs,
      source,
      app,
      action,
      class_uid,
      status,
      actor_key,
      actor_email,
      target_name,
      src_ip,
      src_city,
      src_country,
      risk,
      user_risk,
      reasons,
      decision,
      policy_version,
    }),
  );
}
