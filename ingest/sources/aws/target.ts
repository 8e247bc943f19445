import type { MappedEvent } from '../../../core/index.ts';
import { columnText } from '../text.ts';
import { iamUserUid } from './identity.ts';
import { type CloudTrailRecord, type Members, members } from './raw.ts';

export type Target = Pick<MappedEvent, 'target_uid' | 'target_type' | 'target_name'>;

const NO_TARGET: Target = { target_uid: null, target_type: null, target_name: null };

/** Parameters that name what a call acts on, the most specific first, with CloudFormation's name of its type. */
const PARAMETERS: readonly (readonly [string, string])[] = [
  ['userName', 'AWS::IAM::User'],
  ['roleName', 'AWS::IAM::Role'],
  ['groupName', 'AWS::IAM::Group'],
  ['roleArn', 'AWS::IAM::Role'],
  ['policyArn', 'AWS::IAM::ManagedPolicy'],
  ['instanceProfileName', 'AWS::IAM::InstanceProfile'],
  ['secretId', 'AWS::SecretsManager::Secret'],
  ['keyId', 'AWS::KMS::Key'],
  ['functionName', 'AWS::Lambda::Function'],
  ['tableName', 'AWS::DynamoDB::Table'],
  ['detectorId', 'AWS::GuardDuty::Detector'],
  ['instanceId', 'AWS::EC2::Instance'],
  ['groupId', 'AWS::EC2::SecurityGroup'],
  ['imageId', 'AWS::EC2::Image'],
  ['snapshotId', 'AWS::EC2::Snapshot'],
  ['volumeId', 'AWS::EC2::Volume'],
  ['vpcId', 'AWS::EC2::VPC'],
  ['dBInstanceIdentifier', 'AWS::RDS::DBInstance'],
  ['dBSnapshotIdentifier', 'AWS::RDS::DBSnapshot'],
  ['trailName', 'AWS::CloudTrail::Trail'],
  ['logGroupName', 'AWS::Logs::LogGroup'],
  ['repositoryName', 'AWS::ECR::Repository'],
  ['queueUrl', 'AWS::SQS::Queue'],
  ['accountId', 'AWS::Organizations::Account'],
  ['policyName', 'AWS::IAM::Policy'],
  ['name', 'name'],
];

/** `{"instancesSet": {"items": [{"instanceId": …}]}}`: how EC2 writes lists; the first stands for all. */
function firstInstance(parameters: Members): string | null {
  const items = members(parameters.instancesSet).items;
  return Array.isArray(items) ? columnText(members(items[0]).instanceId) : null;
}

function bucketTarget(parameters: Members): Target | null {
  const bucket = columnText(parameters.bucketName);
  if (bucket === null) return null;
  const key = columnText(parameters.key);
  const name = columnText(key === null ? bucket : `${bucket}/${key}`);
  return {
    target_uid: columnText(`arn:aws:s3:::${name}`),
    target_type: key === null ? 'AWS::S3::Bucket' : 'AWS::S3::Object',
    target_name: name,
  };
}

/** What the record lists as touched: `[{"ARN": …, "type": …}]`. */
function resourceTarget(resources: unknown): Target {
  const resource = Array.isArray(resources) ? members(resources[0]) : members(null);
  const uid = columnText(resource.ARN) ?? columnText(resource.arn);
  if (uid === null) return NO_TARGET;
  return { target_uid: uid, target_type: columnText(resource.type), target_name: null };
}

const RANKS: ReadonlyMap<string, number> = new Map(PARAMETERS.map(([member], rank) => [member, rank]));

/** Calls have a handful of parameters; what comes behind this many is not looked at. */
const PARAMETERS_MAX = 64;

/** The most specific parameter that names something, as its rank in {@link PARAMETERS}; −1 when there is none. */
function bestRank(parameters: Members): number {
  let best = -1;
  let seen = 0;
  for (const member in parameters) {
    if (++seen > PARAMETERS_MAX) break;
    const rank = RANKS.get(member);
    if (rank === undefined || (best !== -1 && rank > best)) continue;
    if (columnText(parameters[member]) !== null) best = rank;
  }
  return best;
}

/**
 * What the call acted on. An IAM user has the same uid here as where they act. CloudTrail leaves `userName` out of an
 * IAM call that a user makes for themselves: then there is no target.
 */
export function targetOf(record: CloudTrailRecord): Target {
  const parameters = members(record.requestParameters);
  const bucket = bucketTarget(parameters);
  if (bucket !== null) return bucket;
  const [member, type] = PARAMETERS[bestRank(parameters)] ?? [];
  const name = member === undefined ? null : columnText(parameters[member]);
  if (name !== null && type !== undefined) {
    const uid = type === 'AWS::IAM::User' ? iamUserUid(record, name) : name;
    return { target_uid: uid, target_type: type, target_name: name };
  }
  const instance = firstInstance(parameters);
  if (instance !== null) return { target_uid: instance, target_type: 'AWS::EC2::Instance', target_name: instance };
  return resourceTarget(record.resources);
}
