import { CLASS, type MappedEvent, type NativeActor, type Status } from '../../../core/index.ts';
import { parseIp } from '../ip.ts';
import { columnText } from '../text.ts';
import { parseTimeUs } from '../time.ts';
import type { Meaning } from './events.ts';
import { type AwsActor, actorOf } from './identity.ts';
import { API, callOf, meaningOf, serviceOf } from './meaning.ts';
import { type CloudTrailRecord, members } from './raw.ts';
import { type Target, targetOf } from './target.ts';

export function nativeIdOf(record: CloudTrailRecord): string | null {
  return columnText(record.eventID);
}

/** The account that called, without the type. */
export function nativeActorOf(record: CloudTrailRecord): NativeActor | null {
  const { uid, email } = actorOf(record);
  return uid === null ? null : { uid, email };
}

/** JSON booleans, and the text that older records and `sessionContext` have instead. */
function flag(value: unknown): boolean | null {
  if (value === true || value === 'true' || value === 'Yes') return true;
  return value === false || value === 'false' || value === 'No' ? false : null;
}

/** An error means failure; sign-in events say `{"ConsoleLogin": "Success" | "Failure"}` under their own name. */
function statusOf(record: CloudTrailRecord): { status: Status; detail: string | null } {
  const code = columnText(record.errorCode);
  const message = columnText(record.errorMessage);
  const outcome =
    members(record.responseElements)[record.eventName] ?? members(record.serviceEventDetails)[record.eventName];
  const detail = code !== null && message !== null ? columnText(`${code}: ${message}`) : (code ?? message);
  return { status: detail === null && outcome !== 'Failure' ? 'success' : 'failure', detail };
}

const SECOND_FACTOR = /TOTP|WEBAUTHN|OTP|RADIUS/;

/** As far as the event says: at sign-in, of the session, or by the kinds of credential Identity Center asked for. */
function mfaOf(record: CloudTrailRecord): boolean | null {
  const extra = members(record.additionalEventData);
  const used =
    flag(extra.MFAUsed) ?? flag(members(members(record.userIdentity?.sessionContext).attributes).mfaAuthenticated);
  if (used !== null) return used;
  const credential = columnText(extra.CredentialType);
  if (credential === null || record.eventName !== 'UserAuthentication') return null;
  return SECOND_FACTOR.test(credential) ? true : credential === 'PASSWORD' ? false : null;
}

/** Temporary credentials name the session; a logon that hands them out has them in the answer. */
function sessionOf(record: CloudTrailRecord, isAuthentication: boolean): string | null {
  const own = record.userIdentity?.accessKeyId;
  if (own?.startsWith('ASIA')) return columnText(own);
  if (!isAuthentication) return null;
  const given = columnText(members(members(record.responseElements).credentials).accessKeyId);
  return given?.startsWith('ASIA') ? given : null;
}

function protocolOf(record: CloudTrailRecord): string | null {
  if (record.eventName === 'AssumeRoleWithSAML') return 'SAML';
  if (record.eventName === 'AssumeRoleWithWebIdentity') return 'OpenID';
  return columnText(members(record.additionalEventData).SamlProviderArn) === null ? null : 'SAML';
}

/**
 * Whether administrative rights were needed. What a user may do to themselves needs none, unless it was done to
 * somebody else; whatever the root user does beside reading does.
 */
function isPrivileged(
  record: CloudTrailRecord,
  meaning: Meaning,
  actor: { uid: string | null },
  target: Target,
): boolean {
  if (record.userIdentity?.type === 'Root' && !isRead(meaning)) return true;
  if (!meaning.isSelfService) return meaning.isPrivileged;
  return target.target_type === 'AWS::IAM::User' && target.target_uid !== actor.uid;
}

function isRead(meaning: Meaning): boolean {
  return meaning.classUid === CLASS.apiActivity && meaning.activityId === API.read;
}

/** A refusal is at least low; the root user, who should rest in a safe, high beside reading. */
function severityOf(meaning: Meaning, status: Status, type: AwsActor['type'], isRoot: boolean): number {
  if (isRoot && !isRead(meaning)) return 4;
  if (type === 'system') return 1;
  return status === 'failure' ? Math.max(2, meaning.severityId) : meaning.severityId;
}

/** Maps a CloudTrail record to OCSF's terms. Never throws for what the schema accepts. */
export function mapCloudTrail(record: CloudTrailRecord): MappedEvent {
  const meaning = meaningOf(serviceOf(record.eventSource), callOf(record.eventName), flag(record.readOnly));
  const actor = actorOf(record);
  const target = targetOf(record);
  const { status, detail } = statusOf(record);
  const isAuthentication = meaning.classUid === CLASS.authentication;
  return {
    native_uid: nativeIdOf(record),
    time: parseTimeUs(record.eventTime),
    class_uid: meaning.classUid,
    activity_id: meaning.activityId,
    severity_id: severityOf(meaning, status, actor.type, record.userIdentity?.type === 'Root'),
    status,
    status_detail: detail,
    action: columnText(record.eventName) ?? '',
    actor_uid: actor.uid,
    actor_email: actor.email,
    actor_type: actor.type,
    target_uid: target.target_uid,
    target_type: target.target_type,
    target_name: target.target_name,
    src_ip: parseIp(record.sourceIPAddress),
    device_uid: null,
    device_os: null,
    device_managed: null,
    user_agent: columnText(record.userAgent),
    session_uid: sessionOf(record, isAuthentication),
    mfa: mfaOf(record),
    auth_protocol: isAuthentication ? protocolOf(record) : null,
    is_privileged: isPrivileged(record, meaning, actor, target),
    changes_mfa: meaning.changesMfa,
    sensitivity: meaning.sensitivity,
  };
}
