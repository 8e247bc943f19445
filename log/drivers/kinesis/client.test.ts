import { once } from 'node:events';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { createClient } from './client.ts';
import { isPassing, present, translate } from './failure.ts';

const RECORDS_BYTES = 4 * 1024 * 1024;
const SILENCE_MS = 500;

/** What a call, of 4 MiB of records, gives or throws when the server does this with its stream. */
async function errorOf(act: (stream: ServerHttp2Stream) => void): Promise<unknown> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    act(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = { region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, http2: true };
  const client = createClient(connection, SILENCE_MS);
  const Records = [{ Data: new Uint8Array(RECORDS_BYTES), PartitionKey: 'k' }];
  try {
    const command = new PutRecordsCommand({ StreamName: 's', Records });
    return await client.send(command).catch((error: unknown) => error);
  } finally {
    client.destroy();
    for (const session of sessions) session.destroy();
    server.close();
  }
}

/** Half an answer, and then this. */
const halfway = (next: (stream: ServerHttp2Stream) => void, type = 'application/x-amz-json-1.1') =>
  ((stream) => {
    stream.resume().once('end', () => {
      stream.respond({ ':status': 200, 'content-type': type });
      stream.write('{"Records":[{"Sequ', () => next(stream));
    });
  }) satisfies (stream: ServerHttp2Stream) => void;
const NGHTTP2_INTERNAL_ERROR = 2;
const NGHTTP2_REFUSED_STREAM = 7;

test.each<[string, (stream: ServerHttp2Stream) => void]>([
  ['does not answer', () => {}],
  ['stops in the middle of an answer', halfway(() => {})],
  ['refuses the call', (stream) => stream.close(NGHTTP2_REFUSED_STREAM)],
  ['resets while it is being asked', (stream) => stream.once('data', () => stream.close(NGHTTP2_INTERNAL_ERROR))],
  ['resets in the middle of an answer', halfway((stream) => stream.close(NGHTTP2_INTERNAL_ERROR))],
  ['goes away', (stream) => stream.session?.destroy()],
  ['goes away while it is being asked', (stream) => stream.once('data', () => stream.session?.destroy())],
  ['goes away in the middle of an answer', halfway((stream) => setImmediate(() => stream.session?.destroy()))],
])('over HTTP/2, a service that %s can be asked again', async (_, act) => {
  const error = await errorOf(act);
  expect(error).toBeInstanceOf(Error);
  expect([isPassing(error), String(error)]).toEqual([true, expect.any(String)]);
});

test('an answer cut off behind its head looks like an empty one', async () => {
  const answer = await errorOf((stream) => {
    stream.resume().once('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/x-amz-json-1.1' });
      setTimeout(() => stream.close(NGHTTP2_INTERNAL_ERROR), 20);
    });
  });
  expect(answer).not.toBeInstanceOf(Error);
  expect(() => present((answer as { Records?: unknown }).Records, 'records')).toThrow('an answer without records');
});

test('a call refused for this machine’s clock is signed anew by the service’s', async () => {
  const error = await errorOf((stream) => {
    stream.resume().once('end', () => {
      const date = new Date(Date.now() - 3_600_000).toUTCString();
      stream.respond({ ':status': 400, 'content-type': 'application/x-amz-json-1.1', date });
      stream.end('{"__type":"InvalidSignatureException","message":"Signature not yet current"}');
    });
  });
  expect(isPassing(error)).toBe(true);
});

test('what answers with a page is no Kinesis', async () => {
  const error = await errorOf(halfway((stream) => stream.end(), 'text/html'));
  expect(isPassing(error)).toBe(false);
  expect(translate(error, 'append to s').message).toMatch(/check the stream, the region and the endpoint$/);
});
