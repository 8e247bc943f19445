// Where the pass stands, and what ended it. All addresses are places in memory.

/** Why a text has no canonical form; the numbers are those of ../scan.ts. */
export const MALFORMED: i32 = -1;
export const DOUBLED: i32 = -2;
export const TOO_DEEP: i32 = -3;

export const QUOTE: u32 = 0x22;
export const COMMA: u32 = 0x2c;
export const COLON: u32 = 0x3a;
export const OPEN_ARRAY: u32 = 0x5b;
export const BACKSLASH: u32 = 0x5c;
export const CLOSE_ARRAY: u32 = 0x5d;
export const OPEN_OBJECT: u32 = 0x7b;
export const CLOSE_OBJECT: u32 = 0x7d;

/** The next byte to read. Behind the text stands a zero byte, which no token takes. */
export let read: usize = 0;
/** Where the canonical form goes on. */
export let write: usize = 0;
/** Where the text of what is wanted goes on. */
export let wanted: usize = 0;
export let fault: i32 = 0;

export function readFrom(at: usize): void {
  read = at;
}
export function writeFrom(at: usize): void {
  write = at;
}
export function wantFrom(at: usize): void {
  wanted = at;
}

/** Ends the pass; always false, so that a caller can return it. */
export function fail(why: i32): bool {
  fault = why;
  return false;
}

/** RFC 8259 §2: space, tab, line feed, carriage return. */
export function skipSpace(): u32 {
  let byte = <u32>load<u8>(read);
  while (byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09))
    byte = <u32>load<u8>(++read);
  return byte;
}

export function put(byte: u32): void {
  store<u8>(write++, byte);
}

/** Copies 16 bytes at a time, so up to 15 more than asked: behind every region there is room for them. */
export function copy(to: usize, from: usize, length: usize): void {
  for (let done: usize = 0; done < length; done += 16) v128.store(to + done, v128.load(from + done));
}
