/** What the server's JSON says: shared by server and page, so types only. Times are µs since 1970 UTC. */

/** One scored event as the live stream carries it. */
export interface LiveEvent {
  shard: string;
  position: string;
  event_uid: string;
  time: number;
  arrival: number;
  /** The log record's source, e.g. `generator@<due µs>`. */
  source: string;
  app: string;
  action: string;
  class_uid: number;
  status: string;
  actor_key: string;
  actor_email: string | null;
  /** From the directory, by the server; absent when the directory does not know the person. */
  actor_name?: string | null;
  target_name: string | null;
  src_ip: string | null;
  src_city: string | null;
  src_country: string | null;
  risk: number;
  user_risk: number;
  reasons: readonly string[];
  decision: 'allow' | 'step_up' | 'block';
  policy_version: number;
}

/** Rates and health, sent over the stream once a second and given by /api/health. */
export interface Health {
  now: number;
  startedAt: number;
  driver: string;
  eventsPerSecond: number;
  /** Events/s by app over the last second. */
  byApp: Record<string, number>;
  /** Time from the log's taking a record to its being scored, ms; the newest. */
  lagMs: number;
  shards: number;
  /** Records on the log that no worker has read. */
  backlog: number;
  commit: { version: number | null; at: number | null };
  files: number;
  /** Counted in the lake. */
  totals: { events: number; quarantined: number; redelivered: number; findings: number };
  generation: number | null;
}

export interface PersonRisk {
  actor_key: string;
  name: string | null;
  role: string | null;
  user_risk: number;
  /** user_risk now minus that of a day ago (0 then unseen). */
  change24h: number;
  reasons: readonly string[];
  last: number;
  events: number;
}

export interface Objectives {
  /** Residual attack impact, 0 to 1: smaller is better. */
  security: number;
  /** Friction, minutes per user-week: smaller is better. */
  productivity: number;
  /** Control gaps, 0 to 1: smaller is better. */
  compliance: number;
}

export interface FrontMember {
  policyId: string;
  objectives: Objectives;
  isKnee: boolean;
}

export interface Evolution {
  run: string | null;
  generation: number | null;
  front: FrontMember[];
  /** One a generation, the same fixed reference point. */
  hypervolume: { generation: number; hypervolume: number }[];
  active: { version: number; policyId: string | null; objectives: Objectives | null };
  lakeVersion: number | null;
}

export interface Overview {
  health: Health;
  /** Per minute over the last hour, oldest first. */
  minutes: {
    minute: number;
    events: number;
    riskWeighted: number;
    stepUps: number;
    logins: number;
    /** Findings whose time lies in the minute. */
    findings: number;
    /** Privileged actions allowed without a second factor. */
    controlGaps: number;
    byApp: Record<string, number>;
  }[];
  openFindings: number;
  /** Privileged actions allowed without a second factor, last hour. */
  controlGaps: number;
  stepUpsPer1000Logins: number;
}

export interface FindingRow {
  finding_uid: string;
  detection_id: string;
  time: number;
  severity_id: number;
  attack: readonly string[];
  entities: readonly string[];
  reasons: readonly string[];
  status: string;
}

/** First message of the stream, and again after every reconnection. */
export interface Hello {
  health: Health;
  /** Events/s by app, one a second over the last minutes, oldest first. */
  history: { at: number; byApp: Record<string, number> }[];
  /** The newest scored events, oldest first. */
  recent: LiveEvent[];
}

/** A batch of scored events on the stream. */
export interface LiveBatch {
  /** Events left out since the last batch: sampled, or dropped because this client reads too slowly. */
  skipped: number;
  events: LiveEvent[];
}

export interface Series {
  range: '1h' | '24h' | '7d';
  /** Width of a bucket, seconds. */
  bucketS: number;
  /** Events by app in each bucket, oldest first; `at` is the bucket's start. */
  points: { at: number; byApp: Record<string, number> }[];
}

export interface PersonDetail {
  person: PersonRisk;
  events: LiveEvent[];
}

/** `next` is the `before` of the following page; null when there is none. */
export interface EventPage {
  events: LiveEvent[];
  next: string | null;
}

/** A whole row of `events`, the native event included. */
export interface EventDetail {
  event: LiveEvent;
  raw: string | null;
  columns: Record<string, string | number | boolean | null>;
}

export interface QuarantineReason {
  reason: string;
  app: string;
  count: number;
  last: number | null;
}

/** How a signal reads to people; `name` is what stands in `reasons`. */
export interface SignalWords {
  name: string;
  title: string;
  unit: string;
  comment: string;
}
