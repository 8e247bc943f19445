import {
  deadLetter,
  type IdentityEvent,
  type MappedEvent,
  messageOf,
  ok,
  type Result,
  readNative,
  type Source,
} from '../../core/index.ts';
import type { LogRecord } from '../../log/index.ts';
import type { Draft } from './step.ts';

const DAY_US = 86_400_000_000;

export interface NormalisedEvent {
  readonly draft: Draft;
  readonly mapped: MappedEvent;
}

/** What a record is, whatever becomes of it: its uid, and the event or why it is none. */
export interface Normalised {
  readonly eventUid: string;
  readonly result: Result<NormalisedEvent>;
}

export type Normalise = (record: LogRecord, logShard: string, ingestedAtUs: number) => Normalised;

/** Bytes → row: checked, parsed, given its uid, and mapped by the app's source. Pure. */
export function createNormalise(sources: ReadonlyMap<string, Source>): Normalise {
  return (record, logShard, ingestedAtUs) => {
    const { eventUid, result } = readNative(record.app, record.data, sources.get(record.app));
    if (result.kind !== 'ok') return { eventUid, result };
    const { source, native } = result.value;
    try {
      const mapped = source.map(native);
      const draft = draftOf(record, source, mapped, eventUid, logShard, ingestedAtUs);
      return { eventUid, result: ok({ draft, mapped }) };
    } catch (error) {
      return { eventUid, result: deadLetter('unmappable', messageOf(error).slice(0, 200)) };
    }
  };
}

function draftOf(
  record: LogRecord,
  source: Source,
  mapped: MappedEvent,
  uid: string,
  logShard: string,
  ingestedAtUs: number,
): Draft {
  const time = mapped.time ?? record.arrivalUs;
  // One literal with every column, so that all rows have one shape.
  const draft: IdentityEvent = {
    event_uid: uid,
    event_date: Math.floor(time / DAY_US),
    native_uid: mapped.native_uid,
    time,
    time_source: mapped.time === null ? 'arrival' : 'event',
    ingested_at: ingestedAtUs,
    app: source.app,
    class_uid: mapped.class_uid,
    activity_id: mapped.activity_id,
    type_uid: mapped.class_uid * 100 + mapped.activity_id,
    severity_id: mapped.severity_id,
    status: mapped.status,
    status_detail: mapped.status_detail,
    action: mapped.action,
    actor_key: record.key,
    actor_uid: mapped.actor_uid,
    actor_email: mapped.actor_email,
    actor_type: mapped.actor_type,
    target_uid: mapped.target_uid,
    target_type: mapped.target_type,
    target_name: mapped.target_name,
    src_ip: mapped.src_ip,
    src_country: null,
    src_city: null,
    src_lat: null,
    src_lon: null,
    src_asn: null,
    src_as_org: null,
    is_anonymizer: null,
    device_uid: mapped.device_uid,
    device_os: mapped.device_os,
    device_managed: mapped.device_managed,
    user_agent: mapped.user_agent,
    session_uid: mapped.session_uid,
    session_age_s: null,
    mfa: mapped.mfa,
    auth_protocol: mapped.auth_protocol,
    is_privileged: mapped.is_privileged,
    sensitivity: mapped.sensitivity,
    s_geo_speed_kmh: null,
    s_new_device: null,
    s_new_country: null,
    s_failures_10m: null,
    s_unusual_hour: null,
    s_privileged: null,
    s_mfa_change_1h: null,
    s_session_moved: null,
    s_user_risk: null,
    risk: 0,
    user_risk: 0,
    reasons: [],
    decision: 'allow',
    policy_version: 0,
    raw: record.data,
    log_shard: logShard,
    log_position: record.position,
    mapper_version: source.mapperVersion,
  };
  return draft;
}
