import { z } from 'zod';

const text = z.string().nullish();

/**
 * Who called, as CloudTrail names them (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
 * cloudtrail-event-reference-user-identity.html). Events of the services themselves leave most of it out.
 */
const identitySchema = z.object({
  type: text,
  principalId: text,
  arn: text,
  accountId: text,
  accessKeyId: text,
  userName: text,
  invokedBy: text,
  identityProvider: text,
  sessionContext: z.unknown().optional(),
  onBehalfOf: z.unknown().optional(),
});

/**
 * A CloudTrail record, version 1.0x (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
 * cloudtrail-event-reference-record-contents.html). Strict about what names the call and the caller. Parameters,
 * responses and other free-form members are handed on unread: `map` looks only at the few that it knows.
 */
export const cloudTrailSchema = z.object({
  eventID: text,
  eventTime: text,
  eventName: z.string().min(1),
  eventSource: text,
  eventType: text,
  awsRegion: text,
  recipientAccountId: text,
  userIdentity: identitySchema.nullish(),
  sourceIPAddress: z.unknown().optional(),
  userAgent: z.unknown().optional(),
  errorCode: z.unknown().optional(),
  errorMessage: z.unknown().optional(),
  readOnly: z.unknown().optional(),
  requestParameters: z.unknown().optional(),
  responseElements: z.unknown().optional(),
  additionalEventData: z.unknown().optional(),
  serviceEventDetails: z.unknown().optional(),
  resources: z.unknown().optional(),
});

/** Parameters and responses as a whole: which of their members say what was called on depends on the call. */
export const cloudTrailReads = Object.keys(cloudTrailSchema.shape).map((name) => `/${name}`);

export type CloudTrailRecord = z.infer<typeof cloudTrailSchema>;
export type CloudTrailIdentity = z.infer<typeof identitySchema>;

export type Members = { readonly [name: string]: unknown };

const NONE: Members = {};

/** The members of a JSON object; none for anything else. */
export function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : NONE;
}
