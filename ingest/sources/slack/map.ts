import { CLASS, type MappedEvent, type NativeActor, type Status } from '../../../core/index.ts';
import { parseIp } from '../ip.ts';
import { columnId, columnText } from '../text.ts';
import { parseTimeUs } from '../time.ts';
import { meaningOf } from './actions.ts';
import type { SlackEntry } from './raw.ts';

/** Slack's placeholder for "nobody did this". */
const NOBODY = 'USLACKUSER';
/** Slack's own security staff, acting on a customer's account. */
const SLACK_SECURITY = 'USLACKSECURITY';

type Members = { readonly [name: string]: unknown };

const NONE: Members = {};

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : NONE;
}

/** The member's account, or null when Slack names nobody. The id is unique in the Enterprise organisation. */
export function actorOf(entry: SlackEntry): NativeActor | null {
  const user = entry.actor?.user;
  const uid = columnText(user?.id);
  if (uid === null || uid === NOBODY) return null;
  return { uid, email: columnText(user?.email) };
}

export function nativeIdOf(entry: SlackEntry): string | null {
  return columnText(entry.id);
}

/** A bot posts as a member whose address Slack makes up. */
function actorTypeOf(entry: SlackEntry, actor: NativeActor | null): MappedEvent['actor_type'] {
  if (actor === null) return entry.actor?.user?.id === NOBODY ? 'system' : 'unknown';
  if (actor.uid === SLACK_SECURITY) return 'system';
  return actor.email?.endsWith('@slack-bots.com') ? 'service' : 'user';
}

/** Slack logs what happened; only what its name calls failed or blocked did not. An anomaly is neither. */
function statusOf(action: string): Status {
  if (action === 'anomaly') return 'other';
  return action.endsWith('_failed') || action.endsWith('_blocked') || action.endsWith('_denied')
    ? 'failure'
    : 'success';
}

/** Reasons of an anomaly or a failure: text, or a list of codes such as `["asn", "ip_address"]`. */
function statusDetailOf(details: Members): string | null {
  const reason = details.reason;
  if (!Array.isArray(reason)) return columnText(reason);
  const codes = reason.slice(0, 16).filter((code): code is string => typeof code === 'string');
  return columnText(codes.map((code) => code.slice(0, 64)).join(', '));
}

/** Maps an entry to OCSF's terms. Never throws for what the schema accepts. */
export function mapSlack(entry: SlackEntry): MappedEvent {
  const { classUid, activityId, severityId, isPrivileged, sensitivity } = meaningOf(entry.action);
  const actor = actorOf(entry);
  const context = members(entry.context);
  const entity = members(entry.entity);
  const targetType = columnText(entity.type);
  const target = members(targetType === null ? null : entity[targetType]);
  const details = members(entry.details);
  return {
    native_uid: nativeIdOf(entry),
    time: parseTimeUs(entry.date_create),
    class_uid: classUid,
    activity_id: activityId,
    severity_id: severityId,
    status: statusOf(entry.action),
    status_detail: statusDetailOf(details),
    action: columnText(entry.action) ?? '',
    actor_uid: actor?.uid ?? null,
    actor_email: actor?.email ?? null,
    actor_type: actorTypeOf(entry, actor),
    target_uid: columnId(target.id),
    target_type: targetType,
    target_name: columnText(target.name) ?? columnText(target.title) ?? columnText(target.email),
    src_ip: parseIp(context.ip_address),
    device_uid: null,
    device_os: null,
    device_managed: null,
    user_agent: columnText(context.ua),
    session_uid: columnId(context.session_id),
    mfa: null,
    auth_protocol: classUid === CLASS.authentication ? protocolOf(details) : null,
    is_privileged: isPrivileged,
    changes_mfa: false,
    sensitivity,
  };
}

/** How the member signed in, where `details.type` says so. */
function protocolOf(details: Members): string | null {
  const type = details.type;
  if (typeof type !== 'string' || type.length > 16) return null;
  const upper = type.toUpperCase();
  return upper === 'SAML' || upper === 'SSO' ? 'SAML' : null;
}
