import { setMaxListeners } from 'node:events';
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2, type Http2Session } from 'node:http2';
import { type AddressInfo, createServer as createNet, isIP, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { ConfigError, messageOf } from '../../core/index.ts';
import { createExchange, type Operations } from './exchange.ts';
import { createHandler } from './handler.ts';
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts';
import { createMetrics } from './metrics.ts';
import { type Credentials, signatureVerifier } from './signature.ts';
import { sniff } from './sniff.ts';

export interface EndpointOptions {
  readonly operations: Operations;
  /** An address to listen on; beyond loopback only with credentials. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** PEM texts. TLS and plain connections are told apart by their first byte; plain ones are taken from loopback alone. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Signatures are checked against these; without, any well-formed one passes. */
  readonly credentials?: Credentials;
  /** 12 digits; default 000000000000. */
  readonly accountId?: string;
  /** The region when a request's credential names none; default us-east-1. */
  readonly region?: string;
  /** ms since 1970; default Date.now. */
  readonly clock?: () => number;
  readonly timeouts?: Partial<EndpointTimeouts>;
  /** Told of what went wrong here and is no fault of a caller's. */
  readonly onFault?: (operation: string, error: unknown) => void;
}

export interface Endpoint {
  /** `http://127.0.0.1:4567` */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, lets what is under way finish for at most `graceMs` (default 3000), then cuts it. */
  close(graceMs?: number): Promise<void>;
}

/** How long what a client has to do may take, ms. */
export interface EndpointTimeouts {
  /** From the connection to its first bytes. */
  readonly firstBytesMs: number;
  /** From there to the end of the headers, HTTP/1.1. */
  readonly headersMs: number;
  /** From the headers to the end of the body. */
  readonly requestMs: number;
  /** Nothing moves on a connection: it is dead. Subscriptions say something every 5 seconds. */
  readonly idleMs: number;
}

const TIMEOUTS: EndpointTimeouts = { firstBytesMs: 30_000, headersMs: 10_000, requestMs: 60_000, idleMs: 120_000 };
/** How often connections that have become idle are closed once the server closes. */
const DRAIN_INTERVAL_MS = 20;
const HEADER_BYTES_MAX = 32 * 1024;
const CONNECTIONS_MAX = 4096;
const STREAMS_PER_CONNECTION_MAX = 256;
const WINDOW_BYTES = 2 * 1024 * 1024;
const SESSION_MEMORY_MB = 256;

/**
 * Serves the operations as Amazon Kinesis does, over HTTP/1.1, HTTP/2 with prior knowledge, and TLS with either, all on
 * one port. ConfigError when the address cannot be listened on, or lies beyond loopback without credentials.
 */
export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  checkExposure(options);
  const metrics = createMetrics();
  const clock = options.clock ?? Date.now;
  const { credentials, onFault = () => undefined } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const stopping = new AbortController();
  // Every request under way listens.
  setMaxListeners(0, stopping.signal);
  const handle = createHandler({
    exchange: createExchange({
      operations: options.operations,
      verify: credentials === undefined ? null : signatureVerifier(credentials, clock),
      onFault,
    }),
    metrics,
    call: { accountId: options.accountId ?? '000000000000', region: options.region ?? 'us-east-1' },
    requestTimeoutMs: timeouts.requestMs,
    stopping: stopping.signal,
    publicMetrics: isLoopbackHost(options.host),
  });
  const connections = createConnections(handle, options.tls, timeouts);
  const listener = createNet({ noDelay: true }, connections.take);
  listener.maxConnections = CONNECTIONS_MAX;
  const port = await listen(listener, options);
  const scheme = options.tls === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://${isIP(options.host) === 6 ? `[${options.host}]` : options.host}:${port}`,
    port,
    async close(graceMs = 3000) {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      stopping.abort();
      connections.drain();
      const timer = setTimeout(connections.cut, graceMs);
      await closed;
      clearTimeout(timer);
      connections.end();
    },
  };
}

interface Connections {
  take(socket: Socket): void;
  /** Idle ones are closed, busy ones as soon as they are not. */
  drain(): void;
  cut(): void;
  end(): void;
}

function createConnections(
  handle: ReturnType<typeof createHandler>,
  tls: EndpointOptions['tls'],
  timeouts: EndpointTimeouts,
): Connections {
  const sockets = new Set<Socket>();
  /** Those that have not said yet what they speak. */
  const silent = new Set<Socket>();
  const sessions = new Set<Http2Session>();
  let draining: NodeJS.Timeout | undefined;
  const http1 = createHttp1(
    {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      connectionsCheckingInterval: Math.ceil(timeouts.headersMs / 5),
      keepAliveTimeout: timeouts.idleMs,
      maxHeaderSize: HEADER_BYTES_MAX,
    },
    handle,
  );
  http1.timeout = timeouts.idleMs;
  // The server's own look for slow headers begins when it listens; this one is only handed sockets.
  http1.emit('listening');
  const http2 = createHttp2(
    {
      maxSessionMemory: SESSION_MEMORY_MB,
      settings: {
        maxConcurrentStreams: STREAMS_PER_CONNECTION_MAX,
        initialWindowSize: WINDOW_BYTES,
        maxHeaderListSize: HEADER_BYTES_MAX,
        enablePush: false,
      },
    },
    handle,
  );
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
    session.setTimeout(timeouts.idleMs, () => {
      // Says so to a client that is only idle; what does not read is not waited for long.
      session.close();
      setTimeout(() => session.destroy(), timeouts.idleMs / 8).unref();
    });
    session.setLocalWindowSize(WINDOW_BYTES * 8);
  });
  const secure = tls === undefined ? null : secureServer(tls, (socket) => route(socket));
  const route = (socket: TLSSocket) => {
    const server = socket.alpnProtocol === 'h2' ? http2 : http1;
    server.emit('connection', socket);
  };
  return {
    take(socket) {
      sockets.add(socket);
      silent.add(socket);
      socket.once('close', () => {
        sockets.delete(socket);
        silent.delete(socket);
      });
      socket.on('error', () => socket.destroy());
      sniff(socket, timeouts.firstBytesMs, (protocol) => {
        silent.delete(socket);
        const isPlain = protocol !== 'tls';
        if (isPlain ? secure !== null && !isLoopbackAddress(socket.remoteAddress) : secure === null) socket.destroy();
        else if (!isPlain) secure?.emit('connection', socket);
        else (protocol === 'http2' ? http2 : http1).emit('connection', socket);
      });
    },
    drain() {
      for (const socket of silent) socket.destroy();
      http1.closeIdleConnections();
      // One that is busy now would wait for its client's next request once it is not.
      draining = setInterval(() => http1.closeIdleConnections(), DRAIN_INTERVAL_MS);
      for (const session of sessions) session.close();
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    end() {
      clearInterval(draining);
      http1.close();
      http2.close();
    },
  };
}

function secureServer(tls: NonNullable<EndpointOptions['tls']>, route: (socket: TLSSocket) => void): TlsServer {
  try {
    const server = createTls({ ...tls, ALPNProtocols: ['h2', 'http/1.1'], minVersion: 'TLSv1.2' }, route);
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  } catch (error) {
    throw new ConfigError(
      `[log/endpoint] the certificate or its key cannot be used: ${messageOf(error)}; give both in PEM`,
    );
  }
}

function listen(listener: Server, { host, port }: EndpointOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen({ host, port, backlog: 1024 }, () => {
      listener.off('error', reject);
      resolve((listener.address() as AddressInfo).port);
    });
  });
}

/** Beyond loopback, requests carry credentials, and these are checked. */
function checkExposure({ host, credentials }: EndpointOptions): void {
  if (isLoopbackHost(host) || credentials !== undefined) return;
  throw new ConfigError(
    `[log/endpoint] ${host} lies beyond loopback and no credentials are configured; set BEAGLE_KINESIS_ACCESS_KEY_ID and BEAGLE_KINESIS_SECRET_ACCESS_KEY, or listen on 127.0.0.1`,
  );
}
