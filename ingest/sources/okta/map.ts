import type { ActorType, MappedEvent, NativeActor, Status } from '../../../core/index.ts';
import { parseIp } from '../ip.ts';
import { booleanOr, type Decoration, listOr, objectOr } from '../lenient.ts';
import { columnText } from '../text.ts';
import { parseTimeUs } from '../time.ts';
import { type Rule, ruleOf } from './event-types.ts';
import type { OktaLogEvent } from './raw.ts';

/** Targets looked at: an event has a handful, and only a hostile one has more. */
const TARGETS_MAX = 32;

/** Okta’s outcome.result; what is not here (CHALLENGE, SKIPPED, DEFERRED …) is OCSF’s Other. */
const STATUS = new Map<string, Status>([
  ['SUCCESS', 'success'],
  ['ALLOW', 'success'],
  ['FAILURE', 'failure'],
  ['DENY', 'failure'],
  ['ABANDONED', 'failure'],
  ['UNANSWERED', 'failure'],
  ['UNKNOWN', 'unknown'],
]);

/** Okta’s severities; exporters also write HIGH. */
const SEVERITY = new Map<unknown, number>([
  ['DEBUG', 1],
  ['INFO', 1],
  ['WARN', 3],
  ['ERROR', 4],
  ['HIGH', 4],
]);

/** Okta’s actor types; a person’s becomes `admin` when an act that needs administrative rights was not refused. */
const ACTOR_TYPES = new Map<string, ActorType>([
  ['User', 'user'],
  ['AppUser', 'user'],
  ['SystemPrincipal', 'system'],
  ['PublicClientApp', 'service'],
  ['PublicClientAppEntity', 'service'],
  ['ConfidentialClientApp', 'service'],
  ['AppInstance', 'service'],
  ['ServiceAccount', 'service'],
  ['Agent', 'service'],
]);

/** Sign-on modes as Okta writes them, in OCSF’s words of auth_protocol. */
const PROTOCOLS = new Map([
  ['SAML 2.0', 'SAML'],
  ['OpenID Connect', 'OpenID'],
  ['WS-Federation', 'WS-Federation'],
]);

/** Okta writes `unknown`, `Unknown` or `UNKNOWN` where it knows nothing. */
function known(value: unknown): string | null {
  if (value === 'unknown' || value === 'Unknown' || value === 'UNKNOWN') return null;
  return columnText(value);
}

const emailOf = (login: string | null): string | null => (login?.includes('@') ? login : null);

/**
 * The Okta user, app or system that acted. Sign-in attempts for a login that does not exist have the id
 * `unknown`: the login typed is then the account, so that they do not all become one actor.
 */
export function oktaActor(native: OktaLogEvent): NativeActor | null {
  const login = known(native.actor?.alternateId);
  const uid = known(native.actor?.id) ?? login;
  return uid === null ? null : { uid, email: emailOf(login) };
}

export function oktaNativeId(native: OktaLogEvent): string | null {
  return columnText(native.uuid);
}

function targetOf(targets: readonly unknown[], type: string | null): Decoration | null {
  if (targets.length === 0) return null;
  for (let i = 0; type !== null && i < targets.length && i < TARGETS_MAX; i++) {
    const target = objectOr(targets[i]);
    if (target.type === type) return target;
  }
  return objectOr(targets[0]);
}

/**
 * Whether a second factor was used, as far as the event says: a factor’s verification says it, and the start of a
 * session that lists the authenticators used (Identity Engine): two kinds are two factors, the password alone is one.
 */
function mfaOf(native: OktaLogEvent, targets: readonly unknown[], status: Status): boolean | null {
  const { eventType } = native;
  if (eventType === 'user.authentication.auth_via_mfa') return status === 'unknown' ? null : status === 'success';
  if (eventType !== 'user.session.start' || status !== 'success') return null;
  let first: string | null = null;
  for (let i = 0; i < targets.length && i < TARGETS_MAX; i++) {
    const { type, displayName } = objectOr(targets[i]);
    if (type !== 'AuthenticatorEnrollment' || typeof displayName !== 'string') continue;
    if (first !== null && first !== displayName) return true;
    first = displayName;
  }
  return first === 'Password' ? false : null;
}

function statusOf(native: OktaLogEvent, rule: Rule): Status {
  if (rule.fails) return 'failure';
  const result = native.outcome?.result;
  return result ? (STATUS.get(result) ?? 'other') : 'unknown';
}

function statusDetailOf(native: OktaLogEvent): string | null {
  const result = native.outcome?.result;
  const detail = columnText(native.outcome?.reason);
  return detail ?? (result === 'SUCCESS' || result === 'FAILURE' ? null : columnText(result));
}

function isPrivileged(rule: Rule, actorUid: string | null, target: Decoration | null): boolean {
  if (rule.privileged !== 'others') return rule.privileged;
  return target?.type === 'User' && target.id !== actorUid;
}

function actorTypeOf(native: OktaLogEvent, actedAsAdmin: boolean): ActorType {
  const type = native.actor?.type ? (ACTOR_TYPES.get(native.actor.type) ?? 'unknown') : 'unknown';
  return type === 'user' && actedAsAdmin ? 'admin' : type;
}

/** People are named by their login, everything else by the name people see. */
function targetName(target: Decoration | null): string | null {
  if (target === null) return null;
  const [login, name] = [known(target.alternateId), known(target.displayName)];
  return target.type === 'User' ? (login ?? name) : (name ?? login);
}

/** Okta’s LogEvent in OCSF’s terms. Texts are cut to 1,024 characters. */
export function mapOkta(native: OktaLogEvent): MappedEvent {
  const rule = ruleOf(native.eventType);
  const actor = oktaActor(native);
  const targets = listOr(native.target);
  const target = targetOf(targets, rule.target);
  const status = statusOf(native, rule);
  const privileged = isPrivileged(rule, actor?.uid ?? null, target);
  const client = objectOr(native.client);
  const userAgent = objectOr(client.userAgent);
  const device = objectOr(native.device);
  const debugData = objectOr(objectOr(native.debugContext).debugData);
  const signOnMode = columnText(debugData.signOnMode);
  return {
    native_uid: oktaNativeId(native),
    time: parseTimeUs(native.published),
    class_uid: rule.class_uid,
    activity_id: rule.activity_id,
    severity_id: SEVERITY.get(native.severity) ?? 1,
    status,
    status_detail: statusDetailOf(native),
    action: columnText(native.eventType) ?? native.eventType,
    actor_uid: actor?.uid ?? null,
    actor_email: actor?.email ?? null,
    actor_type: actorTypeOf(native, privileged && status !== 'failure'),
    target_uid: known(target?.id),
    target_type: columnText(target?.type),
    target_name: targetName(target),
    src_ip: parseIp(client.ipAddress),
    device_uid: columnText(device.id) ?? columnText(debugData.deviceFingerprint),
    device_os: known(userAgent.os) ?? columnText(device.os_platform),
    device_managed: booleanOr(device.managed),
    user_agent: columnText(userAgent.rawUserAgent),
    session_uid: known(objectOr(native.authenticationContext).externalSessionId),
    mfa: mfaOf(native, targets, status),
    auth_protocol: signOnMode === null ? rule.protocol : (PROTOCOLS.get(signOnMode) ?? signOnMode),
    is_privileged: privileged,
    changes_mfa: rule.changesMfa && status !== 'failure',
    sensitivity: rule.sensitivity,
  };
}
