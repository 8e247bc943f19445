/**
 * The port to a Kinesis-style log: streams of shards, records placed by the MD5 of their key and kept in
 * order, positions that only grow. Drivers are plain objects from factories; `contract.ts` is what all pass.
 */

/** A Kinesis sequence number or Kafka offset in decimal, without leading zeros: see {@link comparePositions}. */
export type Position = string;

/** What is appended: the native bytes untouched, and what must be known about them without parsing. */
export interface AppendRecord {
  /** The app that wrote the event; names that begin with `@` are Beagle's own kinds (`@control`, `@finding` …). */
  readonly app: string;
  /** Where the record comes from, free text up to 256 bytes: `generator@<due µs>`, `import:<hash>:<line>`. */
  readonly source: string;
  /** Partition key, 1 to 256 characters (Kinesis's limit). */
  readonly key: string;
  readonly data: Uint8Array;
}

export interface LogRecord extends AppendRecord {
  readonly position: Position;
  /** When the log took it, µs since 1970 UTC; never decreases within a shard. */
  readonly arrivalUs: number;
}

export interface Shard {
  /** As Kinesis names them: `shardId-000000000000`. */
  readonly shardId: string;
  /** 128-bit hash keys from start to end, both included, as decimal strings. */
  readonly hashKeyRange: { readonly start: string; readonly end: string };
  /**
   * The shards whose hash keys this one took over: one after a split, two after a merge, none for a stream's first
   * ones. A parent may be gone from the description by age.
   */
  readonly parents: readonly string[];
  /** True once it was split or merged: it is still read, and never appended to again. */
  readonly closed: boolean;
}

export interface StreamDescription {
  readonly stream: string;
  /** Tells a stream from an earlier one of the same name: 12 lower-case letters or digits. */
  readonly incarnation: string;
  readonly createdUs: number;
  /** In the order in which they came to be. The open ones cover all hash keys without overlap. */
  readonly shards: readonly Shard[];
}

/** Where to begin to read a shard, Kinesis's five iterator types. */
export type Start =
  | { readonly type: 'TRIM_HORIZON' }
  | { readonly type: 'LATEST' }
  | { readonly type: 'AT_SEQUENCE_NUMBER'; readonly position: Position }
  | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly position: Position }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampUs: number };

export interface ReadOptions {
  /** At most this many records; default 10,000. */
  readonly recordsMax?: number;
  /** At most this many bytes of data, unless the first record alone is larger: at least one is given. Default 4 MiB. */
  readonly bytesMax?: number;
}

export interface ReadResult {
  readonly records: readonly LogRecord[];
  /**
   * Where to read on: after the last record given, or the start resolved when there was none. What is resolved is a
   * position, so that nothing is missed; only a time that no record has reached yet stays a time.
   */
  readonly next: Start;
  /** How old the oldest unread record is, ms; 0 at the tip. */
  readonly millisBehindLatest: number;
  /** The shard is closed and `next` is its end: nothing will ever come any more, its children go on. */
  readonly ended: boolean;
}

export interface Appended {
  readonly shardId: string;
  readonly position: Position;
  readonly arrivalUs: number;
}

/** A shard's bounds: null when nothing was ever appended, or all of it was trimmed. */
export interface ShardBounds {
  readonly earliest: Position | null;
  readonly latest: Position | null;
}

/** How much of a stream is kept, whichever of the two is less; null is all of it. */
export interface Retention {
  readonly ageMs: number | null;
  /** Bytes on disk of each shard, the newest; exact to some 64 KiB. */
  readonly shardBytes: number | null;
}

export interface Log {
  readonly driver: 'embedded' | 'kafka' | 'kinesis';
  /** Creates the stream, or gives the existing one if it has as many open shards; ConflictError when it has not. */
  createStream(stream: string, options: { readonly shards: number }): Promise<StreamDescription>;
  /** ConfigError when there is no such stream. */
  describeStream(stream: string): Promise<StreamDescription>;
  listStreams(): Promise<readonly string[]>;
  deleteStream(stream: string): Promise<void>;
  /**
   * Appends in order; resolves when every record is durable, one answer a record, in the records' order.
   * Rejects as a whole when any record breaks a limit (ConfigError) or the store fails (RetryableError).
   */
  append(stream: string, records: readonly AppendRecord[]): Promise<readonly Appended[]>;
  /** Appends to one shard whatever the key: control records. ConflictError when the shard is closed. */
  appendToShard(stream: string, shardId: string, records: readonly AppendRecord[]): Promise<readonly Appended[]>;
  /** Reads what is there now, without waiting. The data of the records stays valid. */
  read(stream: string, shardId: string, start: Start, options?: ReadOptions): Promise<ReadResult>;
  /** Resolves when the shard holds something at or after `start`, has ended, when `signal` aborts, or after `timeoutMs`. */
  watch(stream: string, shardId: string, start: Start, timeoutMs: number, signal?: AbortSignal): Promise<void>;
  bounds(stream: string, shardId: string): Promise<ShardBounds>;
  /** Forgets what lies before `position` (retention); never visible to appends. */
  trim(stream: string, shardId: string, position: Position): Promise<void>;
  /**
   * Keeps retention (not `trim`) from forgetting the record at `position` and those behind it, until the same holder
   * names another place or lets go with null. Only where retention is the log's own: Kafka and Kinesis have theirs.
   */
  hold?(stream: string, shardId: string, holder: string, position: Position | null): Promise<void>;
  /** How much of the stream is kept from now on; all of it unless told. Where retention is the log's own, as `hold`. */
  retain?(stream: string, retention: Retention): Promise<void>;
  /** What `retain` last said. */
  retention?(stream: string): Promise<Retention>;
  /** Finishes appends in flight and lets go of the log. */
  close(): Promise<void>;
}

/** The largest data of a record, bytes: Kinesis's upper limit of 10 MiB. */
export const RECORD_BYTES_MAX = 10 * 1024 * 1024;

/** Negative, zero or positive as `a` lies before, at or behind `b`. */
export function comparePositions(a: Position, b: Position): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
