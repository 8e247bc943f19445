/** What there is to share, as one process sees it. */
export interface Shares {
  /** Who takes part, this process included, in any order. */
  readonly members: readonly string[];
  readonly self: string;
  /** Shards that can be worked now; those of them that this process has, and those that somebody else has. */
  readonly shards: readonly string[];
  readonly own: readonly string[];
  readonly others: readonly string[];
}

/**
 * Which shards to take and which to give back, so that all have the same number but for one. Everybody reckons by the
 * same rule: of N shards and M members, sorted by name, the first N mod M have one more.
 */
export function planShares({ members, self, shards, own, others }: Shares): { take: string[]; giveBack: string[] } {
  const sorted = [...new Set([...members, self])].sort();
  const rank = sorted.indexOf(self);
  const target = Math.floor(shards.length / sorted.length) + (rank < shards.length % sorted.length ? 1 : 0);
  const free = shards.filter((shard) => !own.includes(shard) && !others.includes(shard));
  return {
    take: free.slice(0, Math.max(0, target - own.length)),
    giveBack: own.slice(target),
  };
}
