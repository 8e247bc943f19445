import type { FileHandle } from 'node:fs/promises';
import { messageOf } from '../core/index.ts';
import { type Entry, type EntryCodec, OtherVersion } from './log-entry.ts';
import { framedCodec, MAGIC } from './log-entry-framed.ts';
import { ndjsonCodec } from './log-entry-ndjson.ts';

const READ_BYTES = 1024 * 1024;

/** The bytes from `offset` on are no entry, or the file ends within one. */
export class DamagedFile extends Error {
  readonly offset: number;
  readonly why: string;
  constructor(offset: number, why: string) {
    // What stands in a file must not steer a terminal.
    const shown = why.replace(/[\p{Cc}\uFFFD]+/gu, ' ');
    super(`damaged at byte ${offset}: ${shown}`);
    this.offset = offset;
    this.why = shown;
  }
}

export interface FileEntry {
  readonly entry: Entry;
  /** Where the next entry begins, bytes. */
  readonly end: number;
}

/** Which form a file has, by its first bytes; throws OtherVersion where they are those of another. */
export async function codecOf(file: FileHandle): Promise<EntryCodec> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
  const head = buffer.subarray(0, bytesRead);
  if (head.equals(MAGIC)) return framedCodec;
  const [, version] = /^BGLLOG(\d)/.exec(head.toString('latin1')) ?? [];
  if (version !== undefined) throw new OtherVersion(version);
  return ndjsonCodec;
}

/**
 * Every entry of an export, in order; holds one entry at a time, whatever the size of the file. Throws DamagedFile where
 * the bytes are none, OtherVersion where its header is of another. `onBytes` is given every piece of the file as it is read.
 */
export async function* entriesOf(file: FileHandle, onBytes?: (bytes: Uint8Array) => void): AsyncGenerator<FileEntry> {
  const codec = await codecOf(file);
  let held: Buffer = Buffer.alloc(0);
  let heldAt = 0;
  let at = 0;
  for (;;) {
    let next: ReturnType<EntryCodec['decode']>;
    try {
      next = codec.decode(held, at);
    } catch (error) {
      if (error instanceof OtherVersion) throw error;
      throw new DamagedFile(heldAt + at, messageOf(error));
    }
    if (next !== null) {
      at = next.end;
      yield { entry: next.entry, end: heldAt + at };
      continue;
    }
    const position = heldAt + held.length;
    // Doubling keeps one large entry from being copied once a piece.
    const size = Math.max(READ_BYTES, held.length - at);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, position);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    onBytes?.(piece);
    held = Buffer.concat([held.subarray(at), piece]);
    heldAt += at;
    at = 0;
  }
  if (at < held.length) throw new DamagedFile(heldAt + at, 'the file ends within an entry');
}
