import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createClient } from './client.ts';

const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

/** Something that takes connections; `onData` may answer. */
async function listen(onData: (socket: Socket, bytes: Buffer) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => onData(socket, bytes));
  });
  servers.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

afterEach(() => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

const API_VERSIONS = 18;
const METADATA = 3;

/** Answers which requests it knows, and nothing else. */
function answerVersions(socket: Socket, bytes: Buffer): void {
  if (bytes.readInt16BE(4) !== API_VERSIONS) return;
  const body = Buffer.alloc(4 + 2 + 4 + 6 + 4);
  bytes.copy(body, 0, 8, 12);
  body.writeInt32BE(1, 6);
  body.writeInt16BE(METADATA, 10);
  body.writeInt16BE(0, 12);
  body.writeInt16BE(5, 14);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  socket.write(Buffer.concat([size, body]));
}

test('brokers at the head of the list that are away do not hide the others', async () => {
  const alive = await listen(answerVersions);
  const client = createClient({ brokers: ['127.0.0.1:1', '127.0.0.1:1', '127.0.0.1:1', alive] });
  let connected = await client.cluster().catch(() => null);
  for (let i = 0; i < 3 && connected === null; i++) connected = await client.cluster().catch(() => null);
  expect(connected).not.toBe(null);
  await connected?.end();
});

test('what waits for an answer when the connection is given up is told, not left until its time is over', async () => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const silent = await listen((socket, bytes) => {
    if (bytes.readInt16BE(4) === METADATA) arrive();
    answerVersions(socket, bytes);
  });
  const { client, end } = await createClient({ brokers: [silent] }).cluster();
  const failed = expect(client.refreshMetadata()).rejects.toThrow('given up');
  await arrived;
  const beganMs = Date.now();
  await end();
  await failed;
  expect(Date.now() - beganMs).toBeLessThan(10_000);
}, 40_000);

test('a broker that takes a connection and says nothing counts as away within ten seconds', async () => {
  const silent = await listen(() => {});
  const beganMs = Date.now();
  await expect(createClient({ brokers: [silent] }).cluster()).rejects.toThrow('no answer within 10 s');
  expect(Date.now() - beganMs).toBeLessThan(15_000);
}, 40_000);
