import { serializationFault } from './reader.ts';

/** No request nests deeper than five; strings in pieces count as one. */
const DEPTH_MAX = 32;
/** More lists and maps than any request has (500 records). */
const CONTAINERS_MAX = 20_000;
const INDEFINITE = 31;
const BREAK = Symbol('break');

/**
 * The one value that a body holds (RFC 8949): maps become objects without a prototype, byte strings views of the body,
 * integers beyond 2^53 bigints; tags are dropped, for the shape says what a number is. Indefinite lengths are taken:
 * the Java SDK writes its maps so. SerializationException for anything malformed, deeper than 32 or too wide.
 */
export function decodeCbor(body: Buffer): unknown {
  const reading = new Reading(body);
  const value = reading.value(0);
  if (value === BREAK || reading.at !== body.length) throw serializationFault();
  return value;
}

class Reading {
  readonly body: Buffer;
  at = 0;
  private containers = 0;

  constructor(body: Buffer) {
    this.body = body;
  }

  value(depth: number): unknown {
    if (depth > DEPTH_MAX) throw serializationFault();
    const head = this.take(1)[0] as number;
    const [major, info] = [head >> 5, head & 31];
    if (major === 7) return this.simple(info);
    switch (major) {
      case 0:
        return this.argument(info);
      case 1: {
        const argument = this.argument(info);
        return typeof argument === 'bigint' ? -1n - argument : -1 - argument;
      }
      case 2:
        return info === INDEFINITE ? Buffer.concat(this.pieces(major)) : this.take(this.length(info));
      case 3:
        return info === INDEFINITE ? Buffer.concat(this.pieces(major)).toString() : this.text(this.length(info));
      case 4:
        return this.list(info, depth);
      case 5:
        return this.map(info, depth);
      default:
        this.argument(info);
        return this.value(depth + 1);
    }
  }

  private take(bytes: number): Buffer {
    const end = this.at + bytes;
    if (end > this.body.length) throw serializationFault();
    const taken = this.body.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  private text(bytes: number): string {
    const end = this.at + bytes;
    if (end > this.body.length) throw serializationFault();
    const text = this.body.toString('utf8', this.at, end);
    this.at = end;
    return text;
  }

  private argument(info: number): number | bigint {
    if (info < 24) return info;
    if (info === 24) return this.take(1)[0] as number;
    if (info === 25) return this.take(2).readUInt16BE(0);
    if (info === 26) return this.take(4).readUInt32BE(0);
    if (info !== 27) throw serializationFault();
    const wide = this.take(8).readBigUInt64BE(0);
    return wide <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wide) : wide;
  }

  /** A length that the rest of the body can hold: every member takes a byte at least. */
  private length(info: number): number {
    const length = this.argument(info);
    if (typeof length === 'bigint' || length > this.body.length - this.at) throw serializationFault();
    return length;
  }

  private pieces(major: number): readonly Buffer[] {
    const pieces: Buffer[] = [];
    for (;;) {
      const head = this.take(1)[0] as number;
      if (head === 0xff) return pieces;
      if (head >> 5 !== major || (head & 31) === INDEFINITE) throw serializationFault();
      pieces.push(this.take(this.length(head & 31)));
    }
  }

  private simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return null;
    if (info === 25) return half(this.take(2).readUInt16BE(0));
    if (info === 26) return this.take(4).readFloatBE(0);
    if (info === 27) return this.take(8).readDoubleBE(0);
    if (info === INDEFINITE) return BREAK;
    throw serializationFault();
  }

  private list(info: number, depth: number): readonly unknown[] {
    this.open();
    const length = info === INDEFINITE ? Number.POSITIVE_INFINITY : this.length(info);
    const members: unknown[] = [];
    while (members.length < length) {
      const member = this.value(depth + 1);
      if (member === BREAK) {
        if (info !== INDEFINITE) throw serializationFault();
        break;
      }
      members.push(member);
    }
    return members;
  }

  private map(info: number, depth: number): Readonly<Record<string, unknown>> {
    this.open();
    const length = info === INDEFINITE ? Number.POSITIVE_INFINITY : this.length(info);
    const members: Record<string, unknown> = Object.create(null);
    for (let i = 0; i < length; i++) {
      const key = this.value(depth + 1);
      if (key === BREAK && info === INDEFINITE) break;
      const member = this.value(depth + 1);
      if (typeof key !== 'string' || member === BREAK) throw serializationFault();
      members[key] = member;
    }
    return members;
  }

  private open(): void {
    if (++this.containers > CONTAINERS_MAX) throw serializationFault();
  }
}

/** IEEE 754 binary16, as RFC 8949's appendix D decodes it. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const magnitude =
    exponent === 0
      ? mantissa * 2 ** -24
      : exponent === 31
        ? mantissa === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (mantissa + 1024) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}
