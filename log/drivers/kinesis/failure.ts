import { setTimeout as sleep } from 'node:timers/promises';
import { AuthError, ConfigError, ConflictError, messageOf, RetryableError } from '../../../core/index.ts';

/** Errors of Kinesis and of the network that pass by themselves. */
const PASSING = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'KMSThrottlingException',
  'InternalFailure',
  'InternalFailureException',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
  'RequestTimeoutException',
  'RequestAbortedException',
  'ResourceInUseException',
]);
const UNAUTHORISED = new Set([
  'AccessDeniedException',
  'NotAuthorized',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'ExpiredTokenException',
  'CredentialsProviderError',
  'OptInRequired',
]);
const NETWORK = /^(ECONN|EPIPE|EAI_AGAIN|ENOTFOUND|ETIMEDOUT|EHOST|ENETUN|ERR_HTTP2|UND_ERR)/;

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** What the SDK says when a subscription breaks off in the middle of an event. */
const CUT_EVENT = /^Truncated event message received/;

interface AwsFault {
  readonly code?: unknown;
  readonly $fault?: unknown;
  /** `clockSkewCorrected`: the SDK has just learnt by how much the clocks differ, and signs by that from now on. */
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly clockSkewCorrected?: unknown };
  /** Of an answer that could not be understood. */
  readonly $response?: { readonly headers?: Readonly<Record<string, unknown>> };
}

/** Over HTTP/2 an answer that is cut off looks like one that ends there: it was to be JSON and is not. */
const isCutOff = ({ $response }: AwsFault): boolean => /json/.test(String($response?.headers?.['content-type']));

/** A member that every answer has, named by `what`: an answer cut off behind its head looks like one without any. */
export function present<T>(member: T | null | undefined, what: string): T {
  if (member !== undefined && member !== null) return member;
  throw Object.assign(new Error(`an answer without ${what}`), { name: 'InternalFailure' });
}

/** Whether the same call may succeed later. */
export function isPassing(error: unknown): boolean {
  const fault = (error ?? {}) as AwsFault;
  const { code, $fault, $metadata } = fault;
  const status = Number($metadata?.httpStatusCode ?? 0);
  if (PASSING.has(nameOf(error)) || $fault === 'server' || status >= 500) return true;
  if ($metadata?.clockSkewCorrected === true) return true;
  if (nameOf(error) === 'SyntaxError') return isCutOff(fault);
  if (CUT_EVENT.test(messageOf(error))) return true;
  return NETWORK.test(String(code ?? ''));
}

/** One of the project's errors for what Kinesis, the SDK or the network threw while it did `what`. */
export function translate(error: unknown, what: string): Error {
  if (error instanceof ConfigError || error instanceof RetryableError || error instanceof ConflictError) return error;
  const text = `[log/kinesis] cannot ${what}: ${nameOf(error)}: ${messageOf(error)}`;
  if (nameOf(error) === 'RequestExpired') return new AuthError(`${text}; check this machine’s clock`);
  if (UNAUTHORISED.has(nameOf(error))) return new AuthError(`${text}; check the AWS credentials and their permissions`);
  if (isPassing(error)) return new RetryableError(`${text}; try again`);
  if (nameOf(error).startsWith('KMS')) return new ConfigError(`${text}; check the KMS key that encrypts the stream`);
  return new ConfigError(`${text}; check the stream, the region and the endpoint`);
}

const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 5000;

/** Pauses that double with each failure and halve with each success, between half and all of it by chance. */
export interface BackOff {
  succeeded(): void;
  /** Waits longer each time. */
  failed(signal?: AbortSignal): Promise<void>;
}

export function createBackOff(random: () => number = Math.random): BackOff {
  let pauseMs = 0;
  return {
    succeeded() {
      pauseMs = pauseMs <= PAUSE_MS_MIN ? 0 : pauseMs / 2;
    },
    async failed(signal) {
      pauseMs = Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, pauseMs * 2));
      await pause(pauseMs * (0.5 + random() / 2), signal);
    },
  };
}

/** Resolves after `ms`, or when the signal aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

/** Repeats what fails in a way that passes, for so long; throws one of the project's errors in the end. */
export async function repeated<T>(what: string, forMs: number, backOff: BackOff, run: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + forMs;
  for (;;) {
    try {
      const result = await run();
      backOff.succeeded();
      return result;
    } catch (error) {
      if (!isPassing(error) || performance.now() > deadline) throw translate(error, what);
      await backOff.failed();
    }
  }
}
