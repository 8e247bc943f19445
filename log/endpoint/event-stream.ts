import { crc32 } from 'node:zlib';
import type { Codec } from './codec.ts';
import { KinesisError } from './operation.ts';
import type { UnionShape } from './shapes/index.ts';

const HEADER_STRING = 7;
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/**
 * One message of `application/vnd.amazon.eventstream`: total length, headers' length, the CRC-32 of these, the headers
 * (name's length in one byte, name, type 7, value's length in two, value), the payload, the CRC-32 of all before it;
 * integers big-endian. After AWS's description of event stream encoding.
 */
export function frame(headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const parts = Object.entries(headers).flatMap(([name, value]) => {
    const lengths = Buffer.alloc(3);
    lengths.writeUInt8(HEADER_STRING, 0);
    lengths.writeUInt16BE(Buffer.byteLength(value), 1);
    return [Buffer.from([Buffer.byteLength(name)]), Buffer.from(name), lengths, Buffer.from(value)];
  });
  const headersBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const message = Buffer.allocUnsafe(PRELUDE_BYTES + headersBytes + payload.length + CHECKSUM_BYTES);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headersBytes, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  let at = PRELUDE_BYTES;
  for (const part of [...parts, payload]) at += part.copy(message, at);
  message.writeUInt32BE(crc32(message.subarray(0, at)), at);
  return message;
}

/**
 * The messages of a subscription: `initial-response`, then one for each event. An event names its kind by its only
 * member; what the iteration throws becomes a last message that the client raises as an exception.
 */
export async function* eventFrames(
  codec: Codec,
  shape: UnionShape,
  events: AsyncIterable<Readonly<Record<string, unknown>>>,
): AsyncGenerator<Buffer> {
  const writers = new Map(Object.entries(shape.members).map(([name, member]) => [name, codec.writer(member)]));
  const contentType = { ':content-type': codec.contentType };
  const opening = codec.writer({ type: 'structure', name: 'InitialResponse', members: {}, required: [] })({});
  yield frame({ ':event-type': 'initial-response', ...contentType, ':message-type': 'event' }, opening);
  try {
    for await (const event of events) {
      for (const [name, write] of writers) {
        const payload = event[name];
        if (payload === undefined || payload === null) continue;
        const kind: Record<string, string> = name.startsWith('SubscribeTo')
          ? { ':event-type': name, ...contentType, ':message-type': 'event' }
          : { ':exception-type': name, ...contentType, ':message-type': 'exception' };
        yield frame(kind, write(payload));
      }
    }
  } catch (error) {
    const modeled = error instanceof KinesisError && writers.has(error.type);
    const name = modeled ? error.type : 'InternalFailureException';
    const message =
      error instanceof KinesisError ? error.message : 'The subscription has failed because of an unknown error.';
    const write = writers.get(name);
    if (write === undefined) throw error;
    yield frame({ ':exception-type': name, ...contentType, ':message-type': 'exception' }, write({ message }));
  }
}
