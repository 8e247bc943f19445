import type { ActorType, MappedEvent, NativeActor, Sensitivity, Status } from '../../../core/index.ts';
import { parseIp } from '../ip.ts';
import { objectOr } from '../lenient.ts';
import { columnId, columnText } from '../text.ts';
import { parseTimeUs } from '../time.ts';
import { type Rule, ruleOf, type TargetKind } from './actions.ts';
import type { GithubAuditEntry } from './raw.ts';

interface Target {
  readonly uid: string | null;
  readonly type: string | null;
  readonly name: string | null;
}

const NO_TARGET: Target = { uid: null, type: null, name: null };

/** How runs of workflows end, GitHub’s conclusion; the rest (cancelled, skipped …) is OCSF’s Other. */
const CONCLUSIONS = new Map<string, Status>([
  ['success', 'success'],
  ['failure', 'failure'],
  ['timed_out', 'failure'],
  ['startup_failure', 'failure'],
]);

/** The account that acted, named by its login; its e-mail is the SAML NameID where that is one. */
export function githubActor(native: GithubAuditEntry): NativeActor | null {
  const uid = columnText(native.actor);
  if (uid === null) return null;
  const nameId = columnText(native.external_identity_nameid);
  return { uid, email: nameId?.includes('@') ? nameId : null };
}

export function githubNativeId(native: GithubAuditEntry): string | null {
  return columnText(native._document_id);
}

function actorTypeOf(native: GithubAuditEntry, actorUid: string | null, privileged: boolean): ActorType {
  if (native.actor_is_bot === true || actorUid?.endsWith('[bot]')) return 'service';
  if (actorUid === null) return 'unknown';
  return privileged ? 'admin' : 'user';
}

/** The object of one kind; users and teams are named by login and slug, as they are as actors. */
function objectOf(native: GithubAuditEntry, kind: TargetKind): Target | null {
  if (kind === 'user') return named('User', native.user, native.user);
  if (kind === 'repo') {
    return named('Repository', native.repo_id ?? native.repository_id, columnText(native.repo) ?? native.repository);
  }
  if (kind === 'team') {
    const team = columnText(native.team) ?? objectOr(native.data).team;
    return named('Team', team, team);
  }
  return kind === 'org'
    ? named('Organization', native.org_id, native.org)
    : named('Enterprise', native.business_id, native.business);
}

function named(type: string, id: unknown, name: unknown): Target | null {
  const text = columnText(name);
  return text === null ? null : { uid: columnId(id) ?? text, type, name: text };
}

/** What the action is about; where that is not named, the smallest thing around it that is. */
function targetOf(native: GithubAuditEntry, kind: TargetKind | null): Target {
  return (
    (kind === null ? null : objectOf(native, kind)) ??
    objectOf(native, 'repo') ??
    objectOf(native, 'org') ??
    objectOf(native, 'business') ??
    NO_TARGET
  );
}

/** GitHub logs what was done, so an entry is a success unless it says otherwise. */
function statusOf(native: GithubAuditEntry, rule: Rule): Status {
  if (rule.fails) return 'failure';
  const { conclusion } = native;
  return typeof conclusion === 'string' && conclusion !== '' ? (CONCLUSIONS.get(conclusion) ?? 'other') : 'success';
}

/** A member made owner is a grant, an owner made member a withdrawal: the entry says it, not the action’s name. */
function activityOf(native: GithubAuditEntry, rule: Rule): number {
  if (native.action !== 'org.update_member' && native.action !== 'repo.update_member') return rule.activity_id;
  if (native.permission === 'admin') return 1;
  return native.old_permission === 'admin' ? 2 : rule.activity_id;
}

function sensitivityOf(native: GithubAuditEntry, rule: Rule): Sensitivity {
  const isPublic = native.public_repo === true || native.repository_public === true;
  return isPublic && rule.sensitivity <= 2 && rule.target === 'repo' ? 0 : rule.sensitivity;
}

function severityOf(native: GithubAuditEntry, rule: Rule): number {
  if (native.action === 'repo.access') return native.visibility === 'public' ? 3 : rule.severity;
  return activityOf(native, rule) === 2 && native.action === 'org.update_member' ? 1 : rule.severity;
}

/** An entry of GitHub’s audit log in OCSF’s terms. Texts are cut to 1,024 characters. It has no session or device. */
export function mapGithub(native: GithubAuditEntry): MappedEvent {
  const rule = ruleOf(native.action, native.operation_type);
  const actor = githubActor(native);
  const target = targetOf(native, rule.target);
  const status = statusOf(native, rule);
  return {
    native_uid: githubNativeId(native),
    time: parseTimeUs(native['@timestamp']) ?? parseTimeUs(native.at_sign_timestamp) ?? parseTimeUs(native.created_at),
    class_uid: rule.class_uid,
    activity_id: activityOf(native, rule),
    severity_id: severityOf(native, rule),
    status,
    status_detail: columnText(native.conclusion),
    action: columnText(native.action) ?? native.action,
    actor_uid: actor?.uid ?? null,
    actor_email: actor?.email ?? null,
    actor_type: actorTypeOf(native, actor?.uid ?? null, rule.privileged && status !== 'failure'),
    target_uid: target.uid,
    target_type: target.type,
    target_name: target.name,
    src_ip: parseIp(native.actor_ip),
    device_uid: null,
    device_os: null,
    device_managed: null,
    user_agent: columnText(native.user_agent),
    session_uid: null,
    mfa: null,
    auth_protocol: rule.protocol,
    is_privileged: rule.privileged,
    changes_mfa: rule.changesMfa && status !== 'failure',
    sensitivity: sensitivityOf(native, rule),
  };
}
