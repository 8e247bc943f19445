import { CLASS, type MappedEvent } from '../../../core/index.ts';

/** What a call means in OCSF's terms, whoever made it. */
export interface Meaning {
  readonly classUid: MappedEvent['class_uid'];
  readonly activityId: number;
  readonly severityId: number;
  readonly isPrivileged: boolean;
  /** A user may do it to their own account without administrative rights. */
  readonly isSelfService: boolean;
  readonly changesMfa: boolean;
  readonly sensitivity: MappedEvent['sensitivity'];
}

type Options = Partial<Omit<Meaning, 'classUid' | 'activityId'>>;

const ADMIN: Options = { severityId: 2, isPrivileged: true, sensitivity: 3 };
const GRANT: Options = { severityId: 3, isPrivileged: true, sensitivity: 3 };
/** Blinds the account, or opens it to the world. */
const WEAKEN: Options = { severityId: 4, isPrivileged: true, sensitivity: 3 };
/** A user may do it for themselves. */
const SELF: Options = { severityId: 2, isPrivileged: true, isSelfService: true, sensitivity: 3 };
const SECRET: Options = { sensitivity: 2 };
const SHARE_OUT: Options = { severityId: 3, isPrivileged: true, sensitivity: 2 };
const SIGN_IN: Options = {};

const EMPTY = { severityId: 1, isPrivileged: false, isSelfService: false, changesMfa: false, sensitivity: 1 } as const;

type Entry = readonly [string, Meaning];

/** One meaning for several calls of a service, separated by blanks. */
function calls(
  service: string,
  names: string,
  classUid: MappedEvent['class_uid'],
  activityId: number,
  options: Options,
): Entry[] {
  return names
    .split(' ')
    .map((name) => [`${service}:${name}`, { classUid, activityId, ...EMPTY, ...options }] as const);
}

const { accountChange, authentication, authorizeSession, entityManagement, userAccessManagement, groupManagement } =
  CLASS;

/**
 * Signing in and exchanging credentials. Proving an identity from outside AWS (console, SAML, web identity, Identity
 * Center) is a logon; trading long-lived keys for a session token is an authentication ticket; AssumeRole gives a
 * session that exists already another role's privileges, which OCSF calls Authorize Session: it is what every service
 * does all day, and a refused one is a refused permission, not a failed authentication.
 */
const SIGN_INS: readonly Entry[] = [
  ...calls('signin', 'ConsoleLogin UserAuthentication', authentication, 1, SIGN_IN),
  ...calls('signin', 'CheckMfa CredentialChallenge CredentialVerification', authentication, 6, SIGN_IN),
  ...calls('signin', 'GetSigninToken CreateOAuth2Token AuthorizeOAuth2Access', authentication, 3, SIGN_IN),
  ...calls('signin', 'SwitchRole ExitRole RenewRole AssumeRole', authentication, 7, SIGN_IN),
  ...calls('signin', 'Logout', authentication, 2, SIGN_IN),
  ...calls('signin', 'PasswordUpdated', accountChange, 3, { severityId: 2, sensitivity: 3 }),
  ...calls('signin', 'PasswordRecoveryRequested PasswordRecoveryCompleted', accountChange, 4, { severityId: 3 }),
  ...calls('signin', 'EmailUpdated', accountChange, 99, GRANT),
  ...calls('sts', 'AssumeRoleWithSAML AssumeRoleWithWebIdentity', authentication, 1, SIGN_IN),
  ...calls('sts', 'GetSessionToken GetFederationToken', authentication, 3, SIGN_IN),
  ...calls('sts', 'AssumeRole', authorizeSession, 1, SIGN_IN),
  ...calls('sts', 'AssumeRoot', authorizeSession, 1, WEAKEN),
  ...calls('sso', 'Authenticate Federate', authentication, 1, SIGN_IN),
  ...calls('sso', 'Logout', authentication, 2, SIGN_IN),
  ...calls('sso', 'CreateToken GetRoleCredentials', authentication, 3, SIGN_IN),
  ...calls('sso-oauth', 'CreateToken CreateTokenWithIAM', authentication, 3, SIGN_IN),
];

/** IAM, IAM Identity Center and Organizations; what is left out follows from the verb as entity management. */
const IDENTITIES: readonly Entry[] = [
  ...calls('iam', 'CreateUser', accountChange, 1, ADMIN),
  ...calls('iam', 'CreateLoginProfile', accountChange, 2, GRANT),
  ...calls('iam', 'ChangePassword', accountChange, 3, SELF),
  ...calls('iam', 'UpdateLoginProfile', accountChange, 4, GRANT),
  ...calls('iam', 'DeleteLoginProfile', accountChange, 5, ADMIN),
  ...calls('iam', 'DeleteUser', accountChange, 6, ADMIN),
  ...calls('iam', 'AttachUserPolicy PutUserPolicy', accountChange, 7, GRANT),
  ...calls('iam', 'DetachUserPolicy DeleteUserPolicy', accountChange, 8, ADMIN),
  ...calls('iam', 'EnableMFADevice', accountChange, 10, { ...SELF, changesMfa: true }),
  ...calls('iam', 'DeactivateMFADevice', accountChange, 11, { ...WEAKEN, changesMfa: true }),
  ...calls('iam', 'ResyncMFADevice UpdateUser TagUser', accountChange, 99, SELF),
  ...calls('iam', 'CreateVirtualMFADevice', entityManagement, 1, SELF),
  ...calls(
    'iam',
    'CreateAccessKey CreateServiceSpecificCredential UploadSSHPublicKey UploadSigningCertificate',
    entityManagement,
    1,
    { ...SELF, severityId: 3 },
  ),
  ...calls('iam', 'UpdateAccessKey UpdateSSHPublicKey', entityManagement, 3, SELF),
  ...calls('iam', 'DeleteAccessKey DeleteSSHPublicKey', entityManagement, 4, SELF),
  ...calls(
    'iam',
    'AttachRolePolicy PutRolePolicy UpdateAssumeRolePolicy AddRoleToInstanceProfile DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary',
    userAccessManagement,
    1,
    GRANT,
  ),
  ...calls(
    'iam',
    'DetachRolePolicy DeleteRolePolicy RemoveRoleFromInstanceProfile PutRolePermissionsBoundary PutUserPermissionsBoundary',
    userAccessManagement,
    2,
    ADMIN,
  ),
  ...calls('iam', 'AttachGroupPolicy PutGroupPolicy', groupManagement, 1, GRANT),
  ...calls('iam', 'DetachGroupPolicy DeleteGroupPolicy', groupManagement, 2, ADMIN),
  ...calls('iam', 'AddUserToGroup', groupManagement, 3, GRANT),
  ...calls('iam', 'RemoveUserFromGroup', groupManagement, 4, ADMIN),
  ...calls('iam', 'DeleteGroup', groupManagement, 5, ADMIN),
  ...calls('iam', 'CreateGroup', groupManagement, 6, ADMIN),
  ...calls(
    'iam',
    'CreatePolicyVersion SetDefaultPolicyVersion UpdateSAMLProvider AddClientIDToOpenIDConnectProvider',
    entityManagement,
    3,
    GRANT,
  ),
  ...calls('iam', 'CreateSAMLProvider CreateOpenIDConnectProvider', entityManagement, 1, GRANT),
  ...calls('iam', 'DeleteAccountPasswordPolicy', entityManagement, 4, WEAKEN),
  ...calls('sso-directory', 'CreateUser', accountChange, 1, ADMIN),
  ...calls('sso-directory', 'EnableUser', accountChange, 2, ADMIN),
  ...calls('sso-directory', 'UpdatePassword', accountChange, 4, GRANT),
  ...calls('sso-directory', 'DisableUser', accountChange, 5, ADMIN),
  ...calls('sso-directory', 'DeleteUser', accountChange, 6, ADMIN),
  ...calls(
    'sso-directory',
    'CompleteVirtualMfaDeviceRegistration CompleteWebAuthnDeviceRegistration',
    accountChange,
    10,
    { ...SELF, changesMfa: true },
  ),
  ...calls('sso-directory', 'DeleteMfaDeviceForUser DisableMfaDeviceForUser', accountChange, 11, {
    ...WEAKEN,
    changesMfa: true,
  }),
  ...calls('sso-directory', 'AddMemberToGroup', groupManagement, 3, GRANT),
  ...calls('sso-directory', 'RemoveMemberFromGroup', groupManagement, 4, ADMIN),
  ...calls('identitystore', 'CreateUser', accountChange, 1, ADMIN),
  ...calls('identitystore', 'DeleteUser', accountChange, 6, ADMIN),
  ...calls('identitystore', 'CreateGroupMembership', groupManagement, 3, GRANT),
  ...calls('identitystore', 'DeleteGroupMembership', groupManagement, 4, ADMIN),
  ...calls(
    'sso',
    'CreateAccountAssignment AttachManagedPolicyToPermissionSet PutInlinePolicyToPermissionSet',
    userAccessManagement,
    1,
    GRANT,
  ),
  ...calls('sso', 'DeleteAccountAssignment DetachManagedPolicyFromPermissionSet', userAccessManagement, 2, ADMIN),
  ...calls(
    'organizations',
    'LeaveOrganization RemoveAccountFromOrganization DetachPolicy DisablePolicyType',
    entityManagement,
    3,
    WEAKEN,
  ),
  ...calls('rolesanywhere', 'CreateTrustAnchor CreateProfile', entityManagement, 1, GRANT),
];

const [create, read, update, remove] = [1, 2, 3, 4] as const;
const api = CLASS.apiActivity;

/** Calls that take protection away or let data or access out. */
const PROTECTION: readonly Entry[] = [
  ...calls('cloudtrail', 'StopLogging UpdateTrail PutEventSelectors StopEventDataStoreIngestion', api, update, WEAKEN),
  ...calls('cloudtrail', 'DeleteTrail DeleteEventDataStore', api, remove, WEAKEN),
  ...calls('config', 'StopConfigurationRecorder', api, update, WEAKEN),
  ...calls('config', 'DeleteConfigurationRecorder DeleteDeliveryChannel DeleteConfigRule', api, remove, WEAKEN),
  ...calls('guardduty', 'DeleteDetector DeleteMembers', api, remove, WEAKEN),
  ...calls(
    'guardduty',
    'UpdateDetector StopMonitoringMembers DisassociateMembers DisassociateFromAdministratorAccount',
    api,
    update,
    WEAKEN,
  ),
  ...calls('guardduty', 'CreateIPSet CreateFilter', api, create, WEAKEN),
  ...calls('securityhub', 'DisableSecurityHub BatchDisableStandards', api, update, WEAKEN),
  ...calls('macie2', 'DisableMacie UpdateMacieSession', api, update, WEAKEN),
  ...calls('access-analyzer', 'DeleteAnalyzer', api, remove, WEAKEN),
  ...calls('ec2', 'DeleteFlowLogs', api, remove, WEAKEN),
  ...calls('ec2', 'DisableEbsEncryptionByDefault EnableSerialConsoleAccess', api, update, WEAKEN),
  ...calls(
    'ec2',
    'AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress ModifyInstanceAttribute',
    api,
    update,
    ADMIN,
  ),
  ...calls('ec2', 'CreateNetworkAclEntry ReplaceNetworkAclEntry', api, create, ADMIN),
  ...calls('ec2', 'ModifyImageAttribute ModifySnapshotAttribute', api, update, SHARE_OUT),
  ...calls('ec2', 'GetPasswordData', api, read, { severityId: 2, sensitivity: 2 }),
  ...calls('ec2-instance-connect', 'SendSSHPublicKey SendSerialConsoleSSHPublicKey', api, update, ADMIN),
  ...calls('ssm', 'SendCommand StartSession', api, create, { ...ADMIN, sensitivity: 2 }),
  ...calls('rds', 'ModifyDBSnapshotAttribute ModifyDBClusterSnapshotAttribute', api, update, SHARE_OUT),
  ...calls(
    's3',
    'PutBucketPolicy DeleteBucketPolicy PutBucketAcl PutObjectAcl PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock PutAccountPublicAccessBlock DeleteAccountPublicAccessBlock PutBucketReplication',
    api,
    update,
    GRANT,
  ),
  ...calls('s3', 'DeleteBucketEncryption PutBucketLogging PutBucketVersioning PutBucketLifecycle', api, update, ADMIN),
  ...calls('kms', 'PutKeyPolicy CreateGrant DisableKey DisableKeyRotation', api, update, GRANT),
  ...calls('kms', 'ScheduleKeyDeletion DeleteImportedKeyMaterial', api, remove, WEAKEN),
  ...calls('lambda', 'AddPermission CreateFunctionUrlConfig', api, update, GRANT),
  ...calls('secretsmanager', 'PutResourcePolicy DeleteResourcePolicy', api, update, GRANT),
  ...calls('ecr', 'SetRepositoryPolicy', api, update, GRANT),
  ...calls('sqs', 'SetQueueAttributes', api, update, ADMIN),
  ...calls('logs', 'DeleteLogGroup DeleteLogStream', api, remove, WEAKEN),
  ...calls('events', 'DeleteRule DisableRule', api, remove, ADMIN),
  ...calls('codebuild', 'UpdateProjectVisibility', api, update, GRANT),
];

const data = CLASS.datastoreActivity;

/** Data events. */
const DATA: readonly Entry[] = [
  ...calls('s3', 'GetObject HeadObject GetObjectAttributes SelectObjectContent', data, 1, SECRET),
  ...calls('s3', 'PutObject CopyObject CompleteMultipartUpload', data, 5, SECRET),
  ...calls('s3', 'DeleteObject DeleteObjects', data, 7, SECRET),
  ...calls('s3', 'ListObjects ListObjectsV2 ListObjectVersions', data, 8, {}),
  ...calls('dynamodb', 'GetItem BatchGetItem', data, 1, SECRET),
  ...calls('dynamodb', 'UpdateItem', data, 2, SECRET),
  ...calls('dynamodb', 'Query Scan ExecuteStatement', data, 4, SECRET),
  ...calls('dynamodb', 'PutItem BatchWriteItem', data, 5, SECRET),
  ...calls('dynamodb', 'DeleteItem', data, 7, SECRET),
  ...calls('athena', 'StartQueryExecution', data, 4, SECRET),
  ...calls('redshift-data', 'ExecuteStatement BatchExecuteStatement', data, 4, SECRET),
  ...calls('rds-data', 'ExecuteStatement BatchExecuteStatement', data, 4, SECRET),
];

/** Meanings by `<service>:<call>`. */
export const EVENTS: ReadonlyMap<string, Meaning> = new Map([...SIGN_INS, ...IDENTITIES, ...PROTECTION, ...DATA]);

/** Reads that hand out a secret, whichever service has them. */
export const SECRET_READS: ReadonlySet<string> = new Set([
  'GetParameter',
  'GetParameters',
  'GetParametersByPath',
  'GetParameterHistory',
  'GetAuthorizationToken',
]);
