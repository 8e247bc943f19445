import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { BodyBudget, OTHER_BODY_BYTES_MAX, PUT_BODY_BYTES_MAX, readBody } from './body.ts';
import { type CallFrom, operationOf, type Reply } from './exchange.ts';
import { JSON_CODEC } from './json-codec.ts';
import { isLoopbackAddress } from './loopback.ts';
import type { EndpointMetrics } from './metrics.ts';
import { type Call, KinesisError } from './operation.ts';
import { Presence, PresentCall } from './presence.ts';
import { type WireRequest, wireRequest } from './request.ts';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

export interface HandlerOptions {
  readonly exchange: (request: WireRequest, callFrom: CallFrom) => Promise<Reply>;
  readonly metrics: EndpointMetrics;
  readonly call: Omit<Call, 'signal'>;
  readonly requestTimeoutMs: number;
  /** Aborted when the server closes. */
  readonly stopping: AbortSignal;
  /** Whether anybody who can connect may read the metrics; otherwise only clients on loopback. */
  readonly publicMetrics: boolean;
}

/** A refused body is still taken for so long, unread, so that its sender gets to see the answer. */
const LINGER_MS = 1000;

/** What HTTP/1.1 and HTTP/2 servers call for each request. */
export function createHandler(options: HandlerOptions): (request: Request, response: Response) => void {
  const budget = new BodyBudget();
  return (request, response) => {
    // A fault of the connection ends what is under way by its 'close'.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const monitored = request.method === 'GET' && monitorReply(request, options);
    const served = monitored
      ? monitored.then((reply) => void end(response, reply))
      : serve(request, response, options, budget);
    // Whoever asked has gone: there is nobody to be answered.
    served.catch(() => response.destroy());
  };
}

async function serve(request: Request, response: Response, options: HandlerOptions, budget: BodyBudget): Promise<void> {
  const start = process.hrtime.bigint();
  const presence = new Presence(response, options.stopping);
  try {
    const callFrom = (region: string | null) => new PresentCall(options.call, region, presence);
    const { reply, bytesIn } = await replyTo(request, options, budget, callFrom);
    if (reply.frames === null) end(response, reply);
    else await stream(response, reply, reply.frames, presence.signal, options.metrics);
    options.metrics.count(reply, Number(process.hrtime.bigint() - start) / 1e9, bytesIn);
  } finally {
    presence.forget();
  }
}

/** Reads the body and answers; what cannot be read is answered as well, unless the client has gone: then it throws. */
async function replyTo(
  request: Request,
  options: HandlerOptions,
  budget: BodyBudget,
  callFrom: CallFrom,
): Promise<{ readonly reply: Reply; readonly bytesIn: number }> {
  const target = operationOf(request.headers['x-amz-target'] as string | undefined);
  const bytesMax = target === 'PutRecord' || target === 'PutRecords' ? PUT_BODY_BYTES_MAX : OTHER_BODY_BYTES_MAX;
  try {
    const { body, release } = await readBody(request, bytesMax, options.requestTimeoutMs, budget);
    const answering = options.exchange(wireRequest(request, body), callFrom);
    return { reply: await answering.finally(release), bytesIn: body.length };
  } catch (error) {
    if (!(error instanceof KinesisError)) throw error;
    request.resume();
    setTimeout(() => request.destroy(), LINGER_MS).unref();
    return { reply: refusal(error, request.httpVersionMajor === 1), bytesIn: 0 };
  }
}

/** What both versions of HTTP offer alike; their declarations differ in what is not used here. */
interface Sink {
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  write(bytes: Uint8Array): boolean;
  end(bytes?: Uint8Array): unknown;
  once(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
}

function end(response: Response, { status, headers, body }: Pick<Reply, 'status' | 'headers' | 'body'>): void {
  const sink = response as Sink;
  sink.writeHead(status, { ...headers, 'content-length': body.length });
  sink.end(body);
}

/** Writes frames as fast as the client takes them, until there are no more or nobody reads them. */
async function stream(
  response: Response,
  { status, headers }: Reply,
  frames: AsyncIterable<Buffer>,
  gone: AbortSignal,
  metrics: EndpointMetrics,
): Promise<void> {
  const sink = response as Sink;
  sink.writeHead(status, headers);
  metrics.subscribed(1);
  try {
    for await (const frame of frames) {
      if (gone.aborted) break;
      metrics.countFrame(frame.length);
      if (!sink.write(frame)) await drained(sink, gone);
    }
  } finally {
    metrics.subscribed(-1);
  }
  sink.end();
}

function drained(sink: Sink, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      sink.off('drain', done);
      sink.off('close', done);
      gone.removeEventListener('abort', done);
      resolve();
    };
    sink.once('drain', done);
    sink.once('close', done);
    gone.addEventListener('abort', done, { once: true });
  });
}

/** The answer to a request whose body was not taken whole. */
function refusal({ type, message, status }: KinesisError, http1: boolean): Reply {
  return {
    status,
    headers: { 'content-type': JSON_CODEC.contentType, ...(http1 ? { connection: 'close' } : {}) },
    body: JSON_CODEC.error(type, message),
    frames: null,
    operation: 'unknown',
    fault: type,
    recordsIn: 0,
    recordsOut: 0,
  };
}

/** `/healthz`: the process answers. `/readyz`: it takes calls. `/metrics`: Prometheus's text. Null for other paths. */
function monitorReply(
  request: Request,
  { metrics, publicMetrics, stopping }: HandlerOptions,
): Promise<Pick<Reply, 'status' | 'headers' | 'body'>> | null {
  const text = (status: number, body: string, contentType = 'text/plain; charset=utf-8') => ({
    status,
    headers: { 'content-type': contentType },
    body: Buffer.from(body),
  });
  switch (request.url) {
    case '/healthz':
      return Promise.resolve(text(200, 'ok\n'));
    case '/readyz':
      return Promise.resolve(stopping.aborted ? text(503, 'closing\n') : text(200, 'ready\n'));
    case '/metrics':
      if (!publicMetrics && !isLoopbackAddress(request.socket.remoteAddress))
        return Promise.resolve(text(403, 'metrics are for clients on loopback\n'));
      return metrics.text().then((body) => text(200, body, metrics.contentType));
    default:
      return null;
  }
}
