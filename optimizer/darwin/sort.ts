import { compareDominance } from './dominance.ts';

/** Ranks of a set of objective vectors, and the members of each front. */
export interface Fronts {
  /** Rank of each member, 0 for the non-dominated ones. */
  readonly rank: Uint16Array;
  /** Members ordered by rank, within a front by index. */
  readonly order: Uint16Array;
  /** Where each front begins in `order`; one more entry than fronts, the last being the number of members. */
  readonly starts: readonly number[];
}

/** Most members that can be sorted at once: the table of dominated members takes 2·n² bytes. */
export const SORT_MEMBERS_MAX = 4096;

/**
 * Fast non-dominated sort, O(M·N²) (Deb, Pratap, Agarwal, Meyarivan 2002, doi 10.1109/4235.996017, §III-A).
 * `objectives` holds `count` vectors of `size` numbers.
 */
export function createSorter(countMax: number): (objectives: Float64Array, count: number, size: number) => Fronts {
  if (countMax > SORT_MEMBERS_MAX) {
    throw new RangeError(`[optimizer/darwin] ${countMax} members to sort; at most ${SORT_MEMBERS_MAX} are possible`);
  }
  const dominated = new Uint16Array(countMax * countMax);
  const dominatedCount = new Uint16Array(countMax);
  const dominators = new Uint16Array(countMax);
  const compare = compareDominance;
  return (objectives, count, size) => {
    dominatedCount.fill(0);
    dominators.fill(0);
    const note = (winner: number, loser: number) => {
      const used = dominatedCount[winner] as number;
      dominated[winner * countMax + used] = loser;
      dominatedCount[winner] = used + 1;
      dominators[loser] = (dominators[loser] as number) + 1;
    };
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) {
        const who = compare(objectives, objectives, size, i * size, j * size);
        if (who < 0) note(i, j);
        else if (who > 0) note(j, i);
      }
    }
    return peel(count, countMax, { dominated, dominatedCount, dominators });
  };
}

interface Relations {
  readonly dominated: Uint16Array;
  readonly dominatedCount: Uint16Array;
  readonly dominators: Uint16Array;
}

function peel(count: number, stride: number, relations: Relations): Fronts {
  const { dominated, dominatedCount, dominators } = relations;
  const rank = new Uint16Array(count);
  const order = new Uint16Array(count);
  const starts = [0];
  let placed = 0;
  for (let i = 0; i < count; i++) if (dominators[i] === 0) order[placed++] = i;
  let from = 0;
  while (from < placed) {
    const end = placed;
    for (let at = from; at < end; at++) {
      const winner = order[at] as number;
      rank[winner] = starts.length - 1;
      for (let k = 0; k < (dominatedCount[winner] as number); k++) {
        const loser = dominated[winner * stride + k] as number;
        const left = (dominators[loser] as number) - 1;
        dominators[loser] = left;
        if (left === 0) order[placed++] = loser;
      }
    }
    // By index within a front, so that the order hangs on the members alone.
    order.subarray(end, placed).sort();
    starts.push(end);
    from = end;
  }
  return { rank, order, starts };
}

/**
 * Crowding distance (Deb et al. 2002, §III-B) of the `members` of one front, written to `distance` at each
 * member's index: the sum over objectives of the gap between its neighbours, divided by the front's range;
 * Infinity at the ends. An objective on which all agree tells nobody apart and is left out.
 */
export function crowdingDistance(
  objectives: Float64Array,
  size: number,
  members: Uint16Array,
  distance: Float64Array,
): void {
  for (const member of members) distance[member] = 0;
  const sorted = Uint16Array.from(members);
  for (let m = 0; m < size; m++) {
    const value = (member: number) => objectives[member * size + m] as number;
    sorted.sort((a, b) => value(a) - value(b) || a - b);
    const first = sorted[0] as number;
    const last = sorted[sorted.length - 1] as number;
    const range = value(last) - value(first);
    if (range === 0 && sorted.length > 1) continue;
    distance[first] = Number.POSITIVE_INFINITY;
    distance[last] = Number.POSITIVE_INFINITY;
    for (let k = 1; k < sorted.length - 1; k++) {
      const member = sorted[k] as number;
      const gap = value(sorted[k + 1] as number) - value(sorted[k - 1] as number);
      distance[member] = (distance[member] as number) + gap / range;
    }
  }
}
