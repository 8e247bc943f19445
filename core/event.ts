import type { ActorType } from './actor-type.ts';
import type { Column, ColumnType } from './column.ts';
import type { Decision } from './policy.ts';
import { SIGNALS, type Signals } from './signal.ts';

/** OCSF 1.8.0 class_uid of the identity events that Beagle knows. */
export const CLASS = {
  accountChange: 3001,
  authentication: 3002,
  authorizeSession: 3003,
  entityManagement: 3004,
  userAccessManagement: 3005,
  groupManagement: 3006,
  webResourcesActivity: 6001,
  applicationLifecycle: 6002,
  apiActivity: 6003,
  datastoreActivity: 6005,
  fileHostingActivity: 6006,
} as const;

/** OCSF status_id captions, lower-cased. */
export type Status = 'success' | 'failure' | 'unknown' | 'other';

/** How sensitive the object of the event is: 0 public, 1 internal, 2 confidential, 3 security configuration. */
export type Sensitivity = 0 | 1 | 2 | 3;

/**
 * What an app's `map` gives: the event in OCSF's terms, before anything is looked up or scored. Field names
 * are the columns of `events`. Times are microseconds since 1970 UTC.
 */
export interface MappedEvent {
  /** The vendor's identifier of the event. */
  native_uid: string | null;
  /** null when the event carries no readable time; it then takes its arrival time. */
  time: number | null;
  class_uid: (typeof CLASS)[keyof typeof CLASS];
  /** OCSF activity_id within the class; 99 is Other, 0 Unknown. */
  activity_id: number;
  /** OCSF severity_id: 1 informational, 2 low, 3 medium, 4 high, 5 critical. */
  severity_id: number;
  status: Status;
  status_detail: string | null;
  /** The vendor's own event name. */
  action: string;
  actor_uid: string | null;
  actor_email: string | null;
  actor_type: ActorType;
  target_uid: string | null;
  target_type: string | null;
  target_name: string | null;
  src_ip: string | null;
  device_uid: string | null;
  device_os: string | null;
  device_managed: boolean | null;
  user_agent: string | null;
  session_uid: string | null;
  /** Whether a second factor was used, as far as the event says. */
  mfa: boolean | null;
  auth_protocol: string | null;
  /** Whether the action needs administrative rights. */
  is_privileged: boolean;
  /** Whether the action changes somebody's MFA factors (enrol, reset, remove). Not a column: signals read it. */
  changes_mfa: boolean;
  sensitivity: Sensitivity;
}

/** What look-ups add: place and network of `src_ip`. */
export interface Place {
  src_country: string | null;
  src_city: string | null;
  src_lat: number | null;
  src_lon: number | null;
  src_asn: number | null;
  src_as_org: string | null;
  is_anonymizer: boolean | null;
}

/** The canonical, flat row of `events`. */
export interface IdentityEvent extends Omit<MappedEvent, 'time' | 'changes_mfa'>, Place, Signals {
  event_uid: string;
  /** Days since 1970 of `time`: the partition column. */
  event_date: number;
  time: number;
  time_source: 'event' | 'arrival';
  ingested_at: number;
  app: string;
  /** class_uid · 100 + activity_id, as OCSF defines it. */
  type_uid: number;
  actor_key: string;
  /** Seconds since the session was first seen, or last opened again with a second factor. */
  session_age_s: number | null;
  risk: number;
  user_risk: number;
  /** `<signal>:<share of the risk, two decimals>`, the largest first; empty when there is no risk. */
  reasons: readonly string[];
  decision: Decision;
  policy_version: number;
  /** The native event's bytes, valid UTF-8 JSON. */
  raw: Uint8Array;
  /** `<stream>@<incarnation>/<shard>` */
  log_shard: string;
  log_position: string;
  mapper_version: number;
}

const column = (name: keyof IdentityEvent, type: ColumnType, nullable: boolean, comment: string): Column => ({
  name,
  type,
  nullable,
  comment,
});

/** The columns of `events`, in order. */
export const EVENT_COLUMNS: readonly Column[] = [
  column(
    'event_uid',
    'string',
    false,
    'Hash of app, native id and canonical content: the same event has the same uid.',
  ),
  column('event_date', 'date', false, 'UTC date of time; the partition.'),
  column('native_uid', 'string', true, 'The vendor’s identifier of the event.'),
  column('time', 'timestamp', false, 'When it happened, UTC.'),
  column('time_source', 'string', false, 'event, or arrival when the event carries no time.'),
  column('ingested_at', 'timestamp', false, 'When the row was made.'),
  column('app', 'string', false, 'The app that wrote the event.'),
  column('class_uid', 'int', false, 'OCSF class.'),
  column('activity_id', 'int', false, 'OCSF activity within the class.'),
  column('type_uid', 'int', false, 'class_uid · 100 + activity_id.'),
  column('severity_id', 'int', false, 'OCSF severity.'),
  column('status', 'string', false, 'success, failure, unknown or other.'),
  column('status_detail', 'string', true, 'The vendor’s words for the status.'),
  column('action', 'string', false, 'The vendor’s own event name.'),
  column('actor_key', 'string', false, 'The person or account that acted: the record’s key on the log.'),
  column('actor_uid', 'string', true, 'The actor’s identifier in the app.'),
  column('actor_email', 'string', true, 'The actor’s address.'),
  column('actor_type', 'string', false, 'user, admin, system, service or unknown.'),
  column('target_uid', 'string', true, 'What was acted on.'),
  column('target_type', 'string', true, 'Kind of target.'),
  column('target_name', 'string', true, 'Name of the target.'),
  column('src_ip', 'string', true, 'Address the actor came from.'),
  column('src_country', 'string', true, 'ISO 3166 country of src_ip.'),
  column('src_city', 'string', true, 'City of src_ip.'),
  column('src_lat', 'double', true, 'Latitude of src_ip, degrees.'),
  column('src_lon', 'double', true, 'Longitude of src_ip, degrees.'),
  column('src_asn', 'long', true, 'Autonomous system number of src_ip.'),
  column('src_as_org', 'string', true, 'Organisation of the autonomous system.'),
  column('is_anonymizer', 'boolean', true, 'Whether src_ip is a known anonymiser; null when unknown.'),
  column('device_uid', 'string', true, 'The device.'),
  column('device_os', 'string', true, 'Its operating system.'),
  column('device_managed', 'boolean', true, 'Whether the company manages it.'),
  column('user_agent', 'string', true, 'User agent as sent.'),
  column('session_uid', 'string', true, 'The session.'),
  column(
    'session_age_s',
    'double',
    true,
    'Seconds since the session was first seen or last opened with a second factor.',
  ),
  column('mfa', 'boolean', true, 'Whether a second factor was used.'),
  column('auth_protocol', 'string', true, 'Authentication protocol.'),
  column('is_privileged', 'boolean', false, 'Whether the action needs administrative rights.'),
  column('sensitivity', 'int', false, '0 public, 1 internal, 2 confidential, 3 security configuration.'),
  ...SIGNALS.map((signal) => column(signal.name, 'double', true, signal.comment)),
  column('risk', 'double', false, 'Risk of the event, 0 to 100.'),
  column('user_risk', 'double', false, 'Risk of the person after the event, 0 to 100.'),
  column('reasons', 'list<string>', false, 'signal:share, the largest first.'),
  column('decision', 'string', false, 'allow, step_up or block.'),
  column('policy_version', 'int', false, 'The policy in force.'),
  column('raw', 'string', false, 'The native event as it came.'),
  column('log_shard', 'string', false, 'Stream, incarnation and shard on the log.'),
  column('log_position', 'string', false, 'Position on the shard.'),
  column('mapper_version', 'int', false, 'Version of the app’s mapper.'),
];
