import { type HashKeyRange, hashKeyOf } from '../log/index.ts';
import { addPolicy } from './control.ts';
import { createShardState, FINDINGS_MAX, type ShardState } from './state.ts';

const HOURS_KEPT = 24;

/**
 * The state that a shard begins with: what its parents ended with, of the people whose keys it took over. One parent
 * after a split, two after a merge, whose keys do not overlap. Recent uids and findings say nothing of keys, and more
 * of them than the shard will ever be asked for does no harm: all are taken. `parents` are not changed, but the child
 * shares their people: they must not be used any more.
 */
export function inherit(parents: readonly ShardState[], range: HashKeyRange): ShardState {
  const child = createShardState();
  const start = BigInt(range.start);
  const end = BigInt(range.end);
  for (const parent of parents) {
    child.clockUs = Math.max(child.clockUs, parent.clockUs);
    for (const [key, person] of parent.people) {
      const hashKey = hashKeyOf(key);
      if (start <= hashKey && hashKey <= end) child.people.set(key, person);
    }
    for (const policy of parent.policies) addPolicy(child.policies, policy);
  }
  joinRecentUids(parents, child);
  joinFindings(parents, child);
  return child;
}

function joinRecentUids(parents: readonly ShardState[], child: ShardState): void {
  const hours = parents.flatMap(({ recentUids }) => recentUids.hours().map(({ hour }) => hour));
  const newest = Math.max(...hours, 0);
  for (const hour of new Set(hours)) {
    // The one that is behind would have forgotten them at its next record.
    if (hour < newest - HOURS_KEPT) continue;
    child.recentUids.restore(hour, Buffer.concat(parents.map(({ recentUids }) => recentUids.bytesOf(hour))));
  }
}

/** In the order in which they were noted, so that it is the oldest that go first. */
function joinFindings(parents: readonly ShardState[], child: ShardState): void {
  const [first] = parents;
  const noted =
    parents.length === 1 && first !== undefined
      ? [...first.findings]
      : parents.flatMap(({ findings }) => [...findings]).sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  for (const [key, clockUs] of noted.slice(-FINDINGS_MAX)) child.findings.set(key, clockUs);
}
