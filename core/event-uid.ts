import { hash } from 'node:crypto';

/**
 * An event's uid: the first 128 bits of SHA-256 over app, native id (if any) and content, in hexadecimal.
 * `content` is the canonical JSON where there is one, else the raw bytes. Vendors reuse ids for different
 * events, so an id alone would lose some; and 128 bits keep two events from being forged alike (2^64 work).
 */
export function eventUid(app: string, nativeId: string | null, content: Uint8Array): string {
  const size = buffer.write(`${app}\n${nativeId ?? ''}\n`, 0, HEAD_BYTES_MAX);
  if (size + content.byteLength > buffer.length) buffer = grown(size + content.byteLength);
  buffer.set(content, size);
  return hash('sha256', buffer.subarray(0, size + content.byteLength), 'hex').slice(0, 32);
}

/** An id is cut beyond this: the content tells such events apart. */
const HEAD_BYTES_MAX = 4096;
// One buffer for all events: the hash wants its input in one piece.
let buffer = Buffer.alloc(64 * 1024);

function grown(size: number): Buffer<ArrayBuffer> {
  const wider = Buffer.alloc(size * 2);
  buffer.copy(wider, 0, 0, HEAD_BYTES_MAX);
  return wider;
}
