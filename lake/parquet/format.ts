/** Numbers of the Parquet format, https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
export const TYPE = { boolean: 0, int32: 1, int64: 2, double: 5, byteArray: 6 } as const;
export type PhysicalType = (typeof TYPE)[keyof typeof TYPE];

export const REPETITION = { required: 0, optional: 1, repeated: 2 } as const;
export type Repetition = (typeof REPETITION)[keyof typeof REPETITION];

export const CONVERTED = { utf8: 0, map: 1, list: 3, date: 6, timestampMicros: 10 } as const;

export const ENCODING = { plain: 0, rle: 3, rleDictionary: 8 } as const;
export type Encoding = (typeof ENCODING)[keyof typeof ENCODING];

export const PAGE = { data: 0, dictionary: 2 } as const;

/** CompressionCodec ids. */
export const CODEC = { uncompressed: 0, gzip: 2, zstd: 6 } as const;

export type Compress = (bytes: Uint8Array) => Uint8Array;

/** How pages are compressed: the format's id of the codec and the function itself (its input is only lent). */
export interface Codec {
  readonly id: (typeof CODEC)[keyof typeof CODEC];
  readonly compress: Compress;
}

export const UNCOMPRESSED: Codec = { id: CODEC.uncompressed, compress: (bytes) => bytes };

/** Bounds on what a file's parts may hold. */
export interface Limits {
  /** A row group ends when it has as many rows … */
  readonly rowGroupRowsMax: number;
  /** … or when it holds as many bytes before encoding, looked at every 128 rows. */
  readonly rowGroupBytesMax: number;
  /** A data page ends when its PLAIN values pass this, at the end of a row. */
  readonly pageBytesMax: number;
  /** … or when it has as many entries. */
  readonly pageEntriesMax: number;
  /** A column with more distinct values in a row group goes on without a dictionary. */
  readonly dictionaryEntriesMax: number;
  /** The same for the dictionary's bytes. */
  readonly dictionaryBytesMax: number;
}

/**
 * 128 MiB is what Spark's writers aim at; 1 MiB is parquet-java's page; 131,072 entries of eight bytes are that
 * as well, so that fixed-width chunks have equal pages.
 */
export const LIMITS: Limits = {
  rowGroupRowsMax: 1_000_000,
  rowGroupBytesMax: 128 * 1024 * 1024,
  pageBytesMax: 1024 * 1024,
  pageEntriesMax: 131_072,
  dictionaryEntriesMax: 65_536,
  dictionaryBytesMax: 8 * 1024 * 1024,
};
