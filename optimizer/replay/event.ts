import {
  type IdentityEvent,
  SEGMENTS,
  type Segment,
  SIGNAL_NAMES,
  type SignalName,
  type Signals,
} from '../../core/index.ts';

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

/** `events` column by column; all arrays as long as each other. `time` is µs since 1970 UTC. */
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

/** The event at `row`. */
export function eventAt(columns: EventColumns, row: number): ReplayEvent {
  const fact = Object.fromEntries(FACT_COLUMNS.map((name) => [name, columns[name][row]])) as Pick<
    IdentityEvent,
    FactColumn
  >;
  const signals = Object.fromEntries(SIGNAL_NAMES.map((name) => [name, columns[name][row] ?? null])) as Signals;
  return { ...fact, segment: SEGMENTS.indexOf(segmentOf(fact)), signals };
}

/** Whose thresholds apply: as the processors' decide step has it. */
export function segmentOf(event: Pick<IdentityEvent, 'actor_type' | 'is_privileged'>): Segment {
  if (event.actor_type === 'service' || event.actor_type === 'system') return 'service';
  return event.is_privileged ? 'privileged' : 'person';
}

/** What a step-up vouches for: the session, or the actor's day (UTC) where the app names no session. */
export function trustKeyOf(event: Pick<ReplayEvent, 'actor_key' | 'session_uid' | 'time'>): string {
  if (event.session_uid !== null) return `${event.actor_key}\u0000${event.session_uid}`;
  return `${event.actor_key}\u0000${Math.floor(event.time / 86_400e6)}`;
}
