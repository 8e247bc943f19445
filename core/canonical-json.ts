/**
 * The canonical form of a JSON text: members sorted by name, white space dropped, escapes in strings as
 * JSON.stringify writes them, numbers as they were written (1.0 and 1 differ; so do 2^53 and its neighbours).
 * Texts that differ in order, space and escapes alone have one form. Works on bytes, since it runs once for
 * every event: 1.4 KB take a few microseconds.
 */

/** Deeper nesting than this is refused: no vendor's audit event comes near it. */
export const JSON_DEPTH_MAX = 64;

export type CanonicalJson =
  /** `bytes` is a view that the next call overwrites. */
  | { readonly kind: 'canonical'; readonly bytes: Uint8Array }
  /** A member is given twice: which of them counts is not for us to say. */
  | { readonly kind: 'doubled' | 'malformed' | 'too_deep' };

// Its own, as json-pointer.ts has: imported from a shared file they made the loop a third slower (8.3 → 11.2 µs).
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** Objects with more members than this are sorted by the engine: insertion would take quadratic time. */
const INSERTION_MAX = 48;

/** Longer members are copied as a block: below it, a loop costs less than a view. */
const COPY_MIN = 48;

const MALFORMED = new Error('not JSON');
const DOUBLED = new Error('a member is given twice');
const TOO_DEEP = new Error('nested too deep');

// One text at a time is worked on, so that nothing need be allocated for it.
/** At least twice as long as the text: behind the form, members are put down while they are sorted. */
let output = new Uint8Array(32 * 1024);
/**
 * Four numbers a member: where in `output` its name begins, its name ends, its value ends; and the first three
 * bytes of its name as one number, which tells most names apart.
 */
let members = new Int32Array(4 * 256);
/** The members of one object while they are sorted. */
const order = new Int32Array(INSERTION_MAX);
/** For each open container its first member (-1: an array), and whether its names came in order so far. */
const firstOf = new Int32Array(JSON_DEPTH_MAX + 1);
const inOrder = new Uint8Array(JSON_DEPTH_MAX + 1);

/** `text` is UTF-8 that JSON.parse takes: beyond that, only what would break the form is checked. */
export function canonicalJson(text: Uint8Array): CanonicalJson {
  if (output.length < text.length * 2 + 2) output = new Uint8Array(text.length * 3 + 2);
  try {
    return { kind: 'canonical', bytes: output.subarray(0, write(text)) };
  } catch (error) {
    if (error === DOUBLED) return { kind: 'doubled' };
    if (error === TOO_DEEP) return { kind: 'too_deep' };
    if (error === MALFORMED) return { kind: 'malformed' };
    throw error;
  }
}

/**
 * Writes the canonical form to `output` and gives its length. One loop over tokens, everything in local
 * variables: spread over a function a token it took twice as long.
 */
function write(from: Uint8Array): number {
  const to = output;
  const orders = inOrder;
  let held = members;
  const end = from.length;
  let read = 0;
  let length = 0;
  let depth = 0;
  let member = -1;
  let isName = false;
  for (;;) {
    while (read < end && (from[read] as number) <= 0x20) read++;
    if (read >= end) throw MALFORMED;
    const byte = from[read] as number;
    if (byte === QUOTE) {
      const begin = length;
      const start = read++;
      to[length++] = QUOTE;
      let inside = read < end ? (from[read++] as number) : 0;
      while (inside !== QUOTE && inside !== BACKSLASH && read < end) {
        to[length++] = inside;
        inside = from[read++] as number;
      }
      to[length++] = QUOTE;
      if (inside !== QUOTE) {
        read = endOfString(from, start);
        length = writeEscaped(from, start, read, begin);
      }
      if (isName) {
        if (held.length < (++member + 1) * 4) held = growMembers();
        noteName(held, member * 4, begin, length);
        if (orders[depth] === 1 && member > (firstOf[depth] as number)) {
          orders[depth] = compareNames(member - 1, member) < 0 ? 1 : 0;
        }
        while (read < end && (from[read] as number) <= 0x20) read++;
        if (read >= end || from[read++] !== COLON) throw MALFORMED;
        to[length++] = COLON;
        isName = false;
        continue;
      }
    } else if (isName && byte !== CLOSE_OBJECT) throw MALFORMED;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > JSON_DEPTH_MAX) throw TOO_DEEP;
      to[length++] = byte;
      isName = byte === OPEN_OBJECT;
      firstOf[depth] = isName ? member + 1 : -1;
      orders[depth] = 1;
      read++;
      while (read < end && (from[read] as number) <= 0x20) read++;
      if (from[read] !== (isName ? CLOSE_OBJECT : CLOSE_ARRAY)) continue;
    } else {
      const start = read;
      for (
        let scalar = byte;
        scalar > 0x20 && scalar !== COMMA && scalar !== CLOSE_OBJECT && scalar !== CLOSE_ARRAY;
      ) {
        to[length++] = scalar;
        scalar = ++read < end ? (from[read] as number) : 0;
      }
      if (read === start) throw MALFORMED;
    }
    // Behind a value: closes of what ends here, then a comma or the end.
    for (;;) {
      const first = firstOf[depth] as number;
      if (depth > 0 && first >= 0 && member >= first) held[member * 4 + 2] = length;
      while (read < end && (from[read] as number) <= 0x20) read++;
      if (depth === 0) {
        if (read < end) throw MALFORMED;
        return length;
      }
      const next = read < end ? (from[read++] as number) : 0;
      to[length++] = next;
      if (next === COMMA) {
        isName = first >= 0;
        break;
      }
      if (next !== (first >= 0 ? CLOSE_OBJECT : CLOSE_ARRAY)) throw MALFORMED;
      if (first >= 0) {
        if (orders[depth] === 0) reorder(first, member + 1, length - 1);
        member = first - 1;
      }
      depth--;
    }
  }
}

/** The place behind the string literal at `at`, which has escapes or does not end. */
function endOfString(from: Uint8Array, at: number): number {
  for (let read = at + 1; read < from.length; read++) {
    const byte = from[read] as number;
    if (byte === QUOTE) return read + 1;
    if (byte === BACKSLASH) read++;
  }
  throw MALFORMED;
}

/** The rare string with escapes goes through JSON, and never gets longer. Gives the output's new length. */
function writeEscaped(from: Uint8Array, start: number, end: number, length: number): number {
  const literal = Buffer.from(from.buffer, from.byteOffset + start, end - start).toString('utf8');
  let normal: string;
  try {
    normal = JSON.stringify(JSON.parse(literal));
  } catch {
    throw MALFORMED;
  }
  const bytes = Buffer.from(normal);
  output.set(bytes, length);
  return length + bytes.length;
}

/** Keeps where a name stands, and its first three bytes (its closing quote may be among them), the first weighing most. */
function noteName(held: Int32Array, at: number, begin: number, end: number): void {
  const second = end - begin > 2 ? (output[begin + 2] as number) : 0;
  const third = end - begin > 3 ? (output[begin + 3] as number) : 0;
  held[at] = begin;
  held[at + 1] = end;
  held[at + 3] = ((output[begin + 1] as number) << 16) | (second << 8) | third;
}

/** Writes the members from `first` to before `behind` again, in the order of their names; they end at `end`. */
function reorder(first: number, behind: number, end: number): void {
  const bytes = output;
  const held = members;
  const begin = held[first * 4] as number;
  // Put down behind the form and the bracket that closes it, and taken up again in order.
  bytes.copyWithin(end + 1, begin, end);
  const shift = end + 1 - begin;
  const sorted = behind - first > INSERTION_MAX ? sortedByEngine(first, behind) : sortedByInsertion(first, behind);
  let write = begin;
  for (let i = 0; i < behind - first; i++) {
    const member = sorted[i] as number;
    if (i > 0) bytes[write++] = COMMA;
    const from = (held[member * 4] as number) + shift;
    const until = (held[member * 4 + 2] as number) + shift;
    if (until - from > COPY_MIN) {
      bytes.copyWithin(write, from, until);
      write += until - from;
    } else for (let read = from; read < until; read++) bytes[write++] = bytes[read] as number;
  }
}

/** The members by name, in `order`. Throws when two have one name, as the other does. */
function sortedByInsertion(first: number, behind: number): Int32Array {
  const held = members;
  order[0] = first;
  for (let member = first + 1; member < behind; member++) {
    const prefix = held[member * 4 + 3] as number;
    let j = member - first - 1;
    for (; j >= 0; j--) {
      const other = order[j] as number;
      const difference = (held[other * 4 + 3] as number) - prefix || compareNames(other, member);
      if (difference === 0) throw DOUBLED;
      if (difference < 0) break;
      order[j + 1] = other;
    }
    order[j + 1] = member;
  }
  return order;
}

function sortedByEngine(first: number, behind: number): Int32Array {
  return Int32Array.from({ length: behind - first }, (_, i) => first + i).sort((a, b) => {
    const difference = compareNames(a, b);
    if (difference === 0) throw DOUBLED;
    return difference;
  });
}

/** Compares the names of two members, quotes included, byte by byte. */
function compareNames(a: number, b: number): number {
  const bytes = output;
  const held = members;
  let left = held[a * 4] as number;
  let right = held[b * 4] as number;
  const leftEnd = held[a * 4 + 1] as number;
  const rightEnd = held[b * 4 + 1] as number;
  while (left < leftEnd && right < rightEnd) {
    const difference = (bytes[left++] as number) - (bytes[right++] as number);
    if (difference !== 0) return difference;
  }
  return leftEnd - left - (rightEnd - right);
}

function growMembers(): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(members.length * 2);
  wider.set(members);
  members = wider;
  return members;
}
