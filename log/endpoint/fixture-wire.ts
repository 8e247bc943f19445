import { request as http1Request } from 'node:http';
import { connect } from 'node:net';
import type { Operations } from './exchange.ts';
import { KinesisError } from './operation.ts';

/** What tests of the wire call: operations that answer at once, and one of each way to fail. */
export function stubOperations(): Operations {
  return {
    ListStreams: async () => ({ StreamNames: ['a'], HasMoreStreams: false }),
    PutRecord: async ({ Data }: { Data: Uint8Array }) => ({
      ShardId: 'shardId-000000000000',
      SequenceNumber: String(Data.length),
    }),
    PutRecords: async ({ Records }: { Records: { Data: Uint8Array }[] }) => ({
      FailedRecordCount: 0,
      Records: Records.map(({ Data }) => ({ SequenceNumber: String(Data.length), ShardId: 'shardId-000000000000' })),
    }),
    GetRecords: async (_input: unknown, { region }: { region: string }) => ({
      Records: [
        { SequenceNumber: '1', Data: Buffer.from(region), PartitionKey: 'k', ApproximateArrivalTimestamp: new Date(5) },
      ],
      MillisBehindLatest: 0,
    }),
    DeleteStream: async ({ StreamName }: { StreamName: string }) => {
      throw new KinesisError('ResourceNotFoundException', `Stream ${StreamName} under account 000000000000 not found.`);
    },
    CreateStream: async () => {
      throw new Error('the disk /secret is full');
    },
    DescribeLimits: async () => undefined,
  } as unknown as Operations;
}

export const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=a/20261122/eu-west-3/kinesis/aws4_request, SignedHeaders=host;x-amz-target, Signature=b',
  'x-amz-date': '20261122T000000Z',
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** One request over HTTP/1.1. */
export function send(
  port: number,
  {
    method = 'POST',
    path = '/',
    headers = {},
    body,
  }: {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
  },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http1Request({ port, method, path, headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A call in JSON 1.1, signed with anything. */
export function call(port: number, operation: string, input: unknown): Promise<Answer> {
  return send(port, {
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${operation}`,
      ...SIGNED,
    },
    body: JSON.stringify(input),
  });
}

/** Sends bytes over a socket of its own; resolves with all that came when the other side closes. */
export function sendBytes(port: number, bytes: Buffer | string): Promise<Buffer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (piece) => pieces.push(piece));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(pieces)));
  });
}
