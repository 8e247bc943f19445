/** Services whose objects are identities and what these may do. */
export const IDENTITY_SERVICES: ReadonlySet<string> = new Set([
  'iam',
  'identitystore',
  'organizations',
  'rolesanywhere',
  'sso',
  'sso-directory',
  'verifiedpermissions',
  'cognito-idp',
  'ds',
  'ram',
]);

/** Services that are security configuration: identity, the audit trail, detection, keys, network protection. */
export const SECURITY_SERVICES: ReadonlySet<string> = new Set([
  ...IDENTITY_SERVICES,
  'access-analyzer',
  'account',
  'acm-pca',
  'cloudtrail',
  'config',
  'controltower',
  'detective',
  'fms',
  'guardduty',
  'inspector2',
  'macie2',
  'network-firewall',
  'securityhub',
  'securitylake',
  'shield',
  'waf',
  'waf-regional',
  'wafv2',
]);

/** Services that hold a company's data or its secrets. */
export const CONFIDENTIAL_SERVICES: ReadonlySet<string> = new Set([
  'athena',
  'backup',
  'dynamodb',
  'glacier',
  'kms',
  'rds-data',
  'redshift',
  'redshift-data',
  'secretsmanager',
  'workmail',
]);
