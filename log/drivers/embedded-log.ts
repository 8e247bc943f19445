import type { Appended, AppendRecord, Log, Position, Retention, Shard, StreamDescription } from '../log.ts';

export type { Retention } from '../log.ts';

/** What the embedded log can do beyond the port: resharding, documents, several changes as one. */

export interface PlacedRecord extends AppendRecord {
  /** Places the record instead of the key's MD5: 0 to 2¹²⁸ − 1 in decimal. */
  readonly explicitHashKey?: string;
}

export interface ShardDetails extends Shard {
  /** µs since 1970; when its parents were closed, if it has any. */
  readonly createdUs: number;
  /** When it was split or merged, µs; null while it takes records. */
  readonly closedUs: number | null;
  /** The position of its first record ever, there or not. */
  readonly startPosition: Position;
  /** Behind its last record, once it is closed; null before. */
  readonly endPosition: Position | null;
}

export const KEEP_ALL: Retention = { ageMs: null, shardBytes: null };

/** A stream as it is now. */
export interface StreamState {
  readonly description: StreamDescription;
  readonly retention: Retention;
  /** JSON that its user keeps beside it and that dies with it; null when there is none. Not to be changed. */
  readonly document: unknown;
}

/** What can be looked up at once, as of the newest commit. */
export interface StreamLookup {
  /** Null when there is no such stream. */
  look(stream: string): StreamState | null;
  /** In the order in which they came to be; ConfigError when there is no such stream. */
  shards(stream: string): readonly ShardDetails[];
  /** One of these; null when there is none of that id. ConfigError when there is no such stream. */
  shard(stream: string, shardId: string): ShardDetails | null;
  /** The open shard that a record would go to; ConfigError when there is no such stream, or for no hash key. */
  shardOf(stream: string, partitionKey: string, explicitHashKey?: string): string;
  /** Ascending. */
  names(): readonly string[];
  /** JSON under a name of its own; null when there is none. Not to be changed. */
  document(name: string): unknown;
}

/**
 * Changes that become durable together or not at all. Each checks everything before it writes; whoever makes several
 * must know beforehand that none will be refused, since a refused one does not take the others back.
 */
export interface StreamChanges extends StreamLookup {
  /** ConflictError when there is one of that name. */
  create(stream: string, options: CreateOptions): void;
  delete(stream: string): void;
  /**
   * Closes the shard; two children have its hash keys, the second from `newStartingHashKey` (decimal) on. ConfigError
   * for a shard that is not there or a key outside it, ConflictError for a closed one.
   */
  split(stream: string, shardId: string, newStartingHashKey: string): void;
  /** Closes two shards whose hash keys follow each other; one child has them. Errors as in {@link split}. */
  merge(stream: string, shardId: string, adjacentShardId: string): void;
  /** Splits and merges until the stream has so many open shards of even ranges; shards that fit stay. */
  reshape(stream: string, shards: number): void;
  setRetention(stream: string, retention: Retention): void;
  /** As the port's `hold`; the lowest of all holders counts. */
  hold(stream: string, shardId: string, holder: string, position: Position | null): void;
  /** Null removes it. */
  setDocument(stream: string, document: unknown): void;
  /** A document of the log itself; null removes it. */
  setLogDocument(name: string, document: unknown): void;
}

export interface CreateOptions {
  readonly shards: number;
  /** All of it by default. */
  readonly retention?: Retention;
  readonly document?: unknown;
}

export interface EmbeddedLog extends Log, StreamLookup {
  readonly driver: 'embedded';
  append(stream: string, records: readonly PlacedRecord[]): Promise<readonly Appended[]>;
  /**
   * Runs `work` in the one write transaction that all processes take turns in: what it looks up cannot change before
   * it is done, and no append lies between its changes. What it throws before its first change rejects and changes
   * nothing. Resolves when all is durable.
   */
  change<T>(work: (streams: StreamChanges) => T): Promise<T>;
  /** One split by itself. */
  splitShard(stream: string, shardId: string, newStartingHashKey: string): Promise<StreamDescription>;
  /** One merge by itself. */
  mergeShards(stream: string, shardId: string, adjacentShardId: string): Promise<StreamDescription>;
  hold(stream: string, shardId: string, holder: string, position: Position | null): Promise<void>;
  retain(stream: string, retention: Retention): Promise<void>;
  /** Forgets what its stream's retention does not keep, and closed shards with nothing left. Runs by itself, too. */
  enforceRetention(): Promise<void>;
}
