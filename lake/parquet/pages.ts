import { ByteBuffer } from './bytes.ts';
import type { ChunkMeta, Leaf } from './footer.ts';
import { type Codec, ENCODING, type Encoding, type Limits, PAGE } from './format.ts';
import type { Levels } from './levels.ts';
import type { ChunkStatistics } from './statistics.ts';
import { ThriftWriter } from './thrift.ts';

/** A part of a chunk whose pages have one encoding. */
export interface Segment {
  readonly encoding: Encoding;
  /** The segment ends before this entry of the chunk's levels. */
  readonly entryEnd: number;
  /** The value behind the last one that fits a page of `bytesMax` which begins with value `from`; > from. */
  fit(from: number, bytesMax: number): number;
  /** The encoded values [from, to): called in ascending order, lent until the next call. */
  encode(from: number, to: number): Uint8Array;
}

/** What a column holds, ready to be written. */
export interface EncodedValues {
  readonly dictionary: { readonly bytes: Uint8Array; readonly count: number } | null;
  readonly segments: readonly Segment[];
}

/** Writes column chunks (a dictionary page, then data pages of version 1) behind each other. */
export class PageWriter {
  readonly #file: ByteBuffer;
  readonly #codec: Codec;
  readonly #limits: Limits;
  readonly #body = new ByteBuffer(64 * 1024);
  readonly #thrift: ThriftWriter;
  #uncompressedBytes = 0;

  constructor(file: ByteBuffer, codec: Codec, limits: Limits) {
    this.#file = file;
    this.#codec = codec;
    this.#limits = limits;
    this.#thrift = new ThriftWriter(file);
  }

  /** Writes one chunk and gives its entry of the footer. */
  writeChunk(leaf: Leaf, levels: Levels, values: EncodedValues, statistics: ChunkStatistics): ChunkMeta {
    const start = this.#file.length;
    this.#uncompressedBytes = 0;
    const { dictionary } = values;
    if (dictionary !== null) {
      this.#writePage(PAGE.dictionary, dictionary.count, ENCODING.plain, dictionary.bytes);
    }
    const dataStart = this.#file.length;
    this.#writeSegments(levels, values.segments);
    const encodings = new Set<Encoding>([ENCODING.rle]);
    if (dictionary !== null) encodings.add(ENCODING.plain);
    for (const segment of values.segments) encodings.add(segment.encoding);
    return {
      leaf,
      encodings: [...encodings],
      codecId: this.#codec.id,
      entries: levels.length,
      uncompressedBytes: this.#uncompressedBytes,
      compressedBytes: this.#file.length - start,
      dataPageOffset: dataStart,
      dictionaryPageOffset: dictionary === null ? null : start,
      statistics,
    };
  }

  #writeSegments(levels: Levels, segments: readonly Segment[]): void {
    let entry = 0;
    let value = 0;
    for (const segment of segments) {
      while (entry < segment.entryEnd) {
        const valueLimit = segment.fit(value, this.#limits.pageBytesMax);
        const entryLimit = Math.min(segment.entryEnd, entry + this.#limits.pageEntriesMax);
        const from = entry;
        let valueEnd = value;
        // A page may pass its limits up to the end of the row: readers expect pages to hold whole rows.
        while (entry < segment.entryEnd) {
          const has = levels.has(entry);
          const full = entry >= entryLimit || (has && valueEnd >= valueLimit);
          if (full && levels.begins(entry)) break;
          if (has) valueEnd++;
          entry++;
        }
        this.#writeDataPage(levels, from, entry, segment.encoding, segment.encode(value, valueEnd));
        value = valueEnd;
      }
    }
  }

  #writeDataPage(levels: Levels, from: number, to: number, encoding: Encoding, values: Uint8Array): void {
    if (levels.maxDefinition === 0 && levels.maxRepetition === 0) {
      this.#writePage(PAGE.data, to - from, encoding, values);
      return;
    }
    const body = this.#body;
    body.clear();
    levels.write(body, from, to);
    body.append(values);
    this.#writePage(PAGE.data, to - from, encoding, body.view());
  }

  #writePage(type: number, count: number, encoding: Encoding, body: Uint8Array): void {
    const compressed = this.#codec.compress(body);
    const thrift = this.#thrift;
    const start = this.#file.length;
    thrift.root(() => {
      thrift.i32(1, type);
      thrift.i32(2, body.length);
      thrift.i32(3, compressed.length);
      thrift.struct(type === PAGE.data ? 5 : 7, () => {
        thrift.i32(1, count);
        thrift.i32(2, encoding);
        if (type === PAGE.data) {
          thrift.i32(3, ENCODING.rle);
          thrift.i32(4, ENCODING.rle);
        }
      });
    });
    this.#uncompressedBytes += this.#file.length - start + body.length;
    this.#file.append(compressed);
  }
}
