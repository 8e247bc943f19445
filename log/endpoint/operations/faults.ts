import { type Call, KinesisError } from '../operation.ts';

/*
 * The service's refusals, in its own words: from the API reference, from botocore's model, and from what clients of
 * the service report in public.
 */

export function invalidArgument(message: string): KinesisError {
  return new KinesisError('InvalidArgumentException', message);
}

export function notFound(message: string): KinesisError {
  return new KinesisError('ResourceNotFoundException', message);
}

export function inUse(message: string): KinesisError {
  return new KinesisError('ResourceInUseException', message);
}

export function limitExceeded(message: string): KinesisError {
  return new KinesisError('LimitExceededException', message);
}

export function throughputExceeded(message: string): KinesisError {
  return new KinesisError('ProvisionedThroughputExceededException', message);
}

/** One violation in the words of the service's validator, for what only the stream's state can tell. */
export function violation(text: string): KinesisError {
  return new KinesisError('ValidationException', `1 validation error detected: ${text}`);
}

export function streamNotFound(stream: string, accountId: string): KinesisError {
  return notFound(`Stream ${stream} under account ${accountId} not found.`);
}

export function shardNotFound(shardId: string, stream: string, accountId: string): KinesisError {
  return notFound(`Could not find shard ${shardId} in stream ${stream} under account ${accountId}.`);
}

/** Of a shard whose id could be one. */
export function noSuchShard(shardId: string, stream: string, accountId: string): KinesisError {
  return notFound(`Shard ${shardId} in stream ${stream} under account ${accountId} does not exist`);
}

export function notActive(stream: string, accountId: string, status: string): KinesisError {
  return inUse(`Stream ${stream} under account ${accountId} not ACTIVE, instead in state ${status}`);
}

/** Of what works while a stream is UPDATING as well. */
export function notUsable(stream: string, accountId: string, status: string): KinesisError {
  return inUse(`Stream ${stream} under account ${accountId} not ACTIVE or UPDATING, instead in state ${status}`);
}

export function onDemand(stream: string, accountId: string): KinesisError {
  return new KinesisError(
    'ValidationException',
    `Request is invalid. Stream ${stream} under account ${accountId} is in On-Demand mode.`,
  );
}

export function rateExceeded(shardId: string, stream: string, accountId: string): string {
  return `Rate exceeded for shard ${shardId} in stream ${stream} under account ${accountId}.`;
}

export function shardLimitExceeded(call: Call, current: number, limit: number, more: number): KinesisError {
  return limitExceeded(
    `This request would exceed the shard limit for the account ${call.accountId} in ${call.region}. ` +
      `Current shard count for the account: ${current}. Limit: ${limit}. ` +
      `Number of additional shards that would have resulted from this request: ${more}. ` +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  );
}

/** Members that the API has and the endpoint does not: refused by name rather than passed over. */
export function refuseMember(name: string, value: unknown): void {
  if (value !== undefined && value !== null) throw invalidArgument(`${name} is not supported by this endpoint.`);
}

/** What a call with DryRun gets once everything has been found in order. */
export function dryRun(wanted: boolean | undefined): void {
  if (wanted !== true) return;
  throw new KinesisError(
    'DryRunOperationException',
    'The request was rejected because the DryRun parameter was specified.',
  );
}
