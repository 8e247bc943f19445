import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KinesisClient, ListStreamsCommand, PutRecordsCommand, SubscribeToShardCommand } from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, expect, test, vi } from 'vitest';
import type { Operations } from './exchange.ts';
import { call, send, stubOperations } from './fixture-wire.ts';
import { KinesisError } from './operation.ts';
import { type Endpoint, type EndpointOptions, openEndpoint } from './server.ts';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const open: Endpoint[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((endpoint) => endpoint.close(100)));
});

async function start(options: Partial<EndpointOptions> = {}): Promise<Endpoint> {
  const endpoint = await openEndpoint({ operations: stubOperations(), host: '127.0.0.1', port: 0, ...options });
  open.push(endpoint);
  return endpoint;
}

const clientOf = ({ url }: Endpoint, more: object = {}) =>
  new KinesisClient({ region: 'us-east-1', endpoint: url, credentials: CREDENTIALS, maxAttempts: 1, ...more });

const SUBSCRIPTION = new SubscribeToShardCommand({
  ConsumerARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/c:1',
  ShardId: 'shardId-000000000000',
  StartingPosition: { Type: 'LATEST' },
});
const event = (n: number, bytes = 0) => ({
  SubscribeToShardEvent: {
    Records: bytes === 0 ? [] : [{ Data: Buffer.alloc(bytes), PartitionKey: 'k', SequenceNumber: '1' }],
    ContinuationSequenceNumber: String(n),
    MillisBehindLatest: 0,
  },
});
const subscribing = (events: (signal: AbortSignal) => AsyncIterable<unknown>): Operations =>
  ({
    ...stubOperations(),
    SubscribeToShard: async (_input: unknown, { signal }: { signal: AbortSignal }) => ({ EventStream: events(signal) }),
  }) as unknown as Operations;

const HANDLERS: readonly [string, () => object][] = [
  ['its stock handler (HTTP/2)', () => ({})],
  ['HTTP/1.1', () => ({ requestHandler: new NodeHttpHandler() })],
];

test.each(HANDLERS)("AWS's client calls and subscribes over %s", async (_name, handler) => {
  const endpoint = await start({
    credentials: CREDENTIALS,
    operations: subscribing(async function* () {
      for (let i = 0; i < 3; i++) yield event(i);
      throw new KinesisError('ResourceInUseException', 'enough');
    }),
  });
  const client = clientOf(endpoint, handler());
  expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual(['a']);
  const Records = [
    { Data: new Uint8Array(7), PartitionKey: 'ü' },
    { Data: new Uint8Array(8 * 1024 * 1024), PartitionKey: 'k' },
  ];
  const put = await client.send(new PutRecordsCommand({ StreamName: 's', Records }));
  expect(put.Records?.map(({ SequenceNumber }) => SequenceNumber)).toEqual(['7', '8388608']);
  const seen: unknown[] = [];
  const { EventStream = [] } = await client.send(SUBSCRIPTION);
  await expect(async () => {
    for await (const one of EventStream) seen.push(one.SubscribeToShardEvent?.ContinuationSequenceNumber);
  }).rejects.toMatchObject({ name: 'ResourceInUseException', message: 'enough' });
  expect(seen).toEqual(['0', '1', '2']);
  client.destroy();
});

test.each(HANDLERS)('another secret than the configured one is refused over %s', async (_name, handler) => {
  const endpoint = await start({ credentials: { ...CREDENTIALS, secretAccessKey: 'other' } });
  const client = clientOf(endpoint, handler());
  await expect(client.send(new ListStreamsCommand({}))).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  client.destroy();
});

test('who signs nothing gets nothing parsed where credentials are configured', async () => {
  const endpoint = await start({ credentials: CREDENTIALS });
  const answer = await send(endpoint.port, {
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.ListStreams' },
    body: 'no JSON',
  });
  expect(JSON.parse(answer.body.toString()).__type).toBe('MissingAuthenticationTokenException');
});

test.each(HANDLERS)('a subscription ends when its client goes, over %s', async (_name, handler) => {
  const gone = vi.fn();
  const endpoint = await start({
    operations: subscribing(async function* (signal) {
      signal.addEventListener('abort', gone);
      yield event(0);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    }),
  });
  const client = clientOf(endpoint, handler());
  // The client keeps an abandoned subscription open, even when it is destroyed: it must be aborted.
  const leave = new AbortController();
  const { EventStream = [] } = await client.send(SUBSCRIPTION, { abortSignal: leave.signal });
  const left = (async () => {
    for await (const _one of EventStream) leave.abort();
  })();
  await left.catch((error: Error) => expect(error.name).toMatch(/Abort|Error/));
  client.destroy();
  await vi.waitFor(() => expect(gone).toHaveBeenCalled(), 5000);
  await vi.waitFor(async () => {
    const { body } = await send(endpoint.port, { method: 'GET', path: '/metrics' });
    expect(body.toString()).toContain('beagle_kinesis_subscriptions 0');
  }, 5000);
});

test('a subscriber that reads slowly is not written ahead of', async () => {
  let made = 0;
  const endpoint = await start({
    operations: subscribing(async function* (signal) {
      while (!signal.aborted && made < 1000) yield event(made++, 1 << 20);
    }),
  });
  const body = JSON.stringify({ ...SUBSCRIPTION.input });
  const socket = connect(endpoint.port, '127.0.0.1');
  socket.pause();
  socket.write(
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.SubscribeToShard\r\nAuthorization: AWS4 Credential=a, SignedHeaders=b, Signature=c\r\nX-Amz-Date: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await vi.waitFor(() => expect(made).toBeGreaterThan(0), 5000);
  let before = -1;
  await vi.waitFor(
    () => {
      const stands = made === before;
      before = made;
      expect(stands).toBe(true);
    },
    { timeout: 5000, interval: 200 },
  );
  expect(made).toBeLessThan(100);
  socket.destroy();
});

test('health, readiness and metrics have paths of their own', async () => {
  const endpoint = await start();
  const get = async (path: string) => {
    const { status, body } = await send(endpoint.port, { method: 'GET', path });
    return { status, body: body.toString() };
  };
  expect(await get('/healthz')).toEqual({ status: 200, body: 'ok\n' });
  expect(await get('/readyz')).toEqual({ status: 200, body: 'ready\n' });
  await call(endpoint.port, 'PutRecords', { Records: [{ Data: '', PartitionKey: 'k' }] });
  await call(endpoint.port, 'GetRecords', { ShardIterator: 'x' });
  await call(endpoint.port, 'DeleteStream', { StreamName: 's' });
  const { body } = await get('/metrics');
  expect(body).toContain('beagle_kinesis_requests_total{operation="PutRecords",status="200",error=""} 1');
  expect(body).toContain(
    'beagle_kinesis_requests_total{operation="DeleteStream",status="400",error="ResourceNotFoundException"} 1',
  );
  expect(body).toContain('beagle_kinesis_records_total{direction="in"} 1');
  expect(body).toContain('beagle_kinesis_records_total{direction="out"} 1');
  expect(body).toMatch(/beagle_kinesis_bytes_total\{direction="in"\} [1-9]/);
  expect((await get('/other')).status).toBe(403);
});

test('beyond loopback credentials are needed, and metrics stay here', async () => {
  await expect(openEndpoint({ operations: {}, host: '0.0.0.0', port: 0 })).rejects.toThrow(
    /^\[log\/endpoint\] 0\.0\.0\.0 lies beyond loopback and no credentials are configured; set BEAGLE_KINESIS_ACCESS_KEY_ID/,
  );
  const endpoint = await start({ host: '0.0.0.0', credentials: CREDENTIALS });
  expect((await send(endpoint.port, { method: 'GET', path: '/metrics' })).status).toBe(200);
});

test('a port that is taken is an error', async () => {
  const { port } = await start();
  await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('closing lets what is under way finish and takes nothing new', async () => {
  let finish: (output: object) => void = () => undefined;
  const started = vi.fn();
  const operations = {
    ListStreams: () => {
      started();
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  } as unknown as Operations;
  const endpoint = await start({ operations });
  const client = clientOf(endpoint);
  const answer = client.send(new ListStreamsCommand({}));
  await vi.waitFor(() => expect(started).toHaveBeenCalled());
  const closed = endpoint.close(5000);
  await expect(call(endpoint.port, 'ListStreams', {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  finish({ StreamNames: ['late'], HasMoreStreams: false });
  expect((await answer).StreamNames).toEqual(['late']);
  client.destroy();
  await closed;
});

test('closing ends subscriptions and cuts what does not end', async () => {
  const never = { ListStreams: () => new Promise(() => undefined) } as unknown as Operations;
  const endpoint = await start({
    operations: {
      ...never,
      ...subscribing(async function* (signal) {
        yield event(0);
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      }),
      ListStreams: never.ListStreams as Operations[string],
    },
  });
  const client = clientOf(endpoint);
  const { EventStream = [] } = await client.send(SUBSCRIPTION);
  const seen = (async () => {
    let events = 0;
    for await (const _one of EventStream) events++;
    return events;
  })();
  const cut = call(endpoint.port, 'ListStreams', {}).catch((error: NodeJS.ErrnoException) => error.code);
  await vi.waitFor(async () => {
    const { body } = await send(endpoint.port, { method: 'GET', path: '/metrics' });
    expect(body.toString()).toContain('beagle_kinesis_subscriptions 1');
  });
  const begin = performance.now();
  await endpoint.close(300);
  expect(performance.now() - begin).toBeLessThan(3000);
  expect(await seen).toBe(1);
  expect(await cut).toBe('ECONNRESET');
  client.destroy();
});

test('closing waits for no client that has nothing under way, though it keeps its connection', async () => {
  const endpoint = await start({
    operations: subscribing(async function* (signal) {
      yield event(0);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    }),
  });
  const silent = connect(endpoint.port, '127.0.0.1');
  const client = clientOf(endpoint, { requestHandler: new NodeHttpHandler() });
  const { EventStream } = await client.send(SUBSCRIPTION);
  const events = EventStream?.[Symbol.asyncIterator]();
  await events?.next();
  const begin = performance.now();
  await Promise.all([endpoint.close(10_000), events?.next()]);
  expect(performance.now() - begin).toBeLessThan(5000);
  silent.destroy();
  client.destroy();
});

test('a session that says nothing is told that it ends, and cut when it does not', async () => {
  const endpoint = await start({ timeouts: { idleMs: 80 } });
  const session = connectHttp2(endpoint.url);
  session.on('error', () => undefined);
  const ended = vi.fn();
  session.on('goaway', ended);
  await new Promise((resolve) => session.on('close', resolve));
  expect(ended).toHaveBeenCalled();
});

function certificate(): { cert: string; key: string } | null {
  const folder = mkdtempSync(join(tmpdir(), 'beagle-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    execFileSync(
      process.env.OPENSSL ?? 'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -keyout ${key} -out ${cert}`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const tls = certificate();
const reason = tls === null ? ' (skipped: there is no openssl to make a certificate)' : '';

test.skipIf(tls === null)(`TLS carries HTTP/2, HTTP/1.1 and what has no TLS on one port${reason}`, async () => {
  const endpoint = await start({ tls: tls ?? { cert: '', key: '' } });
  expect(endpoint.url).toMatch(/^https:/);
  for (const requestHandler of [
    new NodeHttpHandler({ httpsAgent: new Agent({ rejectUnauthorized: false }) }),
    new NodeHttp2Handler({ nodeHttp2ConnectOptions: { rejectUnauthorized: false } } as object),
  ]) {
    if (requestHandler instanceof NodeHttp2Handler) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    const client = clientOf(endpoint, { requestHandler });
    const answer = await client
      .send(new ListStreamsCommand({}))
      .finally(() => delete process.env.NODE_TLS_REJECT_UNAUTHORIZED);
    expect(answer.StreamNames).toEqual(['a']);
    client.destroy();
  }
  expect((await call(endpoint.port, 'ListStreams', {})).status).toBe(200);
});

test('a certificate that is none is refused in one line', async () => {
  await expect(start({ tls: { cert: 'x', key: 'y' } })).rejects.toThrow(
    /^\[log\/endpoint\] the certificate or its key cannot be used: .*; give both in PEM$/,
  );
});
