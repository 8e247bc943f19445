import { decodeBase64 } from './base64.ts';

const [QUOTE, COLON, COMMA, BACKSLASH] = [0x22, 0x3a, 0x2c, 0x5c] as const;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d] as const;
const REQUEST_MEMBERS = ['Records', 'StreamName', 'StreamARN'] as const;
const RECORD_MEMBERS = ['Data', 'PartitionKey', 'ExplicitHashKey'] as const;
/** As many as PutRecords may have: more is for the validator to tell. */
const RECORDS_MAX = 500;

/**
 * The input of a PutRecords request as nearly every client writes it, straight from the bytes: half the time of a
 * parser that first makes a string of each record's base64. Null for anything out of the ordinary (an escaped or
 * non-ASCII character, a member twice, another member or type, broken base64), which is then for the parser to read or
 * to refuse. What is given equals what the parser and the reader of the shape give.
 */
export function scanPutRecords(body: Buffer): Record<string, unknown> | null {
  const scan = new Scan(body);
  const input: Record<string, unknown> = {};
  if (!scan.take(OPEN_BRACE)) return null;
  do {
    const name = scan.name(REQUEST_MEMBERS);
    if (name === null || name in input) return null;
    const value = name === 'Records' ? scanRecords(scan) : scan.text();
    if (value === null) return null;
    input[name] = value;
  } while (scan.take(COMMA));
  return scan.take(CLOSE_BRACE) && scan.atEnd() ? input : null;
}

function scanRecords(scan: Scan): Record<string, unknown>[] | null {
  if (!scan.take(OPEN_BRACKET)) return null;
  const records: Record<string, unknown>[] = [];
  do {
    const record = scanRecord(scan);
    if (record === null || records.length === RECORDS_MAX) return null;
    records.push(record);
  } while (scan.take(COMMA));
  return scan.take(CLOSE_BRACKET) ? records : null;
}

function scanRecord(scan: Scan): Record<string, unknown> | null {
  if (!scan.take(OPEN_BRACE)) return null;
  const record: Record<string, unknown> = {};
  do {
    const name = scan.name(RECORD_MEMBERS);
    if (name === null || name in record) return null;
    const value = name === 'Data' ? scan.base64() : scan.text();
    if (value === null) return null;
    record[name] = value;
  } while (scan.take(COMMA));
  return scan.take(CLOSE_BRACE) ? record : null;
}

/** A place in the bytes of a body. */
class Scan {
  private readonly body: Buffer;
  private at = 0;

  constructor(body: Buffer) {
    this.body = body;
  }

  /** Passes white space, then this byte if it is there. */
  take(byte: number): boolean {
    this.skip();
    if (this.body[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  atEnd(): boolean {
    this.skip();
    return this.at === this.body.length;
  }

  /** Passes one of these names and its colon. */
  name<Name extends string>(names: readonly Name[]): Name | null {
    if (!this.take(QUOTE)) return null;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as Name;
      if (this.matches(name)) {
        this.at += name.length + 1;
        return this.take(COLON) ? name : null;
      }
    }
    return null;
  }

  /** A string of printable ASCII without escapes. */
  text(): string | null {
    if (!this.take(QUOTE)) return null;
    const start = this.at;
    for (;;) {
      const byte = this.body[this.at++];
      if (byte === QUOTE) return this.body.toString('latin1', start, this.at - 1);
      if (byte === undefined || byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return null;
    }
  }

  base64(): Buffer | null {
    if (!this.take(QUOTE)) return null;
    const end = this.body.indexOf(QUOTE, this.at);
    if (end === -1) return null;
    const bytes = decodeBase64(this.body.toString('latin1', this.at, end));
    this.at = end + 1;
    return bytes;
  }

  private skip(): void {
    for (;;) {
      const byte = this.body[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.at++;
    }
  }

  /** Whether the name and a closing quote come here. */
  private matches(name: string): boolean {
    const { body, at } = this;
    for (let i = 0; i < name.length; i++) if (body[at + i] !== name.charCodeAt(i)) return false;
    return body[at + name.length] === QUOTE;
  }
}
