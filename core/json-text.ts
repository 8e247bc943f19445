/**
 * Reads JSON as text, without making values of it: for what a parsed value has lost (members given twice,
 * numbers as they were written, the bytes of one member).
 */

/** Deeper nesting than this is refused: no vendor's audit event comes near it. */
export const JSON_DEPTH_MAX = 64;

export type CanonicalJson =
  | { readonly kind: 'canonical'; readonly text: string }
  | { readonly kind: 'doubled' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too_deep' };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

class Malformed extends Error {}
class Doubled extends Error {}
class TooDeep extends Error {}

const malformed = new Malformed('not JSON');
const doubled = new Doubled('a member is given twice');
const tooDeep = new TooDeep('nested too deep');

let source = '';
let at = 0;
/** Where the next backslash at or behind `at` is, as far as it was looked for. */
let nextEscape = 0;

/**
 * The same text with members sorted by name (UTF-16 order), white space dropped, escapes in strings
 * normalised as JSON.stringify writes them, and numbers as they were written. Texts that differ in these
 * alone have one canonical form. `text` should have passed JSON.parse: only structure is checked here.
 */
export function canonicalJson(text: string): CanonicalJson {
  source = text;
  at = 0;
  nextEscape = -1;
  try {
    const canonical = value(0);
    skipSpace();
    return at === source.length ? { kind: 'canonical', text: canonical } : { kind: 'malformed' };
  } catch (error) {
    if (error === doubled) return { kind: 'doubled' };
    if (error === tooDeep) return { kind: 'too_deep' };
    if (error === malformed) return { kind: 'malformed' };
    throw error;
  } finally {
    source = '';
  }
}

/**
 * Where the value at a JSON pointer (RFC 6901, already split and unescaped) stands in `text`; null when the
 * text is no JSON or has no such value. A member given twice is taken at its last place, as JSON.parse does.
 */
export function spanAt(text: string, path: readonly string[]): { start: number; end: number } | null {
  source = text;
  at = 0;
  nextEscape = -1;
  try {
    for (const name of path) if (!enter(name)) return null;
    skipSpace();
    const start = at;
    skipValue();
    return { start, end: at };
  } catch (error) {
    if (error === malformed) return null;
    throw error;
  } finally {
    source = '';
  }
}

/** Moves to the value of a member or element of the value at hand; false when there is none. */
function enter(name: string): boolean {
  skipSpace();
  const isObject = source.charCodeAt(at) === OPEN_OBJECT;
  if (!isObject && source.charCodeAt(at) !== OPEN_ARRAY) return false;
  const close = isObject ? CLOSE_OBJECT : CLOSE_ARRAY;
  at++;
  skipSpace();
  let found = -1;
  for (let index = 0; source.charCodeAt(at) !== close; index++) {
    if (index > 0) expect(COMMA);
    skipSpace();
    const member = isObject ? JSON.parse(string()) : String(index);
    if (isObject) {
      skipSpace();
      expect(COLON);
    }
    if (member === name) found = at;
    skipValue();
    skipSpace();
  }
  if (found < 0) return false;
  at = found;
  nextEscape = -1;
  return true;
}

/** Moves behind the value at hand, by strings and brackets alone: what is inside does not matter. */
function skipValue(): void {
  skipSpace();
  const start = at;
  let depth = 0;
  do {
    const code = source.charCodeAt(at);
    if (Number.isNaN(code)) throw malformed;
    if (code === QUOTE) {
      string();
      continue;
    }
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
    else if (depth === 0 && !isScalar(code)) break;
    at++;
  } while (depth > 0 || (isScalar(source.charCodeAt(at - 1)) && isScalar(source.charCodeAt(at))));
  if (at === start || depth < 0) throw malformed;
}

function value(depth: number): string {
  skipSpace();
  const code = source.charCodeAt(at);
  if (code === QUOTE) return string();
  if (code === OPEN_OBJECT) return object(depth + 1);
  if (code === OPEN_ARRAY) return array(depth + 1);
  const start = at;
  while (at < source.length && isScalar(source.charCodeAt(at))) at++;
  if (at === start) throw malformed;
  return source.slice(start, at);
}

function object(depth: number): string {
  if (depth > JSON_DEPTH_MAX) throw tooDeep;
  at++;
  skipSpace();
  if (source.charCodeAt(at) === CLOSE_OBJECT) {
    at++;
    return '{}';
  }
  const names: string[] = [];
  const values: string[] = [];
  let isSorted = true;
  for (;;) {
    skipSpace();
    const name = string();
    if (names.length > 0 && isSorted && !((names[names.length - 1] as string) < name)) isSorted = false;
    skipSpace();
    expect(COLON);
    names.push(name);
    values.push(value(depth));
    skipSpace();
    const code = source.charCodeAt(at++);
    if (code === CLOSE_OBJECT) break;
    if (code !== COMMA) throw malformed;
  }
  return isSorted ? join(names, values) : join(...sorted(names, values));
}

function join(names: readonly string[], values: readonly string[]): string {
  let text = '{';
  for (let i = 0; i < names.length; i++) text += `${i === 0 ? '' : ','}${names[i]}:${values[i]}`;
  return `${text}}`;
}

function sorted(names: string[], values: string[]): [string[], string[]] {
  // Insertion sort: objects are small and often nearly in order.
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string;
    const held = values[i] as string;
    let j = i - 1;
    for (; j >= 0 && (names[j] as string) > name; j--) {
      names[j + 1] = names[j] as string;
      values[j + 1] = values[j] as string;
    }
    names[j + 1] = name;
    values[j + 1] = held;
    if (j >= 0 && names[j] === name) throw doubled;
  }
  return [names, values];
}

function array(depth: number): string {
  if (depth > JSON_DEPTH_MAX) throw tooDeep;
  at++;
  skipSpace();
  if (source.charCodeAt(at) === CLOSE_ARRAY) {
    at++;
    return '[]';
  }
  let text = '[';
  for (;;) {
    text += value(depth);
    skipSpace();
    const code = source.charCodeAt(at++);
    if (code === CLOSE_ARRAY) return `${text}]`;
    if (code !== COMMA) throw malformed;
    text += ',';
  }
}

/** A string literal, quotes included, its escapes normalised. */
function string(): string {
  if (source.charCodeAt(at) !== QUOTE) throw malformed;
  const start = at;
  let end = source.indexOf('"', at + 1);
  if (end < 0) throw malformed;
  // Looked for once, not once a string: most texts have none.
  if (nextEscape < at) nextEscape = source.indexOf('\\', at) >>> 0;
  if (nextEscape > end) {
    at = end + 1;
    return source.slice(start, at);
  }
  for (end = nextEscape; source.charCodeAt(end) !== QUOTE; end += source.charCodeAt(end) === BACKSLASH ? 2 : 1) {
    if (end >= source.length) throw malformed;
  }
  at = end + 1;
  try {
    return JSON.stringify(JSON.parse(source.slice(start, at)));
  } catch {
    throw malformed;
  }
}

function expect(code: number): void {
  if (source.charCodeAt(at) !== code) throw malformed;
  at++;
}

function skipSpace(): void {
  for (let code = source.charCodeAt(at); code === 32 || code === 10 || code === 13 || code === 9; ) {
    code = source.charCodeAt(++at);
  }
}

/** Digits, signs, letters and the point: what numbers, true, false and null are written with. */
function isScalar(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x2b ||
    code === 0x2e ||
    code === 0x45
  );
}
