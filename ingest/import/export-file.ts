import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ConfigError, messageOf, spanAt, tokensOf } from '../../core/index.ts';
import { RECORD_BYTES_MAX } from '../../log/index.ts';
import { type Slice, splitterFor } from './split.ts';

const CHUNK_BYTES = 1024 * 1024;
const HEAD_BYTES = 4096;
const BLOCK_BYTES = 256 * 1024;
const BLOCKS_MAX = 8;

/** A native export, split into its events, each of which can be read again. */
export interface ExportFile {
  readonly path: string;
  /** SHA-256 of the content, unpacked, hexadecimal. */
  readonly hash: string;
  readonly slices: readonly Slice[];
  /** The bytes of an event, at most RECORD_BYTES_MAX of them; `isCut` when there are more. */
  read(index: number): Promise<{ bytes: Uint8Array; isCut: boolean }>;
  close(): Promise<void>;
}

/** Opens an export (NDJSON, a JSON array, {"Records":[…]}, each also as .gz). ConfigError when it cannot be read. */
export async function openExport(path: string): Promise<ExportFile> {
  const folder = path.endsWith('.gz') ? await mkdtemp(join(tmpdir(), 'beagle-import-')) : null;
  const release = async () => {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  };
  let file: FileHandle | null = null;
  try {
    const plain = folder === null ? path : join(folder, 'export');
    if (folder !== null)
      await pipeline(createReadStream(path), createGunzip(), createWriteStream(plain, { mode: 0o600 }));
    file = await open(plain);
    const opened = file;
    const { hash, slices } = await split(opened);
    const read = createBlockReader(opened);
    return {
      path,
      hash,
      slices,
      async read(index) {
        const { offset, length } = slices[index] as Slice;
        return { bytes: await read(offset, Math.min(length, RECORD_BYTES_MAX)), isCut: length > RECORD_BYTES_MAX };
      },
      async close() {
        await opened.close();
        await release();
      },
    };
  } catch (error) {
    await file?.close();
    await release();
    throw new ConfigError(`[import] cannot read ${path}: ${messageOf(error)}; check the file and its name`);
  }
}

/**
 * Reads by blocks and keeps a few of them: events are read in the order of time, which is nearly the file's or its
 * reverse, and a call for each event would take longer than all the rest. What it gives is a copy.
 */
function createBlockReader(file: FileHandle): (offset: number, length: number) => Promise<Uint8Array> {
  const blocks = new Map<number, Buffer>();
  const readAt = async (offset: number, length: number) => {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  };
  return async (offset, length) => {
    const number = Math.floor(offset / BLOCK_BYTES);
    const within = offset - number * BLOCK_BYTES;
    if (within + length > BLOCK_BYTES) return readAt(offset, length);
    const block = blocks.get(number) ?? (await readAt(number * BLOCK_BYTES, BLOCK_BYTES));
    blocks.delete(number);
    blocks.set(number, block);
    const [oldest] = blocks.keys();
    if (blocks.size > BLOCKS_MAX && oldest !== undefined) blocks.delete(oldest);
    return Uint8Array.prototype.slice.call(block, within, within + length);
  };
}

async function split(file: FileHandle): Promise<{ hash: string; slices: Slice[] }> {
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
  const splitter = splitterFor(head.subarray(0, bytesRead));
  const hash = createHash('sha256');
  const slices: Slice[] = [];
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let at = 0; ; ) {
    const { bytesRead: length } = await file.read(chunk, 0, CHUNK_BYTES, at);
    if (length === 0) break;
    hash.update(chunk.subarray(0, length));
    for (const slice of splitter.push(chunk.subarray(0, length))) slices.push(slice);
    at += length;
  }
  slices.push(...splitter.end());
  return { hash: hash.digest('hex'), slices };
}

/** The tokens of a JSON pointer (RFC 6901), as the bytes of their UTF-8 would read in Latin-1. */
export function pointerPath(pointer: string): string[] {
  return tokensOf(pointer).map((token) => Buffer.from(token).toString('latin1'));
}

/** The native event inside a line, untouched; the whole line when there is nothing at the pointer. */
export function nativeBytes(line: Uint8Array, path: readonly string[]): Uint8Array {
  if (path.length === 0) return line;
  // Latin-1 keeps one character a byte, so that spans of text are spans of bytes whatever the bytes are.
  const span = spanAt(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('latin1'), path);
  return span === null ? line : line.subarray(span.start, span.end);
}
