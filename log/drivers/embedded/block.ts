import { crc32 } from 'node:zlib';
import type { AppendRecord, LogRecord, Position } from '../../log.ts';
import type { Change } from './state.ts';

/*
 * A block is what one flush wrote to one shard, or what it changed of the state. Blocks lie one behind the other in a
 * segment file. All integers are little-endian.
 *
 *    0  u32  mark
 *    4  u32  CRC-32 of the header's remaining bytes, begun with the segment's seed
 *    8  u32  CRC-32 of all that follows the header
 *   12  u32  bytes that follow the header
 *   16  u32  where in the file the block lies
 *   20  u32  where in the file the first block of its flush lies
 *   24  f64  number of its flush
 *   32  u8   version, 2
 *   33  u8   kind: 0 = records, 1 = changes of the state, 2 = the whole state
 *   34  u8   flags: 1 = text is UTF-16, else Latin-1; 2 = last block of its flush
 *   35  u8   0
 *   36  u32  stream
 *   40  u32  shard
 *   44  u32  number of records
 *   48  f64  counter of the first record
 *   56  f64  arrival of all records, µs
 *   64  u32  bytes of metadata
 *   68  u16  number of distinct apps
 *   70  u16  0
 *   72  metadata: u16 lengths of the apps; per record u16 app (only if there are several), u16 length of source,
 *       u16 length of key; then the text: apps, then source and key of each record. Lengths in UTF-16 units.
 *    …  frames to the end: [u32 length][bytes] per record, without a gap
 *
 * The seed is random for each segment and unknown to whoever appends, and a block says where it lies: bytes inside a
 * record's data, or left over from another place or file, can never be taken for a block.
 */
export const HEADER_BYTES = 72;
const MARK = 0x4b4c_4742;
/** The first bytes of every block. */
export const MARK_BYTES = Buffer.from([0x42, 0x47, 0x4c, 0x4b]);
const VERSION = 2;
const TEXT_UTF16 = 1;
const LAST_OF_FLUSH = 2;
/** Records of a block at most: more than this and a reader of a few would decode too much. */
export const BLOCK_RECORDS_MAX = 16_384;

/** Units of text from which on V8 makes a view of a slice (String::kMinLength of SlicedString). */
const SLICED_MIN = 13;

export type BlockKind = 'records' | 'changes' | 'state';
const KINDS: readonly BlockKind[] = ['records', 'changes', 'state'];

/** What a block says about itself. */
export interface BlockHeader {
  readonly kind: BlockKind;
  readonly at: number;
  readonly bytes: number;
  readonly flush: number;
  readonly flushAt: number;
  readonly isLast: boolean;
  readonly stream: number;
  readonly shard: number;
  readonly first: number;
  readonly count: number;
  readonly arrivalUs: number;
}

/** Where a block comes to lie. */
export interface BlockPlace {
  readonly seed: number;
  readonly at: number;
  readonly flush: number;
  readonly flushAt: number;
  readonly isLast: boolean;
}

/** The part of a header that the records decide. */
export interface BlockOrigin {
  readonly stream: number;
  readonly shard: number;
  /** Counter of the first record. */
  readonly first: number;
  readonly arrivalUs: number;
}

/**
 * Encodes 1 to BLOCK_RECORDS_MAX records that arrived together; {@link placeBlock} makes it whole. `allocate` gives
 * the block's bytes, whatever is in them.
 */
export function encodeBlock(
  records: readonly AppendRecord[],
  origin: BlockOrigin,
  allocate: (bytes: number) => Buffer = Buffer.allocUnsafeSlow,
): Buffer {
  const apps = appsOf(records);
  let text = '';
  for (const app of apps.keys()) text += app;
  let framesBytes = 0;
  for (const { source, key, data } of records) {
    text += source;
    text += key;
    framesBytes += 4 + data.byteLength;
  }
  const utf16 = !isLatin1(text);
  const lengthsBytes = apps.size * 2 + records.length * (apps.size > 1 ? 6 : 4);
  const metadataBytes = lengthsBytes + text.length * (utf16 ? 2 : 1);
  const block = allocate(HEADER_BYTES + metadataBytes + framesBytes);
  writeOrigin(block, 'records', records.length, origin);
  if (utf16) block[34] = TEXT_UTF16;
  block.writeUInt32LE(metadataBytes, 64);
  block.writeUInt16LE(apps.size, 68);
  let at = HEADER_BYTES;
  for (const app of apps.keys()) at = putUint16(block, at, app.length);
  let frameAt = HEADER_BYTES + metadataBytes;
  for (const { app, source, key, data } of records) {
    if (apps.size > 1) at = putUint16(block, at, apps.get(app) ?? 0);
    at = putUint16(block, at, source.length);
    at = putUint16(block, at, key.length);
    frameAt = block.writeUInt32LE(data.byteLength, frameAt);
    block.set(data, frameAt);
    frameAt += data.byteLength;
  }
  block.write(text, at, utf16 ? 'utf16le' : 'latin1');
  return block;
}

/** The distinct apps, numbered as they come. */
function appsOf(records: readonly AppendRecord[]): ReadonlyMap<string, number> {
  const apps = new Map<string, number>();
  let last: string | null = null;
  for (const { app } of records) {
    // Nearly always the one before.
    if (app === last) continue;
    if (!apps.has(app)) apps.set(app, apps.size);
    last = app;
  }
  return apps;
}

/** Encodes changes of the state: per change [u32 length of key][u32 length of value, or all ones][key][value]. */
export function encodeChanges(changes: readonly Change[], kind: 'changes' | 'state'): Buffer {
  const parts: Buffer[] = [Buffer.alloc(HEADER_BYTES)];
  for (const { key, value } of changes) {
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32LE(key.length, 0);
    lengths.writeUInt32LE(value?.length ?? GONE, 4);
    parts.push(lengths, key, value ?? NOTHING);
  }
  const block = Buffer.concat(parts);
  writeOrigin(block, kind, changes.length, { stream: 0, shard: 0, first: 0, arrivalUs: 0 });
  return block;
}

const GONE = 0xffff_ffff;
const NOTHING = Buffer.alloc(0);

/** The changes of a block whose body {@link isWhole}; the keys and values are views of it. */
export function decodeChanges(block: Buffer, { count }: BlockHeader): Change[] {
  let at = HEADER_BYTES;
  return Array.from({ length: count }, () => {
    const keyAt = at + 8;
    const keyEnd = keyAt + block.readUInt32LE(at);
    const length = block.readUInt32LE(at + 4);
    at = length === GONE ? keyEnd : keyEnd + length;
    return { key: block.subarray(keyAt, keyEnd), value: length === GONE ? null : block.subarray(keyEnd, at) };
  });
}

function writeOrigin(block: Buffer, kind: BlockKind, count: number, origin: BlockOrigin): void {
  block.fill(0, 0, HEADER_BYTES);
  block.writeUInt32LE(MARK, 0);
  block.writeUInt32LE(block.length - HEADER_BYTES, 12);
  block[32] = VERSION;
  block[33] = KINDS.indexOf(kind);
  block.writeUInt32LE(origin.stream, 36);
  block.writeUInt32LE(origin.shard, 40);
  block.writeUInt32LE(count, 44);
  block.writeDoubleLE(origin.first, 48);
  block.writeDoubleLE(origin.arrivalUs, 56);
}

/** Writes into an encoded block where it will lie, and its checksums; gives its header. */
export function placeBlock(block: Buffer, { seed, at, flush, flushAt, isLast }: BlockPlace): BlockHeader {
  block.writeUInt32LE(at, 16);
  block.writeUInt32LE(flushAt, 20);
  block.writeDoubleLE(flush, 24);
  block[34] = ((block[34] ?? 0) & TEXT_UTF16) | (isLast ? LAST_OF_FLUSH : 0);
  block.writeUInt32LE(crc32(block.subarray(HEADER_BYTES)), 8);
  block.writeUInt32LE(crc32(block.subarray(8, HEADER_BYTES), seed), 4);
  return headerOf(block, 0, KINDS[block[33] ?? 0] ?? 'records');
}

/** The header at `offset` of `bytes`, which lies at `at` in a segment with this seed; null when there is none. */
export function readHeader(bytes: Buffer, offset: number, at: number, seed: number): BlockHeader | null {
  if (offset + HEADER_BYTES > bytes.length || bytes.readUInt32LE(offset) !== MARK) return null;
  if (bytes.readUInt32LE(offset + 16) !== at) return null;
  if (bytes.readUInt32LE(offset + 4) !== crc32(bytes.subarray(offset + 8, offset + HEADER_BYTES), seed)) return null;
  const kind = KINDS[bytes[offset + 33] ?? KINDS.length];
  if (bytes[offset + 32] !== VERSION || kind === undefined) return null;
  return headerOf(bytes, offset, kind);
}

function headerOf(bytes: Buffer, offset: number, kind: BlockKind): BlockHeader {
  return {
    kind,
    at: bytes.readUInt32LE(offset + 16),
    bytes: HEADER_BYTES + bytes.readUInt32LE(offset + 12),
    flush: bytes.readDoubleLE(offset + 24),
    flushAt: bytes.readUInt32LE(offset + 20),
    isLast: ((bytes[offset + 34] ?? 0) & LAST_OF_FLUSH) !== 0,
    stream: bytes.readUInt32LE(offset + 36),
    shard: bytes.readUInt32LE(offset + 40),
    count: bytes.readUInt32LE(offset + 44),
    first: bytes.readDoubleLE(offset + 48),
    arrivalUs: bytes.readDoubleLE(offset + 56),
  };
}

/** Whether all of the block is there as it was written. */
export function isWhole(block: Buffer, header: BlockHeader): boolean {
  return block.length === header.bytes && block.readUInt32LE(8) === crc32(block.subarray(HEADER_BYTES));
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

/**
 * The records of a block, their data as views of `block`, which must not change any more; null when the checksum
 * or the structure tells that the block is torn or damaged. `positionOf` names the record of a counter.
 */
export function decodeBlock(
  block: Buffer,
  header: BlockHeader,
  positionOf: (counter: number) => Position,
): LogRecord[] | null {
  if (!isWhole(block, header)) return null;
  const { first, count, arrivalUs } = header;
  const appCount = block.readUInt16LE(68);
  const lengthsBytes = appCount * 2 + count * (appCount > 1 ? 6 : 4);
  const framesAt = HEADER_BYTES + block.readUInt32LE(64);
  if (HEADER_BYTES + lengthsBytes > framesAt || framesAt > block.length) return null;
  const encoding = ((block[34] ?? 0) & TEXT_UTF16) !== 0 ? 'utf16le' : 'latin1';
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
      // Read by itself: a slice would keep the whole text alive for as long as somebody remembers the key. A short one
      // V8 copies anyhow.
      key:
        end - keyAt < SLICED_MIN
          ? text.slice(keyAt, end)
          : block.toString(encoding, textFrom + keyAt * unit, textFrom + end * unit),
      data,
      position: positionOf(first + i),
      arrivalUs,
    };
    textAt = end;
  }
  return records;
}

/** As `writeUInt16LE`, which checks more than two bytes are worth. */
function putUint16(bytes: Buffer, at: number, value: number): number {
  bytes[at] = value;
  bytes[at + 1] = value >> 8;
  return at + 2;
}

function uint16(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
