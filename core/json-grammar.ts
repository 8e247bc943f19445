/** What JSON's grammar (RFC 8259) says of pieces of a text, over its bytes. */

/** Thrown for what is no JSON. */
export const MALFORMED = new Error('not JSON');

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;

/** The place behind the white space at `at`; other control characters are none (RFC 8259, section 2). */
export function behindSpace(from: Uint8Array, at: number): number {
  const byte = from[at];
  if (byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09) return at + 1;
  throw MALFORMED;
}

/** The place behind the string literal at `at`, which has escapes or does not end. */
export function behindString(from: Uint8Array, at: number): number {
  for (let read = at + 1; read < from.length; read++) {
    const byte = from[read] as number;
    if (byte === QUOTE) return read + 1;
    if (byte === BACKSLASH) read++;
  }
  throw MALFORMED;
}

/** The string literal from `at` to before `end` with escapes as JSON.stringify writes them; never longer than it was. */
export function normalString(from: Uint8Array, at: number, end: number): Uint8Array {
  const literal = Buffer.from(from.buffer, from.byteOffset + at, end - at).toString('utf8');
  try {
    return Buffer.from(JSON.stringify(JSON.parse(literal)));
  } catch {
    throw MALFORMED;
  }
}

/** Whether the bytes from `at` to before `end` are a number, true, false or null (RFC 8259, sections 3 and 6). */
export function isScalar(from: Uint8Array, at: number, end: number): boolean {
  const first = from[at] as number;
  if (first > NINE) {
    const literal = first === 0x74 ? 'true' : first === 0x66 ? 'false' : 'null';
    if (end - at !== literal.length) return false;
    for (let i = 0; i < literal.length; i++) if (from[at + i] !== literal.charCodeAt(i)) return false;
    return true;
  }
  let read = at;
  if (first === 0x2d) read++;
  const digits = read;
  read = behindDigits(from, read, end);
  if (read === digits || (from[digits] === ZERO && read - digits > 1)) return false;
  if (read < end && from[read] === 0x2e) {
    const fraction = ++read;
    read = behindDigits(from, read, end);
    if (read === fraction) return false;
  }
  if (read < end && ((from[read] as number) | 0x20) === 0x65) {
    read++;
    if (read < end && (from[read] === 0x2b || from[read] === 0x2d)) read++;
    const exponent = read;
    read = behindDigits(from, read, end);
    if (read === exponent) return false;
  }
  return read === end;
}

function behindDigits(from: Uint8Array, at: number, end: number): number {
  let read = at;
  while (read < end && (from[read] as number) >= ZERO && (from[read] as number) <= NINE) read++;
  return read;
}
