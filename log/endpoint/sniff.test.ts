import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { protocolOf, sniff, type WireProtocol } from './sniff.ts';

test.each([
  ['', null],
  ['P', null],
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r', null],
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http2'],
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0', 'http2'],
  ['PRI * HTTP/1.1', 'http1'],
  ['POST / HTTP/1.1', 'http1'],
  ['\x16\x03\x01', 'tls'],
  ['\0', 'http1'],
])('%j begins %s', (first, protocol) => {
  expect(protocolOf(Buffer.from(first, 'latin1'))).toBe(protocol);
});

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** What is told of a client that sends these pieces, and what can be read from the socket then. */
function told(
  pieces: readonly string[],
  timeoutMs = 2000,
): Promise<{ protocol: WireProtocol; bytes: string } | 'closed'> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('close', () => resolve('closed'));
      sniff(socket, timeoutMs, (protocol) => {
        let bytes = '';
        socket.on('data', (piece) => {
          bytes += piece.toString('latin1');
          if (bytes.length >= pieces.join('').length) resolve({ protocol, bytes });
        });
      });
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      const client: Socket = connect({ port, noDelay: true }, async () => {
        for (const piece of pieces)
          await new Promise((sent) => client.write(piece, 'latin1', () => setImmediate(sent)));
      });
      client.on('error', () => undefined);
      closers.push(
        () => client.destroy(),
        () => server.close(),
      );
    });
  });
}

test('the bytes looked at are still there for whoever is told', async () => {
  const pieces = ['P', 'RI * HT', 'TP/2.0\r\n\r\nSM\r\n\r\n', 'rest'];
  expect(await told(pieces)).toEqual({ protocol: 'http2', bytes: pieces.join('') });
  expect(await told(['POST / HTTP/1.1\r\n'])).toEqual({ protocol: 'http1', bytes: 'POST / HTTP/1.1\r\n' });
});

test('who does not say enough in time is cut off', async () => {
  expect(await told(['PRI'], 50)).toBe('closed');
});
