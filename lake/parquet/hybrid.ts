import type { ByteBuffer } from './bytes.ts';

/** Bits needed for values 0 … max; at least 1, for not every reader takes a width of 0. */
export function bitWidthOf(max: number): number {
  return Math.max(1, 32 - Math.clz32(max));
}

/**
 * Writes values[from … to) in Parquet's RLE / bit-packed hybrid
 * (https://github.com/apache/parquet-format/blob/master/Encodings.md#RLE): a run of eight and more equal values
 * becomes an RLE run, all between them groups of eight bit-packed values. `bitWidth` is 1 to 24.
 */
export function writeHybrid(
  out: ByteBuffer,
  values: Uint8Array | Uint32Array,
  from: number,
  to: number,
  bitWidth: number,
): void {
  let literal = from;
  let at = from;
  while (at < to) {
    const value = values[at] as number;
    let end = at + 1;
    while (end < to && values[end] === value) end++;
    // A literal section holds whole groups of eight: the run gives what the open group lacks.
    const open = (at - literal) & 7;
    const start = open === 0 ? at : Math.min(end, at + 8 - open);
    if (end - start >= 8) {
      if (start > literal) writePacked(out, values, literal, start, bitWidth);
      writeRun(out, end - start, value, bitWidth);
      literal = end;
    }
    at = end;
  }
  if (to > literal) writePacked(out, values, literal, to, bitWidth);
}

function writeRun(out: ByteBuffer, count: number, value: number, bitWidth: number): void {
  out.varint(count * 2);
  for (let bits = 0; bits < bitWidth; bits += 8) out.u8((value >>> bits) & 255);
}

/** One bit-packed section; the last group is filled up with zeros. */
function writePacked(
  out: ByteBuffer,
  values: Uint8Array | Uint32Array,
  from: number,
  to: number,
  bitWidth: number,
): void {
  const groups = Math.ceil((to - from) / 8);
  out.varint(groups * 2 + 1);
  out.reserve(groups * bitWidth);
  const end = out.length + groups * bitWidth;
  packBits(out.bytes, out.length, values, from, to, bitWidth);
  out.length = end;
}

/** Packs least significant bit first and zeroes the rest of the last group of eight values. */
export function packBits(
  bytes: Uint8Array,
  at: number,
  values: Uint8Array | Uint32Array,
  from: number,
  to: number,
  bitWidth: number,
): void {
  let held = 0;
  let bits = 0;
  let position = at;
  for (let i = from; i < to; i++) {
    held |= (values[i] as number) << bits;
    bits += bitWidth;
    while (bits >= 8) {
      bytes[position++] = held;
      held >>>= 8;
      bits -= 8;
    }
  }
  const end = at + Math.ceil((to - from) / 8) * bitWidth;
  if (position < end) bytes[position++] = held;
  while (position < end) bytes[position++] = 0;
}
