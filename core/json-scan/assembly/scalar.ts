// Values that are neither object nor array. Each begins at `read` and goes to `write`; false when it is none.
import { BACKSLASH, fail, MALFORMED, put, QUOTE, read, readFrom, write, writeFrom } from './cursor';

const QUOTES = i8x16.splat(0x22);
const BACKSLASHES = i8x16.splat(0x5c);
const CONTROLS = i8x16.splat(0x20);

/** A string (RFC 8259 §7): 16 bytes at a time are copied and looked at for a quote, an escape or a control character. */
export function string(): bool {
  let from = read + 1;
  let to = write + 1;
  store<u8>(write, QUOTE);
  while (true) {
    const bytes = v128.load(from);
    v128.store(to, bytes);
    const stops = v128.or(v128.or(i8x16.eq(bytes, QUOTES), i8x16.eq(bytes, BACKSLASHES)), i8x16.lt_u(bytes, CONTROLS));
    const stop = <usize>ctz(i8x16.bitmask(stops) | 0x10000);
    from += stop;
    to += stop;
    if (stop === 16) continue;
    const byte = <u32>load<u8>(from);
    if (byte === QUOTE) {
      store<u8>(to, QUOTE);
      readFrom(from + 1);
      writeFrom(to + 1);
      return true;
    }
    if (byte !== BACKSLASH) return fail(MALFORMED);
    readFrom(from);
    writeFrom(to);
    if (!escaped()) return false;
    from = read;
    to = write;
  }
}

/** An escape, as JSON.stringify writes its character (ECMA-262 §25.5.4.3, QuoteJSONString). Never longer than it was. */
function escaped(): bool {
  const kind = <u32>load<u8>(read + 1);
  if (kind === 0x75) return unicodeEscape();
  readFrom(read + 2);
  if (kind === 0x2f) {
    put(0x2f);
    return true;
  }
  // " \ b f n r t
  if (
    kind !== QUOTE &&
    kind !== BACKSLASH &&
    kind !== 0x62 &&
    kind !== 0x66 &&
    kind !== 0x6e &&
    kind !== 0x72 &&
    kind !== 0x74
  )
    return fail(MALFORMED);
  put(BACKSLASH);
  put(kind);
  return true;
}

function unicodeEscape(): bool {
  const unit = hex4(read + 2);
  if (unit < 0) return fail(MALFORMED);
  readFrom(read + 6);
  if (unit < 0x20) return putControl(unit);
  if (unit === QUOTE || unit === BACKSLASH) put(BACKSLASH);
  if (unit >= 0xd800 && unit < 0xe000) {
    const low = unit < 0xdc00 && load<u16>(read) === 0x755c ? hex4(read + 2) : -1;
    if (low < 0xdc00 || low >= 0xe000) return putEscaped(unit);
    readFrom(read + 6);
    putUtf8(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
  } else putUtf8(unit);
  return true;
}

/** \b \t \n \f \r have letters, the other control characters have not. */
function putControl(unit: u32): bool {
  let letter: u32 = 0;
  if (unit === 0x08) letter = 0x62;
  else if (unit === 0x09) letter = 0x74;
  else if (unit === 0x0a) letter = 0x6e;
  else if (unit === 0x0c) letter = 0x66;
  else if (unit === 0x0d) letter = 0x72;
  if (letter === 0) return putEscaped(unit);
  put(BACKSLASH);
  put(letter);
  return true;
}

function putEscaped(unit: u32): bool {
  put(BACKSLASH);
  put(0x75);
  for (let shift = 12; shift >= 0; shift -= 4) {
    const digit = (unit >> shift) & 15;
    put(digit < 10 ? 0x30 + digit : 0x57 + digit);
  }
  return true;
}

function putUtf8(point: u32): void {
  if (point < 0x80) {
    put(point);
    return;
  }
  if (point < 0x800) put(0xc0 | (point >> 6));
  else {
    if (point < 0x10000) put(0xe0 | (point >> 12));
    else {
      put(0xf0 | (point >> 18));
      put(0x80 | ((point >> 12) & 63));
    }
    put(0x80 | ((point >> 6) & 63));
  }
  put(0x80 | (point & 63));
}

/** Four hexadecimal digits as a number; negative when they are none. */
function hex4(at: usize): i32 {
  let value = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte = <i32>load<u8>(at + i);
    const letter = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) value = (value << 4) | (byte - 0x30);
    else if (letter >= 0x61 && letter <= 0x66) value = (value << 4) | (letter - 0x57);
    else return -1;
  }
  return value;
}

/** A number (RFC 8259 §6), kept as it was written: 1.0 and 1 differ, so do 2^53 and its neighbours. */
export function number(): bool {
  let at = read;
  if (load<u8>(at) === 0x2d) at++;
  if (load<u8>(at) === 0x30) at++;
  else {
    const first = at;
    at = digits(at);
    if (at === first) return fail(MALFORMED);
  }
  if (load<u8>(at) === 0x2e) {
    const first = ++at;
    at = digits(at);
    if (at === first) return fail(MALFORMED);
  }
  if ((load<u8>(at) | 0x20) === 0x65) {
    const sign = load<u8>(++at);
    if (sign === 0x2b || sign === 0x2d) at++;
    const first = at;
    at = digits(at);
    if (at === first) return fail(MALFORMED);
  }
  for (let from = read; from < at; from++) put(load<u8>(from));
  readFrom(at);
  return true;
}

function digits(at: usize): usize {
  while (<u32>load<u8>(at) - 0x30 < 10) at++;
  return at;
}

/** `word` and `size`: the first four bytes as a little-endian number, and the length. */
export function literal(word: u32, size: usize): bool {
  if (load<u32>(read) !== word || (size === 5 && load<u8>(read + 4) !== 0x65)) return fail(MALFORMED);
  store<u32>(write, word);
  store<u8>(write + 4, 0x65);
  readFrom(read + size);
  writeFrom(write + size);
  return true;
}
