import { EventStreamCodec } from '@smithy/core/event-streams';
import { expect, test } from 'vitest';
import { CBOR_CODEC } from './cbor-codec.ts';
import { decodeCbor } from './cbor-decode.ts';
import type { Codec } from './codec.ts';
import { eventFrames, frame } from './event-stream.ts';
import { JSON_CODEC } from './json-codec.ts';
import { KinesisError } from './operation.ts';
import { OPERATIONS, type UnionShape } from './shapes/index.ts';

const independent = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);
const shape = OPERATIONS.SubscribeToShard.output.members.EventStream as UnionShape;

async function* events(last?: Error): AsyncGenerator<Readonly<Record<string, unknown>>> {
  yield {
    SubscribeToShardEvent: {
      Records: [{ Data: new Uint8Array([1, 2]), PartitionKey: 'ü', SequenceNumber: '5' }],
      ContinuationSequenceNumber: '5',
      MillisBehindLatest: 0,
    },
  };
  if (last !== undefined) throw last;
}

async function received(codec: Codec, last?: Error) {
  const messages: { kind: Record<string, unknown>; body: Buffer }[] = [];
  for await (const bytes of eventFrames(codec, shape, events(last))) {
    const { headers, body } = independent.decode(bytes);
    const kind = Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value]));
    messages.push({ kind, body: Buffer.from(body) });
  }
  return messages;
}

test.each([
  ['JSON', JSON_CODEC, (body: Buffer) => JSON.parse(body.toString())],
  ['CBOR', CBOR_CODEC, decodeCbor],
])("%s events are read by AWS's own decoder", async (_name, codec, parse) => {
  const [opening, event, ...rest] = await received(codec);
  expect(opening?.kind).toEqual({
    ':event-type': 'initial-response',
    ':content-type': codec.contentType,
    ':message-type': 'event',
  });
  expect(parse(opening?.body ?? Buffer.alloc(0))).toEqual({});
  expect(event?.kind).toEqual({
    ':event-type': 'SubscribeToShardEvent',
    ':content-type': codec.contentType,
    ':message-type': 'event',
  });
  const read = parse(event?.body ?? Buffer.alloc(0)) as {
    Records: { PartitionKey: string }[];
    MillisBehindLatest: number;
  };
  expect(read.Records[0]?.PartitionKey).toBe('ü');
  expect(read.MillisBehindLatest).toBe(0);
  expect(rest).toEqual([]);
});

test.each([
  [new KinesisError('ResourceNotFoundException', 'gone'), 'ResourceNotFoundException', 'gone'],
  [new KinesisError('UnheardOfException', 'what'), 'InternalFailureException', 'what'],
  [new Error('/etc/secret'), 'InternalFailureException', 'The subscription has failed because of an unknown error.'],
])('%s ends the stream as an exception', async (error, type, message) => {
  const last = (await received(JSON_CODEC, error)).at(-1);
  expect(last?.kind).toEqual({
    ':exception-type': type,
    ':content-type': JSON_CODEC.contentType,
    ':message-type': 'exception',
  });
  expect(JSON.parse(last?.body.toString() ?? '')).toEqual({ message });
});

test("our frames are AWS's encoder's, byte by byte", () => {
  const headers = { ':event-type': 'X', ':content-type': 'application/json', ':message-type': 'event' };
  const typed = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }]),
  );
  for (const body of ['', '{}', 'x'.repeat(70_000)]) {
    const bytes = Buffer.from(body);
    expect(frame(headers, bytes).equals(independent.encode({ headers: typed, body: bytes }))).toBe(true);
  }
});
