import { AuthError, ConfigError, messageOf } from '../../../core/index.ts';

/** What kafkajs puts on its errors; `type` is Kafka's own name of the error. */
interface KafkaFault {
  readonly name?: string;
  readonly type?: string;
  readonly message?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
  /** Of a request to trim: each with its own error. */
  readonly partitions?: readonly { readonly error?: unknown }[];
}

/** Kafka's name of what went wrong, kafkajs's name when Kafka said nothing; wrappers are opened. */
export function faultOf(error: unknown): string {
  let fault = error as KafkaFault;
  for (let depth = 0; depth < 5 && typeof fault === 'object' && fault !== null; depth++) {
    if (fault.type !== undefined) return fault.type;
    const inner = fault.errors?.[0] ?? fault.partitions?.[0]?.error ?? fault.cause;
    if (inner === undefined) return fault.name ?? 'Error';
    fault = inner as KafkaFault;
  }
  return 'Error';
}

const AUTH = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'KafkaJSSASLAuthenticationError',
  'UNSUPPORTED_SASL_MECHANISM',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
]);

/** What no second attempt can better, and what to do about it. */
const FINAL: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: 'raise max.message.bytes of the topic and of the brokers',
  RECORD_LIST_TOO_LARGE: 'raise segment.bytes of the topic',
  INVALID_RECORD: 'create the topic with Beagle, or set cleanup.policy=delete',
  INVALID_TOPIC_EXCEPTION: 'choose another name for the stream or another prefix',
  INVALID_REPLICATION_FACTOR: 'ask for as many replicas as there are brokers at most',
  INVALID_CONFIG: 'ask who runs the cluster which settings of topics it allows',
  POLICY_VIOLATION: 'ask who runs the cluster which topics it allows',
  TOPIC_DELETION_DISABLED: 'set delete.topic.enable on the brokers',
  UNSUPPORTED_VERSION: 'use Kafka 2.1 or newer',
  UNSUPPORTED_COMPRESSION_TYPE: 'choose another compression',
  KafkaJSNotImplemented: 'only none, gzip and zstd can be read; write the topic with one of these',
  KafkaJSServerDoesNotSupportApiKey: 'use Kafka 2.1 or newer',
};

/** AuthError or ConfigError when it is in vain to try again; null when it may pass. */
export function finalError(error: unknown, what: string): Error | null {
  if (error instanceof ConfigError || error instanceof AuthError) return error;
  const fault = faultOf(error);
  const message = messageOf(error);
  if (AUTH.has(fault)) return new AuthError(`[log/kafka] ${what}: ${message}; check the user and its rights`);
  // As Node's TLS says it: of a certificate that is not trusted, has expired, or names another host.
  if (fault === 'KafkaJSConnectionError' && /certificate|altnames|unknown ca/i.test(message)) {
    // An alert is what the other side says.
    if (/alert/i.test(message))
      return new ConfigError(`[log/kafka] ${what}: ${message}; give a client certificate that the broker trusts`);
    return new ConfigError(`[log/kafka] ${what}: ${message}; name the authority that signed the broker's certificate`);
  }
  const remedy = FINAL[fault];
  return remedy === undefined ? null : new ConfigError(`[log/kafka] ${what}: ${message}; ${remedy}`);
}
