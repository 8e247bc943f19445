// One pass over a JSON text (RFC 8259), for ../scan.ts: checks it, writes its canonical form, and copies what is wanted
// of it. AssemblyScript, compiled to WebAssembly, since JavaScript has no instruction that looks at 16 bytes at once.
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  copy,
  fail,
  fault,
  MALFORMED,
  OPEN_ARRAY,
  OPEN_OBJECT,
  put,
  QUOTE,
  read,
  readFrom,
  skipSpace,
  TOO_DEEP,
  wanted,
  wantFrom,
  write,
  writeFrom,
} from './cursor';
import { compareNames, endMember, noteMember, placeMembers, reorder } from './members';
import { literal, number, string } from './scalar';
import { NOTHING, WHOLE, wantedOf } from './wanted';

let textAt: usize = 0;
let canonicalAt: usize = 0;
let wantedAt: usize = 0;
let depthMax: i32 = 0;
/** The members of the objects that are open. */
let members: i32 = 0;

/** Where everything stands: each region has room as ../scan.ts says. */
export function layOut(
  text: usize,
  canonical: usize,
  wantedText: usize,
  entries: usize,
  order: usize,
  depth: i32,
): void {
  textAt = text;
  canonicalAt = canonical;
  wantedAt = wantedText;
  placeMembers(entries, order);
  depthMax = depth;
}

/** Passes over `length` bytes; gives the length of the canonical form, or why there is none. `node`: what is wanted. */
export function scan(length: usize, node: usize): i32 {
  store<u64>(textAt + length, 0);
  readFrom(textAt);
  writeFrom(canonicalAt);
  wantFrom(wantedAt);
  members = 0;
  skipSpace();
  if (!value(0, node)) return fault;
  skipSpace();
  if (read !== textAt + length) return MALFORMED;
  return <i32>(write - canonicalAt);
}

/** The length of the text of what was wanted. */
export function wantedLength(): i32 {
  return <i32>(wanted - wantedAt);
}

/** The value at `read`. What is wanted of it is copied as it stands in the text, if it has any members or elements. */
function value(depth: i32, node: usize): bool {
  const begin = read;
  const byte = <u32>load<u8>(begin);
  let isGood: bool;
  if (byte === QUOTE) isGood = string();
  else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
    if (depth === depthMax) return fail(TOO_DEEP);
    const inside = node > WHOLE ? node : NOTHING;
    isGood = byte === OPEN_OBJECT ? object(depth + 1, inside) : array(depth + 1, inside);
    if (inside !== NOTHING) return isGood;
  } else if (byte === 0x74) isGood = literal(0x65757274, 4);
  else if (byte === 0x66) isGood = literal(0x736c6166, 5);
  else if (byte === 0x6e) isGood = literal(0x6c6c756e, 4);
  else isGood = number();
  if (isGood && node !== NOTHING) want(begin, read);
  return isGood;
}

function want(begin: usize, end: usize): void {
  copy(wanted, begin, end - begin);
  wantFrom(wanted + (end - begin));
}

function wantByte(byte: u32): void {
  store<u8>(wanted, byte);
  wantFrom(wanted + 1);
}

function array(depth: i32, node: usize): bool {
  readFrom(read + 1);
  put(OPEN_ARRAY);
  if (node !== NOTHING) wantByte(OPEN_ARRAY);
  let byte = skipSpace();
  if (byte !== CLOSE_ARRAY) {
    while (true) {
      if (!value(depth, node)) return false;
      byte = skipSpace();
      if (byte !== COMMA) break;
      readFrom(read + 1);
      put(COMMA);
      if (node !== NOTHING) wantByte(COMMA);
      skipSpace();
    }
  }
  if (byte !== CLOSE_ARRAY) return fail(MALFORMED);
  readFrom(read + 1);
  put(CLOSE_ARRAY);
  if (node !== NOTHING) wantByte(CLOSE_ARRAY);
  return true;
}

function object(depth: i32, node: usize): bool {
  const first = members;
  let isInOrder = true;
  let isFirstWanted = true;
  readFrom(read + 1);
  put(OPEN_OBJECT);
  if (node !== NOTHING) wantByte(OPEN_OBJECT);
  let byte = skipSpace();
  if (byte !== CLOSE_OBJECT) {
    while (true) {
      if (byte !== QUOTE) return fail(MALFORMED);
      const begin = write;
      const nameAt = read;
      if (!string()) return false;
      const member = members++;
      noteMember(member, begin, write);
      if (member > first && isInOrder) isInOrder = compareNames(member - 1, member) < 0;
      let child = NOTHING;
      if (node !== NOTHING) {
        child = wantedOf(node, begin + 1, write - 1);
        if (child !== NOTHING) {
          if (!isFirstWanted) wantByte(COMMA);
          isFirstWanted = false;
          want(nameAt, read);
          wantByte(COLON);
        }
      }
      if (skipSpace() !== COLON) return fail(MALFORMED);
      readFrom(read + 1);
      put(COLON);
      skipSpace();
      if (!value(depth, child)) return false;
      endMember(member);
      byte = skipSpace();
      if (byte !== COMMA) break;
      readFrom(read + 1);
      put(COMMA);
      byte = skipSpace();
    }
  }
  if (byte !== CLOSE_OBJECT) return fail(MALFORMED);
  readFrom(read + 1);
  if (!isInOrder && !reorder(first, members)) return false;
  members = first;
  put(CLOSE_OBJECT);
  if (node !== NOTHING) wantByte(CLOSE_OBJECT);
  return true;
}
