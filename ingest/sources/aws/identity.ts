import type { MappedEvent, NativeActor } from '../../../core/index.ts';
import { columnText } from '../text.ts';
import { type CloudTrailIdentity, type CloudTrailRecord, members } from './raw.ts';

/**
 * Who acted in AWS. One person must be one account, whatever role they take, so:
 *
 * 1. a name that is an e-mail address (role session, IAM user, SAML subject, federated user) *is* the account: single
 *    sign-on puts the address there. A source identity, which the caller cannot change, goes before the session name;
 * 2. a role session that software named (SDK defaults, instance and task ids, long numbers) is its role;
 * 3. other role sessions are their ARN; IAM users `arn:<partition>:iam::<account>:user/<name>`, without the path, for
 *    a failed sign-in shows the name alone; root `…:root`; services their DNS name.
 */
export interface AwsActor extends NativeActor {
  readonly type: MappedEvent['actor_type'];
}

const NOBODY: { readonly uid: null; readonly email: null; readonly type: 'unknown' | 'system' } = {
  uid: null,
  email: null,
  type: 'unknown',
};

/** What CloudTrail writes in place of a mistyped user name, which might be a password. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** The account of whoever reads a public bucket unsigned. */
const ANONYMOUS = 'anonymous';

/** An SDK's default session name, an instance or task id, or anything with a long number in it. */
const SOFTWARE_SESSION = /^(?:botocore-session-|aws-go-sdk-|aws-sdk-|i-[0-9a-f]{8,17}$|[0-9a-f]{16,64}$)|\d{10}/;

/** Words in names of roles, sessions and IAM users that machines use. By name, so that an actor stays what it is. */
const MACHINE_WORD =
  /(?:^|[-_.])(?:svc|service|bot|ci|cd|cicd|deploy|deployer|deployment|terraform|automation|lambda|github|githubactions|gitlab|runner|pipeline|codebuild|ecs|eks|ec2|cron|agent)(?=$|[-_.\d])/i;

const ADMIN_ROLE = /admin|OrganizationAccountAccessRole/i;
const SERVICE_LINKED_ROLE = 'AWSServiceRoleFor';

/** One `@` with something on both sides and no blank: enough, for what AWS allows in names. */
function isEmail(name: string): boolean {
  const at = name.indexOf('@');
  return at > 0 && at < name.length - 1 && at === name.lastIndexOf('@') && !name.includes(' ') && name.length <= 254;
}

function partitionOf(record: CloudTrailRecord): string {
  const arn = record.userIdentity?.arn;
  const end = arn?.startsWith('arn:aws') ? arn.indexOf(':', 4) : -1;
  if (arn && end !== -1) return arn.slice(4, Math.min(end, 24));
  if (record.awsRegion?.startsWith('cn-')) return 'aws-cn';
  return record.awsRegion?.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The account of an IAM user, as the actor of their calls and as the target of others' has it. */
export function iamUserUid(record: CloudTrailRecord, name: string): string {
  if (isEmail(name)) return name;
  const account = columnText(record.userIdentity?.accountId) ?? columnText(record.recipientAccountId) ?? '';
  return columnText(`arn:${partitionOf(record)}:iam::${account}:user/${name}`) ?? name;
}

function named(uid: string, type: AwsActor['type']): AwsActor {
  return { uid, email: isEmail(uid) ? uid : null, type };
}

function iamUser(record: CloudTrailRecord, identity: CloudTrailIdentity): AwsActor | null {
  const fromArn = identity.arn?.includes(':user/') ? identity.arn.slice(identity.arn.lastIndexOf('/') + 1) : null;
  const name = columnText(identity.userName) ?? columnText(fromArn);
  if (name === HIDDEN) return null;
  if (name === null) return principal(identity);
  const isMachine = !isEmail(name) && MACHINE_WORD.test(name);
  return named(iamUserUid(record, name), isMachine ? 'service' : 'user');
}

/** Falls back on whatever stable identifier there is. */
function principal(identity: CloudTrailIdentity, type: AwsActor['type'] = 'unknown'): AwsActor | null {
  const uid =
    columnText(identity.arn) ??
    columnText(identity.principalId) ??
    columnText(identity.userName) ??
    columnText(identity.accountId);
  return uid === null ? null : named(uid, type);
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, or the principal `<role id>:<session>` without it. */
function roleSession(identity: CloudTrailIdentity): AwsActor | null {
  const context = members(identity.sessionContext);
  const issuer = members(context.sessionIssuer);
  const arn = columnText(identity.arn);
  const principalId = columnText(identity.principalId);
  const parts = arn?.split('/', 3) ?? [];
  const role = columnText(issuer.userName) ?? columnText(parts[1]) ?? '';
  const colon = principalId?.indexOf(':') ?? -1;
  const session = columnText(parts[2]) ?? (colon === -1 ? null : columnText(principalId?.slice(colon + 1))) ?? '';
  const source = columnText(context.sourceIdentity);
  const person = source !== null && isEmail(source) ? source : session;
  if (isEmail(person)) return named(person, ADMIN_ROLE.test(role) ? 'admin' : 'user');
  const own = arn ?? principalId;
  if (role.startsWith(SERVICE_LINKED_ROLE) || SOFTWARE_SESSION.test(session)) {
    const roleUid = columnText(issuer.arn) ?? columnText(issuer.principalId) ?? roleOf(arn, principalId);
    const type = role.startsWith(SERVICE_LINKED_ROLE) ? 'system' : 'service';
    return roleUid === null ? principal(identity, type) : named(roleUid, type);
  }
  if (own === null) return principal(identity);
  if (MACHINE_WORD.test(role) || MACHINE_WORD.test(session)) return named(own, 'service');
  return named(own, ADMIN_ROLE.test(role) ? 'admin' : 'user');
}

/** The session's ARN or principal without the session. */
function roleOf(arn: string | null, principalId: string | null): string | null {
  if (arn !== null && arn.split('/').length > 2) return arn.slice(0, arn.lastIndexOf('/'));
  const colon = principalId?.indexOf(':') ?? -1;
  return colon > 0 ? columnText(principalId?.slice(0, colon)) : principalId;
}

/** The subject of an assertion. The role session it opens is named by the same provider: an address there counts. */
function federated(record: CloudTrailRecord, identity: CloudTrailIdentity): AwsActor | null {
  const name = columnText(identity.userName) ?? '';
  if (isEmail(name)) return named(name, 'user');
  const session = columnText(members(record.requestParameters).roleSessionName) ?? '';
  if (identity.type === 'SAMLUser' && isEmail(session)) return named(session, 'user');
  const uid = columnText(identity.principalId) ?? columnText(name);
  return uid === null ? null : named(uid, identity.type === 'SAMLUser' ? 'user' : 'service');
}

/** A user of IAM Identity Center: their id in its store. */
function identityCenterUser(identity: CloudTrailIdentity): AwsActor | null {
  const name = columnText(identity.userName) ?? '';
  if (isEmail(name)) return named(name, 'user');
  const uid = columnText(members(identity.onBehalfOf).userId) ?? columnText(identity.principalId) ?? columnText(name);
  return uid === null || uid === HIDDEN ? null : named(uid, 'user');
}

function resolve(record: CloudTrailRecord, identity: CloudTrailIdentity): AwsActor | null {
  switch (identity.type) {
    case 'IAMUser':
      return iamUser(record, identity);
    case 'AssumedRole':
      return roleSession(identity);
    case 'AWSAccount': {
      if (identity.accountId === ANONYMOUS) return null;
      const actor = roleSession(identity);
      return actor?.type === 'user' && actor.email === null ? { ...actor, type: 'unknown' } : actor;
    }
    case 'Root': {
      const account = columnText(identity.accountId) ?? columnText(record.recipientAccountId);
      return account === null
        ? principal(identity, 'admin')
        : named(columnText(`arn:${partitionOf(record)}:iam::${account}:root`) ?? account, 'admin');
    }
    case 'FederatedUser': {
      const name = identity.arn?.slice(identity.arn.lastIndexOf('/') + 1) ?? '';
      return isEmail(name) ? named(name, 'user') : principal(identity, 'user');
    }
    case 'SAMLUser':
    case 'WebIdentityUser':
      return federated(record, identity);
    case 'IdentityCenterUser':
    case 'Unknown':
      return identityCenterUser(identity);
    default: {
      const service = columnText(identity.invokedBy);
      return service === null ? principal(identity) : named(service, 'system');
    }
  }
}

/** The actor, or only its type when the record names nobody: a service event without a caller is the system's. */
export function actorOf(record: CloudTrailRecord): AwsActor | typeof NOBODY {
  const identity = record.userIdentity;
  const actor = identity === null || identity === undefined ? null : resolve(record, identity);
  if (actor !== null) return actor;
  return record.eventType === 'AwsServiceEvent' ? { ...NOBODY, type: 'system' } : NOBODY;
}
