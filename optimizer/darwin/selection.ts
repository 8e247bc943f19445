import type { Random } from '../../core/index.ts';
import { crowdingDistance, type Fronts } from './sort.ts';
import { type Bounds, polynomialMutation, simulatedBinaryCrossover } from './variation.ts';

/** How a generation makes the next one. */
export interface VariationSettings {
  /** Members of a generation. */
  readonly population: number;
  /** Probability that a pair mates. */
  readonly crossoverProbability: number;
  /** Distribution index of SBX. */
  readonly crossoverEta: number;
  /** Probability that a gene mutates. */
  readonly mutationProbability: number;
  /** Distribution index of polynomial mutation. */
  readonly mutationEta: number;
}

/** What the crowded comparison looks at, by member. */
export interface Ranked {
  rank: Uint16Array;
  readonly crowding: Float64Array;
}

/**
 * Children of binary tournaments, SBX and polynomial mutation. As in the authors' code every member fights in
 * two tournaments (two shuffles of the population), so the best has two chances to mate and none is forgotten.
 */
export function breed(
  bounds: Bounds,
  settings: VariationSettings,
  parents: Float64Array,
  ranked: Ranked,
  children: Float64Array,
  random: Random,
): void {
  const genes = bounds.lower.length;
  const { population } = settings;
  const shuffles = [shuffle(population, random), shuffle(population, random)].flatMap((list) => [...list]);
  const winner = (at: number) => {
    const a = shuffles[at % shuffles.length] as number;
    const b = shuffles[(at + 1) % shuffles.length] as number;
    const byRank = (ranked.rank[a] as number) - (ranked.rank[b] as number);
    if (byRank !== 0) return byRank < 0 ? a : b;
    const crowdingA = ranked.crowding[a] as number;
    const crowdingB = ranked.crowding[b] as number;
    if (crowdingA !== crowdingB) return crowdingA > crowdingB ? a : b;
    return random.next() < 0.5 ? a : b;
  };
  const crossover = { probability: settings.crossoverProbability, eta: settings.crossoverEta };
  const mutation = { probability: settings.mutationProbability, eta: settings.mutationEta };
  for (let i = 0; i < population; i += 2) {
    const one = children.subarray(i * genes, (i + 1) * genes);
    const two = children.subarray((i + 1) * genes, (i + 2) * genes);
    const mother = winner(2 * i);
    const father = winner(2 * i + 2);
    one.set(parents.subarray(mother * genes, (mother + 1) * genes));
    two.set(parents.subarray(father * genes, (father + 1) * genes));
    simulatedBinaryCrossover(one, two, bounds, crossover, random);
    polynomialMutation(one, bounds, mutation, random);
    polynomialMutation(two, bounds, mutation, random);
  }
}

/** Fisher–Yates. */
function shuffle(count: number, random: Random): Uint16Array {
  const list = Uint16Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.int(i + 1);
    const kept = list[i] as number;
    list[i] = list[j] as number;
    list[j] = kept;
  }
  return list;
}

/** The best half: whole fronts while they fit, of the next one the least crowded (Deb et al. 2002, §III-C). */
export function survive(fronts: Fronts, objectives: Float64Array, size: number, population: number): Uint16Array {
  let f = 0;
  while ((fronts.starts[f + 1] as number) <= population) {
    if (fronts.starts[f + 1] === population) return fronts.order.slice(0, population);
    f++;
  }
  const crowding = new Float64Array(2 * population);
  const last = fronts.order.slice(fronts.starts[f], fronts.starts[f + 1]);
  crowdingDistance(objectives, size, last, crowding);
  // Infinity − Infinity is NaN, hence the comparison; ties go to the lower index, the parent.
  last.sort((a, b) => {
    const x = crowding[a] as number;
    const y = crowding[b] as number;
    return x === y ? a - b : x > y ? -1 : 1;
  });
  const survivors = fronts.order.slice(0, population);
  const room = population - (fronts.starts[f] as number);
  survivors.set(last.subarray(0, room), fronts.starts[f]);
  return survivors;
}
