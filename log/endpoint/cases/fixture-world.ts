import { Agent, request } from 'node:http';
import { decode, encode, type TagDecoder } from 'cborg';
import { openEmbeddedLog } from '../../drivers/embedded.ts';
import { openKinesisEndpoint } from '../kinesis.ts';
import type { Shape } from '../shapes/index.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any member of an answer.
  readonly body: any;
}

export type Protocol = 'json' | 'cbor';

/** The endpoint over a log in memory, and a second one on the same log where every change takes an hour. */
export interface World {
  call(operation: string, input: unknown, protocol?: Protocol): Promise<Answer>;
  slow(operation: string, input: unknown): Promise<Answer>;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Times are under tag 1. */
const TAGS: Readonly<Record<number, TagDecoder>> = { 1: (content) => content() };
const DATE = '20261122T000000Z';
const CREDENTIAL = 'AKIDEXAMPLE/20261122/us-east-1/kinesis/aws4_request';

export async function openWorld(): Promise<World> {
  const log = await openEmbeddedLog({ ephemeral: true });
  const [fast, slow] = await Promise.all(
    [0, HOUR_MS].map((delayMs) => openKinesisEndpoint(log, { host: '127.0.0.1', port: 0, delayMs })),
  );
  if (fast === undefined || slow === undefined) throw new Error('an endpoint did not open');
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return {
    call: (operation, input, protocol = 'json') => send(agent, fast.port, operation, input, protocol),
    slow: (operation, input) => send(agent, slow.port, operation, input, 'json'),
    async close() {
      agent.destroy();
      await Promise.all([fast.close(100), slow.close(100)]);
      await log.close();
    },
  };
}

function send(agent: Agent, port: number, operation: string, input: unknown, protocol: Protocol): Promise<Answer> {
  const body = protocol === 'json' ? Buffer.from(JSON.stringify(input)) : Buffer.from(encode(input));
  const headers = {
    'content-type': `application/x-amz-${protocol}-1.1`,
    'content-length': body.length,
    'x-amz-target': `Kinesis_20131202.${operation}`,
    'x-amz-date': DATE,
    authorization: `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=host;x-amz-target, Signature=00`,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST', agent, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(pieces);
        const contentType = response.headers['content-type'] ?? '';
        try {
          resolve({ status: response.statusCode ?? 0, contentType, body: read(bytes, protocol) });
        } catch (error) {
          reject(error);
        }
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function read(bytes: Buffer, protocol: Protocol): unknown {
  if (bytes.length === 0) return null;
  return protocol === 'json' ? JSON.parse(bytes.toString()) : decode(bytes, { tags: TAGS });
}

/** An input for JSON as CBOR has it: bytes are bytes. */
export function withBytes(shape: Shape, value: unknown): unknown {
  if (shape.type === 'blob' && typeof value === 'string') return Buffer.from(value, 'base64');
  if (shape.type === 'list' && Array.isArray(value)) return value.map((member) => withBytes(shape.member, member));
  if (shape.type !== 'structure' || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const known = shape.members[name];
      return [name, known === undefined ? member : withBytes(known, member)];
    }),
  );
}
