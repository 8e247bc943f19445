/**
 * The log's small state as ordered keys and values: streams, documents, heads. The whole of it is in memory in every
 * handle; what changes it is written to the segments like records are, and so is as durable as they are.
 */
export interface Environment {
  /** The value; not to be changed. */
  get(key: Buffer): Buffer | undefined;
  /** Keys from `from` (included) towards `to` (excluded), ascending or, when `from` > `to`, descending. */
  keys(from: Buffer, to: Buffer, max: number): Buffer[];
  /** Only inside the work of the writer's `run`. */
  put(key: Buffer, value: Buffer): void;
  /** Only inside the work of the writer's `run`. */
  remove(key: Buffer): void;
  /** Lets the next read see what was committed last, by whatever process. */
  refresh(): void;
  /** Number of the newest commit of any process; cheap. */
  lastTransaction(): number;
}
