import type { Committed, Committer } from './committer.ts';
import type { Holds } from './holds.ts';
import type { Lineage } from './lineage.ts';
import type { Manifest } from './manifest.ts';
import type { Pool } from './pool.ts';

export interface RoundDeps {
  readonly committer: Committer;
  readonly lineage: Pick<Lineage, 'refs' | 'committed'>;
  readonly pool: Pick<Pool, 'through'>;
  readonly holds: Holds;
  /** Per shard the newest manifest in the lake, kept here for the rules' clock. */
  readonly newest: Map<string, Manifest>;
  readonly onCommit?: (committed: Committed) => void;
}

/** Gives what commits all that is ready and tells whom it concerns; it resolves to false when nothing was. */
export function createRound({ committer, lineage, pool, holds, newest, onCommit }: RoundDeps) {
  return async (): Promise<boolean> => {
    const committed = await committer.commit([...lineage.refs.keys()]);
    for (const [shard, manifest] of committed.newest) {
      newest.set(shard, manifest);
      holds.committed(shard, manifest);
    }
    for (const [shard, n] of committed.through) {
      pool.through(shard, n);
      lineage.committed(shard, n);
    }
    if (committed.through.size > 0) onCommit?.(committed);
    return committed.through.size > 0;
  };
}
