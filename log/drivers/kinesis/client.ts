import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * Plain values, so that they can be handed to a worker thread. Credentials come by the SDK's own chain; at a loopback
 * endpoint, where nobody has set any, made-up ones sign: what stands there takes them or says so.
 */
export interface KinesisConnection {
  readonly region: string;
  /** Of something that speaks Kinesis, `http://127.0.0.1:4567`; AWS's own for the region by default. */
  readonly endpoint?: string;
  /** Whether HTTP/2 is spoken, which enhanced fan-out needs; by default to AWS, and not to a loopback address. */
  readonly http2?: boolean;
}

const MADE_UP = { accessKeyId: 'local', secretAccessKey: 'local' };
const LOOPBACK = /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/;
const CONNECTION_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Reads of many shards wait beside each other. */
const SOCKETS_MAX = 256;

/** Whether the endpoint is on this machine: it has no rate limits to be respected beforehand, and no HTTP/2 for certain. */
export function isLocal(endpoint: string | undefined): boolean {
  return endpoint !== undefined && LOOPBACK.test(endpoint.replace(/^https?:\/\//, ''));
}

/** A call that is silent for `requestTimeout`, ms, is given up. */
export function createClient(
  { region, endpoint, http2 = !isLocal(endpoint) }: KinesisConnection,
  requestTimeout = REQUEST_TIMEOUT_MS,
): KinesisClient {
  return new KinesisClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(isLocal(endpoint) && !hasCredentials(process.env) ? { credentials: MADE_UP } : {}),
    requestHandler: http2
      ? // As the SDK's own, which would wait for ever.
        new NodeHttp2Handler({ requestTimeout, disableConcurrentStreams: true })
      : new NodeHttpHandler({
          connectionTimeout: CONNECTION_TIMEOUT_MS,
          requestTimeout,
          httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
          httpsAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
        }),
    // The driver repeats by itself, per key and with its own pauses.
    maxAttempts: 1,
  });
}

const hasCredentials = (env: NodeJS.ProcessEnv): boolean =>
  env.AWS_ACCESS_KEY_ID !== undefined || env.AWS_PROFILE !== undefined;
