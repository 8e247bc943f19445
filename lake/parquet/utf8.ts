import type { ByteBuffer } from './bytes.ts';

/** Up to here a loop over the characters beats a call into the runtime. */
const LOOP_MAX = 48;

/** Appends `[u32 little-endian length][UTF-8]`; a lone surrogate becomes U+FFFD. Gives the number of bytes of UTF-8. */
export function appendString(out: ByteBuffer, text: string): number {
  const length = text.length;
  // A UTF-16 unit takes at most three bytes.
  out.reserve(4 + length * 3);
  const start = out.length + 4;
  const bytes = out.bytes;
  let written = 0;
  if (length <= LOOP_MAX) {
    while (written < length) {
      const unit = text.charCodeAt(written);
      if (unit >= 128) break;
      bytes[start + written++] = unit;
    }
  }
  if (written < length) written = bytes.write(text, start, 'utf8');
  out.setU32(start - 4, written);
  out.length = start + written;
  return written;
}

/** Order of two byte strings, unsigned: for UTF-8 that is the order of code points. */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const shared = Math.min(aEnd - aStart, bEnd - bStart);
  for (let i = 0; i < shared; i++) {
    const difference = (a[aStart + i] as number) - (b[bStart + i] as number);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

/** The first `codePoints` code points of UTF-8 bytes. */
export function prefixOf(bytes: Uint8Array, codePoints: number): Uint8Array {
  let seen = 0;
  for (let i = 0; i < bytes.length; i++) {
    const continues = ((bytes[i] as number) & 0xc0) === 0x80;
    if (!continues && seen++ === codePoints) return bytes.subarray(0, i);
  }
  return bytes;
}

/** The shortest well-formed string above all that begin with `prefix`; undefined when there is none. */
export function successorOf(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.length - 1; last >= 0; last--) {
    const point = points[last] ?? 0;
    if (point === 0x10ffff) continue;
    const next = point === 0xd7ff ? 0xe000 : point + 1;
    return String.fromCodePoint(...points.slice(0, last), next);
  }
  return undefined;
}
