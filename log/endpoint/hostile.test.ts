import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, SIGNED, send, sendBytes, stubOperations } from './fixture-wire.ts';
import { type Endpoint, openEndpoint } from './server.ts';

let endpoint: Endpoint;
beforeAll(async () => {
  const timeouts = { firstBytesMs: 300, headersMs: 300, requestMs: 400, idleMs: 2000 };
  endpoint = await openEndpoint({ operations: stubOperations(), host: '127.0.0.1', port: 0, timeouts });
});
afterAll(() => endpoint.close(100));

const head = (target: string, length: number) =>
  `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.${target}\r\nContent-Length: ${length}\r\nAuthorization: ${SIGNED.authorization}\r\nX-Amz-Date: x\r\n\r\n`;

async function stillServes(): Promise<void> {
  expect((await call(endpoint.port, 'ListStreams', {})).status).toBe(200);
}

test.each([
  ['nothing', ''],
  ['a letter', 'P'],
  ['half a preface', 'PRI * HTTP/2.0\r\n'],
  ['half a head', 'POST / HTTP/1.1\r\nHost: x\r\n'],
])('a client that sends %s and waits is cut off', async (_name, bytes) => {
  await sendBytes(endpoint.port, bytes);
  await stillServes();
});

test('a body that never ends is given up with 408', async () => {
  const answer = await sendBytes(endpoint.port, `${head('ListStreams', 100)}{`);
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 /);
  await stillServes();
});

test.each([
  ['a TLS hello without a certificate here', Buffer.from([0x16, 3, 1, 0, 200, 1])],
  ['zeros', Buffer.alloc(5000)],
  ['a preface and garbage', Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.alloc(100, 0xff)])],
  ['a header of a megabyte', Buffer.from(`POST / HTTP/1.1\r\nX: ${'a'.repeat(1 << 20)}\r\n\r\n`)],
  ['two lengths', Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab')],
  [
    'a length and pieces',
    Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
  ],
])('%s does no harm', async (_name, bytes) => {
  await sendBytes(endpoint.port, bytes);
  await stillServes();
});

test('random bytes do no harm', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.boolean(), async (bytes, afterPreface) => {
      const preface = afterPreface ? Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n') : Buffer.alloc(0);
      const socket = connect(endpoint.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await new Promise<void>((resolve) => {
        socket.on('close', () => resolve());
        socket.end(Buffer.concat([preface, bytes]));
        socket.resume();
      });
    }),
    { numRuns: 50 },
  );
  await stillServes();
});

test('a body larger than any operation takes is refused before it is sent', async () => {
  const big = 3 * 1024 * 1024;
  const answer = await send(endpoint.port, {
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.ListStreams',
      ...SIGNED,
    },
    body: Buffer.alloc(big, 0x20),
  }).catch((error: NodeJS.ErrnoException) => error);
  if ('status' in answer) expect(answer.status).toBe(413);
  else expect(['EPIPE', 'ECONNRESET']).toContain(answer.code);
  expect((await sendBytes(endpoint.port, head('PutRecords', 17 * 1024 * 1024))).toString()).toMatch(/^HTTP\/1\.1 413 /);
  expect((await sendBytes(endpoint.port, head('Unknown', 17 * 1024 * 1024))).toString()).toContain(
    'RequestEntityTooLargeException',
  );
  await stillServes();
});

test('a body in pieces that grows too large is refused', async () => {
  const chunked = head('ListStreams', 0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
  const piece = `${(1 << 20).toString(16)}\r\n${' '.repeat(1 << 20)}\r\n`;
  const answer = await sendBytes(endpoint.port, chunked + piece.repeat(3));
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  await stillServes();
});

test('a client that goes in the middle of a body is forgotten', async () => {
  const socket = connect(endpoint.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`${head('PutRecords', 1000)}{"Stream`);
  socket.end();
  await new Promise((resolve) => socket.on('close', resolve).resume());
  await stillServes();
});

test.each([
  ['lists', `{"Limit":${'['.repeat(500_000)}`],
  ['objects', `{"Limit":${'{"a":'.repeat(200_000)}`],
])('JSON of very deep %s is refused at once', async (_name, body) => {
  const answer = await send(endpoint.port, {
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.ListStreams',
      ...SIGNED,
    },
    body,
  });
  expect(JSON.parse(answer.body.toString()).__type).toBe('SerializationException');
});

test('CBOR of very deep lists is refused at once', async () => {
  const answer = await send(endpoint.port, {
    headers: {
      'content-type': 'application/x-amz-cbor-1.1',
      'x-amz-target': 'Kinesis_20131202.ListStreams',
      ...SIGNED,
    },
    body: Buffer.alloc(1 << 20, 0x9f),
  });
  expect(answer.status).toBe(400);
});

test('streams of HTTP/2 that are reset, truncated or too large do no harm', async () => {
  const session = connectHttp2(endpoint.url);
  session.on('error', () => undefined);
  const headers = {
    ':method': 'POST',
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Kinesis_20131202.ListStreams',
    ...SIGNED,
  };
  for (let i = 0; i < 50; i++) {
    const stream = session.request(headers);
    stream.on('error', () => undefined);
    stream.write('{');
    stream.close(8);
  }
  const large = session.request({ ...headers, 'content-length': 3_000_000 });
  large.on('error', () => undefined);
  const status = await new Promise((resolve) => {
    large.on('response', (answer) => resolve(answer[':status']));
    large.on('close', () => resolve(undefined));
  });
  expect(status).toBe(413);
  large.close();
  const slow = session.request(headers);
  slow.on('error', () => undefined);
  slow.write('{');
  expect(await new Promise((resolve) => slow.on('response', (answer) => resolve(answer[':status'])))).toBe(408);
  session.destroy();
  await stillServes();
});

test('names that an object has by itself are tags, targets and members like any other', async () => {
  const answer = await call(endpoint.port, 'ListStreams', JSON.parse('{"__proto__":{"Limit":"x"},"toString":1}'));
  expect(answer.status).toBe(200);
});
