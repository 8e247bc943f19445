import type { Call } from '../operation.ts';

const STREAM = /^(arn:aws[^:]*:kinesis:([^:]+):(\d{12}):stream\/([a-zA-Z0-9_.-]{1,128}))$/;
const CONSUMER =
  /^(arn:aws[^:]*:kinesis:[^:]+:\d{12}:stream\/[a-zA-Z0-9_.-]{1,128})\/consumer\/([a-zA-Z0-9_.-]{1,128}):(\d+)$/;

export interface StreamArn {
  readonly region: string;
  readonly accountId: string;
  readonly stream: string;
}

export interface ConsumerArn {
  readonly streamArn: string;
  readonly consumer: string;
  /** Seconds since 1970. */
  readonly createdS: number;
}

/** The partition that a region belongs to. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

export function streamArn(call: Call, stream: string): string {
  return `arn:${partitionOf(call.region)}:kinesis:${call.region}:${call.accountId}:stream/${stream}`;
}

export function consumerArn(ofStream: string, consumer: string, createdS: number): string {
  return `${ofStream}/consumer/${consumer}:${createdS}`;
}

/** Null for what is no stream's ARN. */
export function parseStreamArn(arn: string): StreamArn | null {
  const found = STREAM.exec(arn);
  if (found === null) return null;
  const [, , region = '', accountId = '', stream = ''] = found;
  return { region, accountId, stream };
}

/** Null for what is no consumer's ARN. */
export function parseConsumerArn(arn: string): ConsumerArn | null {
  const found = CONSUMER.exec(arn);
  if (found === null) return null;
  const [, ofStream = '', consumer = '', createdS = ''] = found;
  return { streamArn: ofStream, consumer, createdS: Number(createdS) };
}

/** Whatever kind of resource it is of. */
export function isKinesisArn(arn: string): boolean {
  return /^arn:aws[^:]*:kinesis:[^:]+:\d{12}:\S+$/.test(arn);
}
