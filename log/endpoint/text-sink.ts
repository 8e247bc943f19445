/** A blob shorter than this is not worth leaving the text for. */
const BLOB_BYTES_MIN = 64;
const SPARE_BYTES = 256;

/**
 * ASCII text on its way into a buffer. Short text is gathered in `text`; large base64 goes into the buffer at once, for
 * one long string made of all of it would be copied twice more.
 */
export class TextSink {
  /** Append to it: `sink.text += …`. */
  text = '';
  private buffer: Buffer;
  private length = 0;

  constructor(expectedBytes: number) {
    this.buffer = Buffer.allocUnsafe(expectedBytes);
  }

  base64(bytes: Uint8Array): void {
    const view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const encoded = view.toString('base64');
    if (bytes.length < BLOB_BYTES_MIN) {
      this.text += encoded;
      return;
    }
    this.flush(encoded.length);
    this.length += this.buffer.write(encoded, this.length, 'latin1');
  }

  bytes(): Buffer {
    this.flush(0);
    return this.buffer.subarray(0, this.length);
  }

  private flush(followingBytes: number): void {
    const needed = this.length + this.text.length + followingBytes;
    if (needed > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed + SPARE_BYTES, this.buffer.length * 2));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    this.length += this.buffer.write(this.text, this.length, 'latin1');
    this.text = '';
  }
}
