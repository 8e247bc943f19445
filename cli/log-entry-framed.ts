import { crc32 } from 'node:zlib';
import { RECORD_BYTES_MAX } from '../log/index.ts';
import { checked, type Entry, type EntryCodec, endSchema, headerIn } from './log-entry.ts';

/**
 * The framed form, all numbers little-endian:
 *
 *     file    magic "BGLLOG1\n", then frames
 *     frame   u32 length of the payload, u32 CRC-32 of the payload (zlib's), payload
 *     payload u8 kind: 1 header, 3 end: JSON in UTF-8, as in NDJSON
 *                      2 record: u64 arrival µs, then shard, position, app, source, key each as u16 length and UTF-8,
 *                      then the data to the end of the frame
 *
 * The magic belongs to the header's frame.
 */
export const MAGIC = Buffer.from('BGLLOG1\n');
const HEAD = 8;
const KIND = { header: 1, record: 2, end: 3 } as const;
const FRAME_BYTES_MAX = RECORD_BYTES_MAX + 1024 * 1024;

export const framedCodec: EntryCodec = {
  encode(entry) {
    const payload = payloadOf(entry);
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(payload.length, 0);
    head.writeUInt32LE(crc32(payload), 4);
    return Buffer.concat(entry.kind === 'header' ? [MAGIC, head, payload] : [head, payload]);
  },
  decode(bytes, at) {
    const from = bytes.subarray(at, at + MAGIC.length).equals(MAGIC) ? at + MAGIC.length : at;
    if (bytes.length - from < HEAD) return null;
    const length = bytes.readUInt32LE(from);
    if (length === 0 || length > FRAME_BYTES_MAX) throw new Error(`a frame says that it has ${length} bytes`);
    const end = from + HEAD + length;
    if (bytes.length < end) return null;
    const payload = bytes.subarray(from + HEAD, end);
    if (crc32(payload) !== bytes.readUInt32LE(from + 4)) throw new Error('a frame does not match its checksum');
    return { entry: entryOf(payload), end };
  },
};

function payloadOf(entry: Entry): Buffer {
  if (entry.kind !== 'record') {
    const document = entry.kind === 'header' ? entry.header : { end: true, records: entry.records };
    return Buffer.concat([Buffer.from([KIND[entry.kind]]), Buffer.from(JSON.stringify(document))]);
  }
  const { shardId, position, arrivalUs, app, source, key, data } = entry.record;
  const head = Buffer.alloc(9);
  head[0] = KIND.record;
  head.writeBigUInt64LE(BigInt(arrivalUs), 1);
  const parts: Uint8Array[] = [head];
  for (const text of [shardId, position, app, source, key]) {
    const bytes = Buffer.from(text);
    const size = Buffer.alloc(2);
    size.writeUInt16LE(bytes.length);
    parts.push(size, bytes);
  }
  return Buffer.concat([...parts, data]);
}

function entryOf(payload: Buffer): Entry {
  const kind = payload[0];
  if (kind === KIND.header) return { kind: 'header', header: headerIn(JSON.parse(textOf(payload))) };
  if (kind === KIND.end) return { kind: 'end', records: checked(endSchema, JSON.parse(textOf(payload))).records };
  if (kind !== KIND.record) throw new Error(`a frame is of the unknown kind ${kind}`);
  const arrivalUs = Number(payload.readBigUInt64LE(1));
  let at = 9;
  const text = () => {
    const length = payload.readUInt16LE(at);
    at += 2 + length;
    if (at > payload.length) throw new Error('a frame ends within a text');
    return payload.toString('utf8', at - length, at);
  };
  const [shardId, position, app, source, key] = [text(), text(), text(), text(), text()];
  // A copy: the buffer that is read into is used again.
  const data = Buffer.from(payload.subarray(at));
  return { kind: 'record', record: { shardId, position, app, source, key, arrivalUs, data } };
}

const textOf = (payload: Buffer) => payload.toString('utf8', 1);
