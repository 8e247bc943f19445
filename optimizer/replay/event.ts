import { type IdentityEvent, SEGMENTS, type SignalName, type Signals, segmentOf } from '../../core/index.ts';

/** Columns of `events` that the replay reads, the nine signals aside. */
export const FACT_COLUMNS = [
  'event_uid',
  'time',
  'class_uid',
  'activity_id',
  'status',
  'actor_key',
  'actor_type',
  'is_privileged',
  'sensitivity',
  'mfa',
  'session_uid',
  'session_age_s',
] as const;
type FactColumn = (typeof FACT_COLUMNS)[number];

/**
 * `events` column by column; all arrays as long as each other. `time` is µs since 1970 UTC. NaN is null, too, so
 * that numbers can come in typed arrays.
 */
export type EventColumns = {
  readonly [name in FactColumn | SignalName]: ArrayLike<IdentityEvent[name]>;
};

/** Ground truth: which campaign an event belongs to. */
export interface LabelRow {
  readonly event_uid: string;
  readonly campaign: string;
  readonly stage: string;
}

/** One event as the evaluation set is built from it. */
export interface ReplayEvent extends Pick<IdentityEvent, FactColumn> {
  /** Index into SEGMENTS. */
  readonly segment: number;
  readonly signals: Signals;
}

/** The event at `row`. Written out name by name: with computed names a row costs forty times as much. */
export function eventAt(columns: EventColumns, row: number): ReplayEvent {
  const actor_type = columns.actor_type[row] as IdentityEvent['actor_type'];
  const is_privileged = columns.is_privileged[row] as boolean;
  return {
    event_uid: columns.event_uid[row] as string,
    time: columns.time[row] as number,
    class_uid: columns.class_uid[row] as IdentityEvent['class_uid'],
    activity_id: columns.activity_id[row] as number,
    status: columns.status[row] as IdentityEvent['status'],
    actor_key: columns.actor_key[row] as string,
    actor_type,
    is_privileged,
    sensitivity: columns.sensitivity[row] as IdentityEvent['sensitivity'],
    mfa: columns.mfa[row] ?? null,
    session_uid: columns.session_uid[row] ?? null,
    session_age_s: known(columns.session_age_s[row]),
    segment: SEGMENTS.indexOf(segmentOf({ actor_type, is_privileged })),
    signals: {
      s_geo_speed_kmh: known(columns.s_geo_speed_kmh[row]),
      s_new_device: known(columns.s_new_device[row]),
      s_new_country: known(columns.s_new_country[row]),
      s_failures_10m: known(columns.s_failures_10m[row]),
      s_unusual_hour: known(columns.s_unusual_hour[row]),
      s_privileged: known(columns.s_privileged[row]),
      s_mfa_change_1h: known(columns.s_mfa_change_1h[row]),
      s_session_moved: known(columns.s_session_moved[row]),
      s_user_risk: known(columns.s_user_risk[row]),
    },
  };
}

function known(value: number | null | undefined): number | null {
  return value === undefined || value === null || Number.isNaN(value) ? null : value;
}

/** What a step-up vouches for: the session, or the actor's day (UTC) where the app names no session. */
export function trustKeyAt(columns: EventColumns, row: number): string {
  const session = columns.session_uid[row] ?? null;
  const part = session ?? Math.floor((columns.time[row] as number) / 86_400e6);
  // The kind of part is named: a session called 20000 is not a day.
  return `${columns.actor_key[row]}\u0000${session === null ? 'day' : 'session'}\u0000${part}`;
}
