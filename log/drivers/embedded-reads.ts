import type { Log, Start } from '../log.ts';
import type { Catalog, OpenShard } from './embedded/catalog.ts';
import type { Environment } from './embedded/environment.ts';
import { readHead } from './embedded/head.ts';
import type { Reader } from './embedded/reader.ts';
import type { Watchers } from './embedded/watchers.ts';

export interface ReadsOptions {
  readonly environment: Environment;
  readonly catalog: Catalog;
  readonly reader: Reader;
  readonly watchers: Watchers;
  /** Lets the next look see the newest commit, whoever made it. */
  readonly fresh: () => void;
}

/** What a reader of shards does with the embedded log. */
export function createReads(options: ReadsOptions): Pick<Log, 'read' | 'watch' | 'bounds'> {
  const { environment, catalog, reader, watchers, fresh } = options;
  const headOf = (shard: OpenShard) => readHead(environment, shard.stream.id, shard.index);
  /** Reads are synchronous below: without this a loop of them would let nobody else have a turn. */
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    async read(stream, shardId, start, readOptions = {}) {
      await turn();
      fresh();
      const shard = catalog.shard(stream, shardId);
      const result = reader.read(shard, start, readOptions);
      if (shard.closedUs === null) return result;
      const head = headOf(shard);
      return { ...result, ended: reader.resolve(shard, result.next, head) >= head.next };
    },
    async watch(stream, shardId, start, timeoutMs, signal) {
      fresh();
      const shard = catalog.shard(stream, shardId);
      const at: Start = start.type === 'LATEST' ? startAtTip(shard, headOf(shard).next) : start;
      const ready = (): boolean => {
        const now = catalog.shard(stream, shardId);
        if (now.stream.id !== shard.stream.id || now.closedUs !== null) return true;
        const head = headOf(now);
        return reader.resolve(now, at, head) < head.next;
      };
      await watchers.wait(ready, timeoutMs, signal);
    },
    async bounds(stream, shardId) {
      fresh();
      const shard = catalog.shard(stream, shardId);
      const { earliest, next } = headOf(shard);
      if (earliest === next) return { earliest: null, latest: null };
      return { earliest: shard.sequence.position(earliest), latest: shard.sequence.position(next - 1) };
    },
  };
}

function startAtTip(shard: OpenShard, next: number): Start {
  return { type: 'AT_SEQUENCE_NUMBER', position: shard.sequence.position(next) };
}
