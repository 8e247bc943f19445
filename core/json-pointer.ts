/** Where a value stands in a JSON text: for taking its bytes as they are. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** The reference tokens of a JSON pointer, unescaped (RFC 6901 §4); none for the pointer to the whole. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * Where the value at a JSON pointer (RFC 6901, already split and unescaped) stands in `text`; null when the
 * text is no JSON or has no such value. A member given twice is taken at its last place, as JSON.parse does.
 */
export function spanAt(text: string, path: readonly string[]): { start: number; end: number } | null {
  let at = skipSpace(text, 0);
  for (const name of path) {
    const found = memberAt(text, at, name);
    if (found < 0) return null;
    at = skipSpace(text, found);
  }
  const end = endOfValue(text, at);
  return end < 0 ? null : { start: at, end };
}

/** Where the value of a member or element begins in the object or array at `at`; -1 when there is none. */
function memberAt(text: string, at: number, name: string): number {
  const isObject = text.charCodeAt(at) === OPEN_OBJECT;
  if (!isObject && text.charCodeAt(at) !== OPEN_ARRAY) return -1;
  const close = isObject ? CLOSE_OBJECT : CLOSE_ARRAY;
  let found = -1;
  let next = skipSpace(text, at + 1);
  for (let index = 0; text.charCodeAt(next) !== close; index++) {
    if (index > 0) {
      if (text.charCodeAt(next) !== COMMA) return -1;
      next = skipSpace(text, next + 1);
    }
    let isWanted = String(index) === name;
    if (isObject) {
      const end = endOfString(text, next);
      if (end < 0) return -1;
      isWanted = nameOf(text.slice(next, end)) === name;
      next = skipSpace(text, end);
      if (text.charCodeAt(next) !== COLON) return -1;
      next = skipSpace(text, next + 1);
    }
    if (isWanted) found = next;
    const end = endOfValue(text, next);
    if (end < 0) return -1;
    next = skipSpace(text, end);
  }
  return found;
}

function nameOf(literal: string): string | null {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return null;
  }
}

/** The place behind the value at `at`, by strings and brackets alone: what is inside does not matter. -1: none. */
function endOfValue(text: string, at: number): number {
  let depth = 0;
  for (let next = at; next < text.length; ) {
    const code = text.charCodeAt(next);
    if (code === QUOTE) {
      next = endOfString(text, next);
      if (next < 0 || depth === 0) return next;
      continue;
    }
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (depth === 0) return -1;
      depth--;
    } else if (depth === 0) return endOfScalar(text, next);
    next++;
    if (depth === 0) return next;
  }
  return -1;
}

/** Digits, signs, letters and the point: what numbers, true, false and null are written with. */
function endOfScalar(text: string, at: number): number {
  let next = at;
  while (next < text.length && /[-+.\w]/.test(text[next] as string)) next++;
  return next === at ? -1 : next;
}

/** The place behind the string literal at `at`; -1 when it does not end. */
function endOfString(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) return -1;
  for (let next = at + 1; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === QUOTE) return next + 1;
    if (code === BACKSLASH) next++;
  }
  return -1;
}

function skipSpace(text: string, at: number): number {
  let next = at;
  for (let code = text.charCodeAt(next); code === 32 || code === 10 || code === 13 || code === 9; ) {
    code = text.charCodeAt(++next);
  }
  return next;
}
