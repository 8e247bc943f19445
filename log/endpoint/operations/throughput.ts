/*
 * The service's rates per shard (Developer Guide, "Quotas and limits"; API Reference, GetRecords): 1 MiB/s and 1,000
 * records/s in, 2 MiB/s and 5 reads/s out. Kept in this process alone.
 */
const WRITE_BYTES_PER_SECOND = 1024 * 1024;
const WRITE_RECORDS_PER_SECOND = 1000;
/** What a shard gives to all who poll it, and again to each consumer. */
export const READ_BYTES_PER_SECOND = 2 * 1024 * 1024;
const READS_PER_SECOND = 5;
/** Shards remembered; one that is forgotten begins with all its rates unused. */
const SHARDS_MAX = 20_000;

/** What tells one stream from another of the same name. */
export interface ThrottledStream {
  readonly description: { readonly incarnation: string };
}

/** The rates of each shard. */
export interface Throughput {
  /** Takes one record in, if the shard has room for it now. */
  write(stream: ThrottledStream, shardId: string, bytes: number): boolean;
  /** Takes one read, if the shard allows it now. */
  read(stream: ThrottledStream, shardId: string): boolean;
  /** What a read that was allowed gave: 10 MiB at once hold up the reads after it for 5 s, and less in proportion. */
  readBytes(stream: ThrottledStream, shardId: string, bytes: number): void;
}

interface ShardRates {
  readonly writeBytes: Bucket;
  readonly writeRecords: Bucket;
  readonly reads: Bucket;
  readonly readBytes: Bucket;
  /** No read before this, µs. */
  readAfterUs: number;
}

/** `clock` gives µs since 1970. */
export function createThroughput(clock: () => number): Throughput {
  const shards = new Map<string, ShardRates>();
  const ratesOf = ({ description }: ThrottledStream, shardId: string): ShardRates => {
    const key = `${description.incarnation}/${shardId}`;
    const known = shards.get(key);
    if (known !== undefined) return known;
    if (shards.size >= SHARDS_MAX) shards.clear();
    const rates = {
      writeBytes: createBucket(clock, WRITE_BYTES_PER_SECOND, WRITE_BYTES_PER_SECOND),
      writeRecords: createBucket(clock, WRITE_RECORDS_PER_SECOND, WRITE_RECORDS_PER_SECOND),
      reads: createBucket(clock, READS_PER_SECOND, READS_PER_SECOND),
      readBytes: createBucket(clock, READ_BYTES_PER_SECOND, READ_BYTES_PER_SECOND),
      readAfterUs: 0,
    };
    shards.set(key, rates);
    return rates;
  };
  return {
    write(stream, shardId, bytes) {
      const { writeBytes, writeRecords } = ratesOf(stream, shardId);
      if (!writeRecords.has(1) || !writeBytes.has(Math.min(bytes, WRITE_BYTES_PER_SECOND))) return false;
      writeRecords.take(1);
      writeBytes.take(bytes);
      return true;
    },
    read(stream, shardId) {
      const rates = ratesOf(stream, shardId);
      if (clock() < rates.readAfterUs || !rates.readBytes.has(1) || !rates.reads.has(1)) return false;
      rates.reads.take(1);
      return true;
    },
    readBytes(stream, shardId, bytes) {
      const rates = ratesOf(stream, shardId);
      if (bytes <= READ_BYTES_PER_SECOND) rates.readBytes.take(bytes);
      else rates.readAfterUs = clock() + (bytes / READ_BYTES_PER_SECOND) * 1_000_000;
    },
  };
}

interface Bucket {
  has(amount: number): boolean;
  /** May overdraw, for a record larger than a second's share: what is owed holds up the next. */
  take(amount: number): void;
}

/** Holds at most `burst` and fills at `perSecond`. */
function createBucket(clock: () => number, perSecond: number, burst: number): Bucket {
  let filled = burst;
  let atUs = clock();
  const fill = (): void => {
    const now = clock();
    filled = Math.min(burst, filled + (Math.max(0, now - atUs) / 1_000_000) * perSecond);
    atUs = now;
  };
  return {
    has(amount) {
      fill();
      return filled >= amount;
    },
    take(amount) {
      fill();
      filled -= amount;
    },
  };
}
