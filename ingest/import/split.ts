/** Where one native event lies in a file: bytes from `offset`, `length` of them. */
export interface Slice {
  readonly offset: number;
  readonly length: number;
}

/** Takes a file's bytes in order and tells where its events are. */
export interface Splitter {
  push(chunk: Uint8Array): Slice[];
  end(): Slice[];
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** One event a line; empty lines are none. */
export function createLineSplitter(): Splitter {
  let at = 0;
  let start = 0;
  let hasText = false;
  const close = (end: number): Slice[] => {
    const slices = hasText ? [{ offset: start, length: end - start }] : [];
    start = end + 1;
    hasText = false;
    return slices;
  };
  return {
    push(chunk) {
      const slices: Slice[] = [];
      for (let i = 0; i < chunk.length; i++) {
        const byte = chunk[i] as number;
        if (byte === NEWLINE) slices.push(...close(at + i));
        else if (!isSpace(byte)) hasText = true;
      }
      at += chunk.length;
      return slices;
    },
    end: () => close(at),
  };
}

/**
 * The elements of a JSON array that begins behind `from` bytes (`[` itself left out). Elements are told by
 * brackets and strings alone; what is inside them is for the reader of the event to judge.
 */
export function createArraySplitter(from: number): Splitter {
  let at = 0;
  let start = -1;
  let end = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let isOver = false;
  const close = (): Slice[] => {
    const slices = start < 0 ? [] : [{ offset: start, length: end - start }];
    start = -1;
    return slices;
  };
  const take = (byte: number, offset: number): Slice[] => {
    if (inString) {
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) inString = false;
      end = offset + 1;
      return [];
    }
    if (isSpace(byte)) return [];
    if (depth === 0 && byte === COMMA) return close();
    if (depth === 0 && byte === CLOSE_ARRAY) {
      isOver = true;
      return close();
    }
    if (start < 0) start = offset;
    end = offset + 1;
    if (byte === QUOTE) inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
    return [];
  };
  return {
    push(chunk) {
      const slices: Slice[] = [];
      for (let i = Math.max(0, from - at); i < chunk.length && !isOver; i++) {
        const found = take(chunk[i] as number, at + i);
        if (found.length > 0) slices.push(...found);
      }
      at += chunk.length;
      return slices;
    },
    // A file that was cut off: what is there of the last element is an event that cannot be read.
    end: () => (isOver ? [] : close()),
  };
}

/** Picks the splitter by how a file begins: `[`, `{"Records":[` (CloudTrail), else lines. */
export function splitterFor(head: Uint8Array): Splitter {
  const text = Buffer.from(head).toString('latin1');
  const array = /^(\xef\xbb\xbf)?\s*\[/.exec(text) ?? /^(\xef\xbb\xbf)?\s*\{\s*"Records"\s*:\s*\[/.exec(text);
  return array === null ? createLineSplitter() : createArraySplitter(array[0].length);
}
