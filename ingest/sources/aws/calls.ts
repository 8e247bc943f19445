import type { Random } from '../../../core/index.ts';
import type { Activity, ActivityKind, Person } from '../../world/activity.ts';

/** The account of the synthetic company. */
export const ACCOUNT_ID = '418237095561';
export const SAML_PROVIDER = `arn:aws:iam::${ACCOUNT_ID}:saml-provider/CompanySSO`;

/** A call of an AWS API: what an activity becomes. */
export interface Call {
  readonly service: string;
  readonly name: string;
  readonly request: unknown;
  readonly response?: unknown;
  readonly isReadOnly?: boolean;
  readonly isData?: boolean;
  readonly isGlobal?: boolean;
  readonly resources?: readonly { readonly accountId?: string; readonly type: string; readonly ARN: string }[];
}

const BUCKETS = ['beagle-example-reports', 'beagle-example-builds', 'beagle-example-customer-data'];
const KEYS = [
  '2026/q1/forecast.parquet',
  'exports/customers.csv.gz',
  'releases/app-4.12.0.tar.gz',
  'logs/day=17/part-0.gz',
];
const FUNCTIONS = ['invoice-render', 'webhook-intake', 'thumbnailer'];
const TABLES = ['orders', 'sessions', 'feature-flags'];
const SECRETS = ['prod/billing/db', 'staging/search/api-key'];

const ec2Id = (prefix: string, random: Random) => `${prefix}-0${random.hex(16)}`;
const arn = (service: string, region: string, resource: string) =>
  `arn:aws:${service}:${region}:${ACCOUNT_ID}:${resource}`;

type Make = (random: Random, region: string) => Call;

const READS: readonly Make[] = [
  (random) => ({
    service: 'ec2',
    name: 'DescribeInstances',
    request: {
      instancesSet: {},
      filterSet: {
        items: [
          { name: 'vpc-id', valueSet: { items: [{ value: ec2Id('vpc', random) }] } },
          { name: 'instance-state-name', valueSet: { items: [{ value: 'running' }, { value: 'pending' }] } },
        ],
      },
      maxResults: 100,
    },
  }),
  (random) => ({
    service: 'ec2',
    name: 'DescribeSecurityGroups',
    request: { securityGroupSet: {}, securityGroupIdSet: { items: [{ groupId: ec2Id('sg', random) }] }, filterSet: {} },
  }),
  () => ({
    service: 's3',
    name: 'ListBuckets',
    request: { Host: 's3.amazonaws.com', 'max-buckets': '200' },
    isGlobal: true,
  }),
  (random) => {
    const bucketName = random.pick(BUCKETS);
    const request = { bucketName, Host: `${bucketName}.s3.amazonaws.com`, location: '' };
    return { service: 's3', name: 'GetBucketLocation', request };
  },
  (random) => ({
    service: 'lambda',
    name: 'GetFunction20150331v2',
    request: { functionName: random.pick(FUNCTIONS), qualifier: '$LATEST' },
  }),
  () => ({ service: 'lambda', name: 'ListFunctions20150331', request: { functionVersion: 'ALL', maxItems: 50 } }),
  (random, region) => {
    const groups = ['invoice-render', 'webhook-intake'];
    const name = `/aws/lambda/${random.pick(groups)}`;
    return {
      service: 'logs',
      name: 'DescribeLogStreams',
      request: { logGroupIdentifier: arn('logs', region, name), limit: 50 },
    };
  },
  (random) => ({ service: 'dynamodb', name: 'DescribeTable', request: { tableName: random.pick(TABLES) } }),
  () => ({ service: 'rds', name: 'DescribeDBInstances', request: { maxRecords: 100, filters: [] } }),
  () => ({ service: 'iam', name: 'ListRoles', request: { maxItems: 100, pathPrefix: '/' }, isGlobal: true }),
  () => ({ service: 'cloudwatch', name: 'DescribeAlarms', request: { maxRecords: 100, alarmTypes: ['MetricAlarm'] } }),
  (random, region) => {
    const secretId = random.pick(SECRETS);
    const ARN = arn('secretsmanager', region, `secret:${secretId}-${random.hex(6)}`);
    const resources = [{ accountId: ACCOUNT_ID, type: 'AWS::SecretsManager::Secret', ARN }];
    return { service: 'secretsmanager', name: 'GetSecretValue', request: { secretId }, resources };
  },
];

const WRITES: readonly Make[] = [
  (random) => {
    const imageId = ec2Id('ami', random);
    const instanceId = ec2Id('i', random);
    return {
      service: 'ec2',
      name: 'RunInstances',
      request: {
        instancesSet: { items: [{ imageId, minCount: 1, maxCount: 1 }] },
        instanceType: 't3.small',
        monitoring: { enabled: false },
      },
      response: {
        reservationId: ec2Id('r', random),
        ownerId: ACCOUNT_ID,
        instancesSet: { items: [{ instanceId, imageId, instanceState: { code: 0, name: 'pending' } }] },
      },
    };
  },
  (random) => ({
    service: 'ec2',
    name: 'CreateTags',
    request: {
      resourcesSet: { items: [{ resourceId: ec2Id('i', random) }] },
      tagSet: { items: [{ key: 'team', value: 'platform' }] },
    },
    response: { _return: true },
  }),
  (random, region) => {
    const functionName = random.pick(FUNCTIONS);
    return {
      service: 'lambda',
      name: 'UpdateFunctionCode20150331v2',
      request: { functionName, publish: false, dryRun: false, architectures: ['arm64'] },
      response: {
        functionName,
        functionArn: arn('lambda', region, `function:${functionName}`),
        runtime: 'nodejs22.x',
        codeSize: 1_204_331 + random.int(90_000),
        version: '$LATEST',
      },
    };
  },
  (random) => ({
    service: 'dynamodb',
    name: 'UpdateTable',
    request: { tableName: random.pick(TABLES), billingMode: 'PAY_PER_REQUEST', deletionProtectionEnabled: true },
    response: { tableDescription: { tableStatus: 'UPDATING', itemCount: random.int(900_000) } },
  }),
  (random, region) => ({
    service: 'logs',
    name: 'PutRetentionPolicy',
    request: { logGroupName: `/aws/lambda/${random.pick(FUNCTIONS)}`, retentionInDays: 30 },
    response: null,
    resources: [
      { accountId: ACCOUNT_ID, type: 'AWS::Logs::LogGroup', ARN: arn('logs', region, 'log-group:retention') },
    ],
  }),
  (random) => {
    const bucketName = random.pick(BUCKETS);
    const request = {
      bucketName,
      tagging: '',
      Host: `${bucketName}.s3.amazonaws.com`,
      Tagging: { TagSet: { Tag: [{ Key: 'team', Value: 'data' }] } },
    };
    return { service: 's3', name: 'PutBucketTagging', request };
  },
];

/** An IAM user of the same name as the person's account, for what is done to them. */
const iamUser = (person: Person) => person.accounts.aws?.uid ?? person.email;
const on = ({ target, person }: Activity) => iamUser(target ?? person);
const iam = (name: string, request: unknown, response: unknown = null): Call => ({
  service: 'iam',
  name,
  request,
  response,
  isReadOnly: false,
  isGlobal: true,
});
const ADMIN_POLICY = 'arn:aws:iam::aws:policy/AdministratorAccess';
const serial = (userName: string) => `arn:aws:iam::${ACCOUNT_ID}:mfa/${userName}`;

function download(random: Random): Call {
  const bucketName = random.pick(BUCKETS);
  const key = random.pick(KEYS);
  return {
    service: 's3',
    name: 'GetObject',
    request: { bucketName, key, Host: `${bucketName}.s3.amazonaws.com`, 'response-content-disposition': 'attachment' },
    isReadOnly: true,
    isData: true,
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucketName}/${key}` },
      { accountId: ACCOUNT_ID, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucketName}` },
    ],
  };
}

function openBucket(random: Random): Call {
  const bucketName = random.pick(BUCKETS);
  const statement = {
    Sid: 'PublicRead',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${bucketName}/*`,
  };
  const request = {
    bucketName,
    policy: '',
    Host: `${bucketName}.s3.amazonaws.com`,
    bucketPolicy: { Version: '2012-10-17', Statement: [statement] },
  };
  const resources = [{ accountId: ACCOUNT_ID, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucketName}` }];
  return { service: 's3', name: 'PutBucketPolicy', request, response: null, isReadOnly: false, resources };
}

function blind(random: Random, region: string): Call {
  const name = arn('cloudtrail', region, 'trail/organization-trail');
  return random.pick<Call>([
    { service: 'cloudtrail', name: 'StopLogging', request: { name }, response: null },
    { service: 'guardduty', name: 'DeleteDetector', request: { detectorId: random.hex(32) }, response: null },
    {
      service: 'config',
      name: 'StopConfigurationRecorder',
      request: { configurationRecorderName: 'default' },
      response: null,
    },
  ]);
}

function accessKey(activity: Activity, random: Random): Call {
  const userName = iamUser(activity.person);
  let accessKeyId = 'AKIA';
  for (let i = 0; i < 16; i++) accessKeyId += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[random.int(32)];
  const createDate = new Date(activity.atUs / 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return iam('CreateAccessKey', { userName }, { accessKey: { userName, accessKeyId, status: 'Active', createDate } });
}

type MakeFor = (activity: Activity, random: Random, region: string) => Call;

/** Kinds that are calls of an API; sign-ins have records of their own shape. */
export const CALLS: { readonly [kind in ActivityKind]?: MakeFor } = {
  read: (_, random, region) => ({ isReadOnly: true, ...random.pick(READS)(random, region) }),
  write: (_, random, region) => ({ isReadOnly: false, ...random.pick(WRITES)(random, region) }),
  download: (_, random) => download(random),
  share: (_, random) => openBucket(random),
  create_token: accessKey,
  enroll_mfa: ({ person }) =>
    iam('EnableMFADevice', { userName: iamUser(person), serialNumber: serial(iamUser(person)) }),
  reset_mfa: (activity) => iam('DeactivateMFADevice', { userName: on(activity), serialNumber: serial(on(activity)) }),
  reset_password: (activity) => iam('UpdateLoginProfile', { userName: on(activity), passwordResetRequired: true }),
  grant_admin: (activity) => iam('AttachUserPolicy', { userName: on(activity), policyArn: ADMIN_POLICY }),
  revoke_admin: (activity) => iam('DetachUserPolicy', { userName: on(activity), policyArn: ADMIN_POLICY }),
  create_user: (activity, random) => {
    const userName = on(activity);
    const user = {
      path: '/',
      userName,
      userId: `AIDA${random.hex(17).toUpperCase()}`,
      arn: `arn:aws:iam::${ACCOUNT_ID}:user/${userName}`,
    };
    return iam('CreateUser', { userName, tags: [] }, { user });
  },
  deactivate_user: (activity) => iam('DeleteLoginProfile', { userName: on(activity) }),
  disable_protection: (_, random, region) => ({ isReadOnly: false, ...blind(random, region) }),
};
