/** One object's name and size. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/**
 * The small object store that the lake and the pipeline's state live on. Keys are relative, `/`-separated.
 * Every write is atomic (seen whole or not at all) and durable when its promise resolves.
 */
export interface Store {
  /** The object's bytes, or null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
  /** `length` bytes from `offset`; fewer at the end of the object. */
  getRange(key: string, offset: number, length: number): Promise<Uint8Array>;
  /** Objects whose key begins with `prefix`, in ascending UTF-8 order, behind `startAfter` if given. */
  list(prefix: string, startAfter?: string): AsyncIterable<StoredObject>;
  /** Writes unless the key exists; true when this call wrote it. An ambiguous failure throws RetryableError. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Writes or overwrites. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Deletes; no error when there is none. */
  delete(key: string): Promise<void>;
  /** How DuckDB opens the object: a path or an s3:// address. */
  locate(key: string): string;
}
