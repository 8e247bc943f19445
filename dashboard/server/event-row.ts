import type { LiveEvent } from '../api.ts';
import type { Row } from './lake.ts';
import { toNumber, toText, toTextOrNull, toTexts } from './row.ts';

/** The columns that toLiveEvent reads. */
export const EVENT_SELECT = `
  log_shard, log_position, event_uid, epoch_us(time) AS time_us, epoch_us(ingested_at) AS ingested_us, app, action,
  class_uid, status, actor_key, actor_email, target_name, src_ip, src_city, src_country, risk, user_risk, reasons,
  decision, policy_version`;

/** A row of `events` as the stream would have carried it; the lake keeps no source, and no arrival but its own. */
export function toLiveEvent(row: Row): LiveEvent {
  const decision = toText(row.decision);
  return {
    shard: toText(row.log_shard),
    position: toText(row.log_position),
    event_uid: toText(row.event_uid),
    time: toNumber(row.time_us),
    arrival: toNumber(row.ingested_us),
    source: '',
    app: toText(row.app),
    action: toText(row.action),
    class_uid: toNumber(row.class_uid),
    status: toText(row.status),
    actor_key: toText(row.actor_key),
    actor_email: toTextOrNull(row.actor_email),
    target_name: toTextOrNull(row.target_name),
    src_ip: toTextOrNull(row.src_ip),
    src_city: toTextOrNull(row.src_city),
    src_country: toTextOrNull(row.src_country),
    risk: toNumber(row.risk),
    user_risk: toNumber(row.user_risk),
    reasons: toTexts(row.reasons),
    decision: decision === 'block' || decision === 'step_up' ? decision : 'allow',
    policy_version: toNumber(row.policy_version),
  };
}

/** A privileged action that was allowed though its session had no second factor. */
export const CONTROL_GAP = `(is_privileged AND mfa = false AND decision = 'allow')`;
