/** Bytes written one after the other into a buffer that grows. */
export class ByteSink {
  private buffer: Buffer;
  private length = 0;

  constructor(expectedBytes = 256) {
    this.buffer = Buffer.allocUnsafe(expectedBytes);
  }

  byte(value: number): void {
    const at = this.reserve(1);
    this.buffer[at] = value;
  }

  /** A first byte, then an unsigned integer of so many bytes, big-endian. */
  head(first: number, argument: number, bytes: 1 | 2 | 4 | 8): void {
    const at = this.reserve(1 + bytes);
    this.buffer[at] = first;
    if (bytes === 8) this.buffer.writeBigUInt64BE(BigInt(argument), at + 1);
    else this.buffer.writeUIntBE(argument, at + 1, bytes);
  }

  double(value: number): void {
    const at = this.reserve(8);
    this.buffer.writeDoubleBE(value, at);
  }

  copy(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.buffer.set(bytes, at);
  }

  text(text: string): void {
    const at = this.reserve(Buffer.byteLength(text));
    this.buffer.write(text, at);
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(bytes: number): number {
    const at = this.length;
    this.length += bytes;
    if (this.length > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.length, this.buffer.length * 2));
      this.buffer.copy(grown, 0, 0, at);
      this.buffer = grown;
    }
    return at;
  }
}
