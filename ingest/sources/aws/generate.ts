import { createRandom, type Random } from '../../../core/index.ts';
import type { Activity, Generator } from '../../world/activity.ts';
import { ACCOUNT_ID, CALLS, type Call, SAML_PROVIDER } from './calls.ts';

/**
 * People of the synthetic company come through single sign-on and act in a role session named by their address. So a
 * person's AWS account has that address as its uid, and `actor()` gives it back; a uid that is no address would come
 * back as the session's ARN. Everything is done in the console, with the browser of the person's device.
 */
interface Session {
  readonly role: string;
  readonly roleId: string;
  readonly accessKeyId: string;
  readonly name: string;
  /** ISO 8601, whole seconds: when the session's credentials were issued. */
  readonly createdAt: string;
  readonly mfaAuthenticated: 'true' | 'false';
}

const KEY_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function keyId(prefix: string, length: number, random: Random): string {
  let id = prefix;
  for (let i = 0; i < length; i++) id += KEY_DIGITS[random.int(32)];
  return id;
}

const isoSeconds = (us: number) => `${new Date(Math.floor(us / 1e6) * 1000).toISOString().slice(0, 19)}Z`;

function sessionOf(activity: Activity): Session {
  const { person, sessionId } = activity;
  const own = createRandom(sessionId);
  const role = person.isAdmin
    ? 'AWSReservedSSO_AdministratorAccess_5d1e0c7fa93b2846'
    : 'AWSReservedSSO_Developer_0b7c92de41f8a365';
  const startUs = Math.floor(activity.atUs / 3_600_000_000) * 3_600_000_000;
  return {
    role,
    roleId: keyId('AROA', 17, createRandom(role)),
    accessKeyId: keyId('ASIA', 16, own),
    name: person.accounts.aws?.uid ?? person.email,
    createdAt: isoSeconds(startUs),
    mfaAuthenticated: activity.mfa ? 'true' : 'false',
  };
}

/** The region nearest to the person's home. */
function regionOf({ person }: Activity): string {
  const { lon, lat } = person.home;
  if (lon > 60) return lat < 0 ? 'ap-southeast-2' : 'ap-northeast-1';
  if (lon > -30) return 'eu-west-1';
  return lat < 13 ? 'sa-east-1' : 'us-east-1';
}

function uuid(random: Random): string {
  const hex = random.hex(32);
  const variant = '89ab'[random.int(4)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function assumedRole(session: Session) {
  const path = session.role.startsWith('AWSReservedSSO_') ? 'aws-reserved/sso.amazonaws.com/' : '';
  return {
    type: 'AssumedRole',
    principalId: `${session.roleId}:${session.name}`,
    arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${session.role}/${session.name}`,
    accountId: ACCOUNT_ID,
    accessKeyId: session.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: session.roleId,
        arn: `arn:aws:iam::${ACCOUNT_ID}:role/${path}${session.role}`,
        accountId: ACCOUNT_ID,
        userName: session.role,
      },
      attributes: { creationDate: session.createdAt, mfaAuthenticated: session.mfaAuthenticated },
    },
  };
}

function tls(host: string) {
  return { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: host };
}

/** What every record begins with. */
function head(
  activity: Activity,
  identity: unknown,
  source: string,
  name: string,
  region: string,
): Record<string, unknown> {
  return {
    eventVersion: '1.11',
    userIdentity: identity,
    eventTime: isoSeconds(activity.atUs),
    eventSource: `${source}.amazonaws.com`,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: activity.ip,
    userAgent: activity.device.userAgent,
  };
}

function apiCall(activity: Activity, call: Call, region: string, random: Random): unknown {
  const host =
    call.service === 's3' || call.isGlobal
      ? `${call.service}.amazonaws.com`
      : `${call.service}.${region}.amazonaws.com`;
  const place = call.isGlobal ? 'us-east-1' : region;
  const record = head(activity, assumedRole(sessionOf(activity)), call.service, call.name, place);
  record.requestParameters = call.request;
  record.responseElements = call.response ?? null;
  if (call.isData) record.additionalEventData = transfer(random);
  record.requestID = uuid(random);
  record.eventID = uuid(random);
  record.readOnly = call.isReadOnly === true;
  if (call.resources !== undefined) record.resources = call.resources;
  record.eventType = 'AwsApiCall';
  record.managementEvent = call.isData !== true;
  record.recipientAccountId = ACCOUNT_ID;
  record.eventCategory = call.isData ? 'Data' : 'Management';
  record.tlsDetails = tls(host);
  if (!call.isData) record.sessionCredentialFromConsole = 'true';
  return record;
}

/** What S3 says of a data event. */
function transfer(random: Random) {
  return {
    SignatureVersion: 'SigV4',
    CipherSuite: 'TLS_AES_128_GCM_SHA256',
    bytesTransferredIn: 0,
    AuthenticationMethod: 'QueryString',
    'x-amz-id-2': random.hex(32),
    bytesTransferredOut: 900 + random.int(4_000_000),
  };
}

function consoleLogin(
  activity: Activity,
  identity: unknown,
  region: string,
  random: Random,
  isSuccess: boolean,
): unknown {
  const home = `https://${region}.console.aws.amazon.com/console/home?region=${region}&state=hashArgs%23&isauthcode=true`;
  return {
    ...head(activity, identity, 'signin', 'ConsoleLogin', 'us-east-1'),
    ...(isSuccess ? {} : { errorMessage: 'Failed authentication' }),
    requestParameters: null,
    responseElements: { ConsoleLogin: isSuccess ? 'Success' : 'Failure' },
    additionalEventData: {
      LoginTo: home,
      MobileVersion: activity.device.os === 'iOS' || activity.device.os === 'Android' ? 'Yes' : 'No',
      MFAUsed: isSuccess && activity.mfa ? 'Yes' : 'No',
      ...(isSuccess ? { SamlProviderArn: SAML_PROVIDER } : {}),
    },
    eventID: uuid(random),
    readOnly: false,
    eventType: 'AwsConsoleSignIn',
    managementEvent: true,
    recipientAccountId: ACCOUNT_ID,
    eventCategory: 'Management',
    tlsDetails: tls('signin.aws.amazon.com'),
  };
}

/** A wrong password for the IAM user of the person's name: all that the record shows of them is that name. */
function failedLogin(activity: Activity, region: string, random: Random): unknown {
  const { name } = sessionOf(activity);
  const identity = {
    type: 'IAMUser',
    principalId: keyId('AIDA', 17, createRandom(name)),
    accountId: ACCOUNT_ID,
    accessKeyId: '',
    userName: name,
  };
  return consoleLogin(activity, identity, region, random, false);
}

function assumeRoleWithSaml(activity: Activity, region: string, random: Random): unknown {
  const session = sessionOf(activity);
  const nameQualifier = `${random.hex(27)}=`;
  const roleArn = `arn:aws:iam::${ACCOUNT_ID}:role/${session.role}`;
  const identity = {
    type: 'SAMLUser',
    principalId: `${nameQualifier}:${session.name}`,
    userName: session.name,
    identityProvider: nameQualifier,
  };
  return {
    ...head(activity, identity, 'sts', 'AssumeRoleWithSAML', region),
    requestParameters: {
      sAMLAssertionID: `_${random.hex(32)}`,
      roleSessionName: session.name,
      durationSeconds: 43_200,
      roleArn,
      principalArn: SAML_PROVIDER,
    },
    responseElements: {
      credentials: {
        accessKeyId: session.accessKeyId,
        sessionToken: random.hex(64),
        expiration: isoSeconds(activity.atUs + 43_200_000_000),
      },
      assumedRoleUser: { assumedRoleId: `${session.roleId}:${session.name}`, arn: assumedRole(session).arn },
      subject: session.name,
      subjectType: 'emailAddress',
      issuer: 'https://sso.beagle.example/saml',
      audience: 'https://signin.aws.amazon.com/saml',
      nameQualifier,
    },
    requestID: uuid(random),
    eventID: uuid(random),
    readOnly: true,
    resources: [{ accountId: ACCOUNT_ID, type: 'AWS::IAM::Role', ARN: roleArn }],
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT_ID,
    eventCategory: 'Management',
    tlsDetails: tls(`sts.${region}.amazonaws.com`),
  };
}

/** Activities as CloudTrail records; its times have a resolution of one second. */
export const awsGenerator: Generator = {
  app: 'aws',
  habits: { sign_in: 6, sign_in_failed: 0.3, read: 55, write: 14, download: 12, create_token: 0.15, enroll_mfa: 0.05 },
  also: [
    'share',
    'reset_mfa',
    'reset_password',
    'grant_admin',
    'revoke_admin',
    'create_user',
    'deactivate_user',
    'disable_protection',
  ],
  generate(activity: Activity, random: Random): unknown {
    const region = regionOf(activity);
    if (activity.kind === 'sign_in_failed') return failedLogin(activity, region, random);
    if (activity.kind === 'sign_in') {
      if (random.next() < 0.3) return assumeRoleWithSaml(activity, region, random);
      return consoleLogin(activity, assumedRole(sessionOf(activity)), region, random, true);
    }
    const call = CALLS[activity.kind];
    if (call === undefined) {
      throw new RangeError(`[ingest/aws] no event for ${activity.kind}; ask only for the generator’s kinds`);
    }
    return apiCall(activity, call(activity, random, region), region, random);
  },
};
