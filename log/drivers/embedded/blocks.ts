import { ConfigError } from '../../../core/index.ts';
import type { LogRecord } from '../../log.ts';
import { type BlockHeader, decodeBlock, readBlockHeader } from './block.ts';
import type { OpenShard } from './catalog.ts';
import type { Environment } from './environment.ts';
import { blockKey, blocksFrom, firstOfKey } from './keys.ts';

/** Blocks that a read ended in, kept so that reading in small bites does not decode them again. */
const BLOCKS_KEPT_MAX = 16;

export interface Block extends BlockHeader {
  readonly records: readonly LogRecord[];
}

/** The blocks of all shards by the counters in them; ConfigError when one is damaged or missing. */
export interface Blocks {
  /** Only the header; its checksum is not verified. */
  headerAt(shard: OpenShard, counter: number): BlockHeader;
  blockAt(shard: OpenShard, counter: number): Block;
  /** The next read of the shard will ask for this block again. */
  keep(shard: OpenShard, block: Block): void;
}

export function createBlocks(environment: Environment): Blocks {
  const kept = new Map<string, Block>();
  const nameOf = (shard: OpenShard): string => `${shard.stream.id}/${shard.index}`;

  /** The stored block that should hold `counter`, valid until the next call, and the counter it begins at. */
  const locate = (shard: OpenShard, counter: number): { first: number; bytes: Buffer | undefined } => {
    const { id } = shard.stream;
    // Reading on from the end of a block asks for exactly the next block's first record.
    const exact = environment.get(blockKey(id, shard.index, counter));
    if (exact !== undefined) return { first: counter, bytes: exact };
    const [key] = environment.keys(blockKey(id, shard.index, counter), blocksFrom(id, shard.index), 1);
    if (key === undefined) throw damaged(shard, counter);
    return { first: firstOfKey(key), bytes: environment.get(key) };
  };
  const holds = (header: BlockHeader, first: number, counter: number): boolean =>
    header.first === first && counter < first + header.count;

  return {
    headerAt(shard, counter) {
      const { first, bytes } = locate(shard, counter);
      const header = bytes && readBlockHeader(bytes);
      if (!header || !holds(header, first, counter)) throw damaged(shard, counter);
      return header;
    },
    blockAt(shard, counter) {
      const known = kept.get(nameOf(shard));
      if (known !== undefined && counter >= known.first && counter < known.first + known.count) return known;
      const { first, bytes } = locate(shard, counter);
      // The one copy: out of the store's memory, for the records given are views of it and must stay as they are.
      const copy = bytes && Buffer.from(bytes);
      const header = copy && readBlockHeader(copy);
      const records = copy && decodeBlock(copy, shard.sequence.position);
      if (!records || !header || !holds(header, first, counter)) throw damaged(shard, counter);
      return { ...header, records };
    },
    keep(shard, block) {
      const name = nameOf(shard);
      kept.delete(name);
      if (kept.size >= BLOCKS_KEPT_MAX) kept.delete(kept.keys().next().value ?? '');
      kept.set(name, block);
    },
  };
}

function damaged(shard: OpenShard, counter: number): ConfigError {
  const name = `${shard.stream.description.stream}/${shard.shardId}`;
  return new ConfigError(
    `[log/embedded] the block of ${name} at ${shard.sequence.position(counter)} is damaged; restore the log from a copy or trim past it`,
  );
}
