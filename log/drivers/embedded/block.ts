import { crc32 } from 'node:zlib';
import type { AppendRecord, LogRecord, Position } from '../../log.ts';

/*
 * A block is what one flush wrote to one shard, one value of the store. All integers are little-endian.
 *
 *    0  u32  CRC-32 of all that follows
 *    4  u8   version, 1
 *    5  u8   flags: 1 = text is UTF-16, else Latin-1
 *    6  u16  number of distinct apps
 *    8  u32  number of records
 *   12  u32  bytes of metadata
 *   16  f64  counter of the first record
 *   24  f64  arrival of all records, µs
 *   32  metadata: u16 lengths of the apps; per record u16 app (only if there are several), u16 length of source,
 *       u16 length of key; then the text: apps, then source and key of each record. Lengths in UTF-16 units.
 *    …  frames to the end: [u32 length][bytes] per record, without a gap
 */
const VERSION = 1;
const HEADER_BYTES = 32;
const TEXT_UTF16 = 1;
/** Records of a block at most: more than this and a reader of a few would decode too much. */
export const BLOCK_RECORDS_MAX = 16_384;

/** What a block says about itself. */
export interface BlockHeader {
  readonly first: number;
  readonly count: number;
  readonly arrivalUs: number;
}

/** Encodes 1 to BLOCK_RECORDS_MAX records that arrived together; `first` is the counter of the first one. */
export function encodeBlock(records: readonly AppendRecord[], first: number, arrivalUs: number): Buffer {
  const apps = new Map<string, number>();
  let text = '';
  let framesBytes = 0;
  for (const { app, source, key, data } of records) {
    if (!apps.has(app)) apps.set(app, apps.size);
    text += source + key;
    framesBytes += 4 + data.byteLength;
  }
  text = [...apps.keys()].join('') + text;
  const utf16 = !isLatin1(text);
  const lengthsBytes = apps.size * 2 + records.length * (apps.size > 1 ? 6 : 4);
  const metadataBytes = lengthsBytes + text.length * (utf16 ? 2 : 1);
  const block = Buffer.allocUnsafeSlow(HEADER_BYTES + metadataBytes + framesBytes);
  block[4] = VERSION;
  block[5] = utf16 ? TEXT_UTF16 : 0;
  block.writeUInt16LE(apps.size, 6);
  block.writeUInt32LE(records.length, 8);
  block.writeUInt32LE(metadataBytes, 12);
  block.writeDoubleLE(first, 16);
  block.writeDoubleLE(arrivalUs, 24);
  let at = HEADER_BYTES;
  for (const app of apps.keys()) at = block.writeUInt16LE(app.length, at);
  let frameAt = HEADER_BYTES + metadataBytes;
  for (const { app, source, key, data } of records) {
    if (apps.size > 1) at = block.writeUInt16LE(apps.get(app) ?? 0, at);
    at = block.writeUInt16LE(source.length, at);
    at = block.writeUInt16LE(key.length, at);
    frameAt = block.writeUInt32LE(data.byteLength, frameAt);
    block.set(data, frameAt);
    frameAt += data.byteLength;
  }
  block.write(text, at, utf16 ? 'utf16le' : 'latin1');
  block.writeUInt32LE(crc32(block.subarray(4)), 0);
  return block;
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

/** The header of a block without checking the rest; null when there are too few bytes or another version. */
export function readBlockHeader(block: Buffer): BlockHeader | null {
  if (block.length < HEADER_BYTES || block[4] !== VERSION) return null;
  return { first: block.readDoubleLE(16), count: block.readUInt32LE(8), arrivalUs: block.readDoubleLE(24) };
}

/**
 * The records of a block, their data as views of `block`, which must not change any more; null when the checksum
 * or the structure tells that the block is torn or damaged. `positionOf` names the record of a counter.
 */
export function decodeBlock(block: Buffer, positionOf: (counter: number) => Position): LogRecord[] | null {
  const header = readBlockHeader(block);
  if (header === null || block.readUInt32LE(0) !== crc32(block.subarray(4))) return null;
  const { first, count, arrivalUs } = header;
  const appCount = block.readUInt16LE(6);
  const lengthsBytes = appCount * 2 + count * (appCount > 1 ? 6 : 4);
  const framesAt = HEADER_BYTES + block.readUInt32LE(12);
  if (HEADER_BYTES + lengthsBytes > framesAt || framesAt > block.length) return null;
  const encoding = ((block[5] ?? 0) & TEXT_UTF16) !== 0 ? 'utf16le' : 'latin1';
  const text = block.toString(encoding, HEADER_BYTES + lengthsBytes, framesAt);
  const textFrom = HEADER_BYTES + lengthsBytes;
  const unit = encoding === 'latin1' ? 1 : 2;
  const apps: string[] = [];
  let at = HEADER_BYTES;
  let textAt = 0;
  for (let i = 0; i < appCount; i++, at += 2) {
    const end = textAt + block.readUInt16LE(at);
    apps.push(text.slice(textAt, end));
    textAt = end;
  }
  const records = new Array<LogRecord>(count);
  let app = apps[0] ?? '';
  let frameAt = framesAt;
  for (let i = 0; i < count; i++) {
    if (appCount > 1) {
      app = apps[uint16(block, at)] ?? '';
      at += 2;
    }
    const keyAt = textAt + uint16(block, at);
    const end = keyAt + uint16(block, at + 2);
    at += 4;
    const length = block.readUInt32LE(frameAt);
    const data = new Uint8Array(block.buffer, block.byteOffset + frameAt + 4, length);
    frameAt += 4 + length;
    records[i] = {
      app,
      source: text.slice(textAt, keyAt),
      // Read by itself: a slice would keep the whole text alive for as long as somebody remembers the key.
      key: block.toString(encoding, textFrom + keyAt * unit, textFrom + end * unit),
      data,
      position: positionOf(first + i),
      arrivalUs,
    };
    textAt = end;
  }
  return records;
}

function uint16(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
