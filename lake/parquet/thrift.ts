import type { ByteBuffer } from './bytes.ts';

/** Types of the Thrift compact protocol that Parquet's structures use. */
const THRIFT = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

const utf8 = new TextEncoder();

/**
 * Writes structures in the Thrift compact protocol
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). Fields must come in
 * ascending order of their ids within a structure.
 */
export class ThriftWriter {
  readonly #out: ByteBuffer;
  #lastId = 0;

  constructor(out: ByteBuffer) {
    this.#out = out;
  }

  bool(id: number, value: boolean): void {
    this.#header(id, value ? THRIFT.true : THRIFT.false);
  }

  i32(id: number, value: number): void {
    this.#header(id, THRIFT.i32);
    this.#zigzag(value);
  }

  /** `value` is a safe integer. */
  i64(id: number, value: number): void {
    this.#header(id, THRIFT.i64);
    this.#zigzag(value);
  }

  binary(id: number, value: Uint8Array | string): void {
    this.#header(id, THRIFT.binary);
    this.#bytes(value);
  }

  struct(id: number, write: () => void): void {
    this.#header(id, THRIFT.struct);
    this.root(write);
  }

  /** A structure without a field header: the outermost one, or an element of a list. */
  root(write: () => void): void {
    const outerId = this.#lastId;
    this.#lastId = 0;
    write();
    this.#out.u8(0);
    this.#lastId = outerId;
  }

  structs<T>(id: number, items: readonly T[], write: (item: T) => void): void {
    this.#list(id, THRIFT.struct, items.length);
    for (const item of items) this.root(() => write(item));
  }

  i32s(id: number, items: readonly number[]): void {
    this.#list(id, THRIFT.i32, items.length);
    for (const item of items) this.#zigzag(item);
  }

  strings(id: number, items: readonly string[]): void {
    this.#list(id, THRIFT.binary, items.length);
    for (const item of items) this.#bytes(item);
  }

  #header(id: number, type: number): void {
    const delta = id - this.#lastId;
    if (delta > 0 && delta < 16) {
      this.#out.u8((delta << 4) | type);
    } else {
      this.#out.u8(type);
      this.#zigzag(id);
    }
    this.#lastId = id;
  }

  #list(id: number, type: number, count: number): void {
    this.#header(id, THRIFT.list);
    if (count < 15) {
      this.#out.u8((count << 4) | type);
    } else {
      this.#out.u8(0xf0 | type);
      this.#out.varint(count);
    }
  }

  #zigzag(value: number): void {
    this.#out.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  #bytes(value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? utf8.encode(value) : value;
    this.#out.varint(bytes.length);
    this.#out.append(bytes);
  }
}
