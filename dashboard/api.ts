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
    byApp: Record<string, number>;
  }[];
  openFindings: number;
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
