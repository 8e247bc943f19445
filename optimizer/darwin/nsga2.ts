import { createRandom, type Random } from '../../core/index.ts';
import { nonDominated } from './dominance.ts';
import { evaluateChecked, type Problem, type Solution } from './problem.ts';
import { createSorter, crowdingDistance, SORT_MEMBERS_MAX } from './sort.ts';
import { clamp, polynomialMutation, simulatedBinaryCrossover } from './variation.ts';

/** Settings of a run; what is left out takes the values that Deb et al. 2002 and most studies use. */
export interface Nsga2Options {
  readonly seed: number | string;
  /** Members of a generation, even, 4 to 2048; 100 unless told. */
  readonly population?: number;
  /** Probability that a pair mates; 0.9 unless told. */
  readonly crossoverProbability?: number;
  /** Distribution index of SBX; 20 unless told. */
  readonly crossoverEta?: number;
  /** Probability that a gene mutates; 1/genes unless told. */
  readonly mutationProbability?: number;
  /** Distribution index of polynomial mutation; 20 unless told. */
  readonly mutationEta?: number;
  /** Genomes to begin with; the rest are drawn uniformly. Clamped to the bounds. */
  readonly initial?: readonly Float64Array[];
}

/** Everything that the next generation depends on, as JSON carries it. */
export interface Nsga2State {
  readonly problem: string;
  readonly seed: string;
  readonly generation: number;
  readonly evaluations: number;
  readonly settings: Nsga2Settings;
  /** The genomes of the population, one behind the other. */
  readonly genomes: readonly number[];
  /** Their objectives, likewise. */
  readonly objectives: readonly number[];
}

export interface Nsga2Settings {
  readonly population: number;
  readonly crossoverProbability: number;
  readonly crossoverEta: number;
  readonly mutationProbability: number;
  readonly mutationEta: number;
}

export interface GenerationReport {
  readonly generation: number;
  /** Evaluations since the run began. */
  readonly evaluations: number;
  /** Members of the population that none of it dominates. */
  readonly frontSize: number;
}

/** A run between two generations. */
export interface Nsga2Run {
  readonly generation: number;
  readonly evaluations: number;
  /** Makes the next generation; synchronous. */
  step(): GenerationReport;
  population(): Solution[];
  /** The non-dominated members, one for each objective vector, ordered by objectives. */
  front(): Solution[];
  state(): Nsga2State;
}

/**
 * NSGA-II (Deb, Pratap, Agarwal, Meyarivan 2002, IEEE TEVC 6(2):182–197, doi 10.1109/4235.996017). Evaluates
 * generation 0 at once. Each generation draws its numbers from a stream of its own, split off the seed, so that
 * genomes, objectives and the generation's number are all there is to remember.
 */
export function createRun(problem: Problem, options: Nsga2Options): Nsga2Run {
  const settings = settingsOf(problem, options);
  const genes = problem.lower.length;
  const genomes = new Float64Array(settings.population * genes);
  const random = createRandom(options.seed).split('generation 0');
  for (let i = 0; i < settings.population; i++) {
    for (let g = 0; g < genes; g++) {
      const lower = problem.lower[g] as number;
      const upper = problem.upper[g] as number;
      const drawn = lower + random.next() * (upper - lower);
      genomes[i * genes + g] = clamp(options.initial?.[i]?.[g] ?? drawn, lower, upper);
    }
  }
  const objectives = new Float64Array(settings.population * problem.objectives);
  evaluateAll(problem, genomes, objectives);
  return run(problem, String(options.seed), settings, {
    generation: 0,
    evaluations: settings.population,
    genomes,
    objectives,
  });
}

/** Goes on from a state as if the run had never stopped; RangeError when the state is not this problem's. */
export function resumeRun(problem: Problem, state: Nsga2State): Nsga2Run {
  const settings = settingsOf(problem, { seed: state.seed, ...state.settings });
  const fits =
    state.problem === problem.name &&
    state.genomes.length === settings.population * problem.lower.length &&
    state.objectives.length === settings.population * problem.objectives &&
    [...state.genomes, ...state.objectives].every(Number.isFinite);
  if (!fits) {
    throw new RangeError(
      `[optimizer/darwin] the saved run of ${state.problem} does not fit ${problem.name}; begin a new run`,
    );
  }
  return run(problem, state.seed, settings, {
    generation: state.generation,
    evaluations: state.evaluations,
    genomes: Float64Array.from(state.genomes),
    objectives: Float64Array.from(state.objectives),
  });
}

function settingsOf(problem: Problem, options: Nsga2Options): Nsga2Settings {
  const population = options.population ?? 100;
  if (!Number.isInteger(population) || population < 4 || population % 2 === 1 || population > SORT_MEMBERS_MAX / 2) {
    throw new RangeError(
      `[optimizer/darwin] a population of ${population}; take an even number from 4 to ${SORT_MEMBERS_MAX / 2}`,
    );
  }
  return {
    population,
    crossoverProbability: options.crossoverProbability ?? 0.9,
    crossoverEta: options.crossoverEta ?? 20,
    mutationProbability: options.mutationProbability ?? 1 / problem.lower.length,
    mutationEta: options.mutationEta ?? 20,
  };
}

function evaluateAll(problem: Problem, genomes: Float64Array, objectives: Float64Array): void {
  const genes = problem.lower.length;
  const size = problem.objectives;
  for (let i = 0; i * genes < genomes.length; i++) {
    evaluateChecked(
      problem,
      genomes.subarray(i * genes, (i + 1) * genes),
      objectives.subarray(i * size, (i + 1) * size),
    );
  }
}

interface Ranked {
  rank: Uint16Array;
  readonly crowding: Float64Array;
  frontSize: number;
}

interface Generation {
  generation: number;
  evaluations: number;
  genomes: Float64Array;
  objectives: Float64Array;
}

function run(problem: Problem, seed: string, settings: Nsga2Settings, now: Generation): Nsga2Run {
  const genes = problem.lower.length;
  const size = problem.objectives;
  const { population } = settings;
  const root = createRandom(seed);
  const sort = createSorter(2 * population);
  const ranked: Ranked = { rank: new Uint16Array(population), crowding: new Float64Array(population), frontSize: 0 };
  const bothGenomes = new Float64Array(2 * population * genes);
  const bothObjectives = new Float64Array(2 * population * size);

  const rankNow = () => {
    const fronts = sort(now.objectives, population, size);
    ranked.rank = fronts.rank;
    ranked.frontSize = fronts.starts[1] ?? 0;
    for (let f = 0; f + 1 < fronts.starts.length; f++) {
      const members = fronts.order.subarray(fronts.starts[f], fronts.starts[f + 1]);
      crowdingDistance(now.objectives, size, members, ranked.crowding);
    }
  };
  rankNow();

  const solutions = () =>
    Array.from(
      { length: population },
      (_, i): Solution => ({
        genome: now.genomes.slice(i * genes, (i + 1) * genes),
        objectives: now.objectives.slice(i * size, (i + 1) * size),
      }),
    );

  return {
    get generation() {
      return now.generation;
    },
    get evaluations() {
      return now.evaluations;
    },
    step() {
      const random = root.split(`generation ${now.generation + 1}`);
      bothGenomes.set(now.genomes);
      bothObjectives.set(now.objectives);
      const children = bothGenomes.subarray(population * genes);
      breed(problem, settings, now.genomes, ranked, children, random);
      evaluateAll(problem, children, bothObjectives.subarray(population * size));
      const survivors = survive(sort(bothObjectives, 2 * population, size), bothObjectives, size, population);
      survivors.forEach((from, to) => {
        now.genomes.set(bothGenomes.subarray(from * genes, (from + 1) * genes), to * genes);
        now.objectives.set(bothObjectives.subarray(from * size, (from + 1) * size), to * size);
      });
      now.generation++;
      now.evaluations += population;
      rankNow();
      return { generation: now.generation, evaluations: now.evaluations, frontSize: ranked.frontSize };
    },
    population: solutions,
    front: () => nonDominated(solutions()),
    state: () => ({
      problem: problem.name,
      seed,
      generation: now.generation,
      evaluations: now.evaluations,
      settings,
      genomes: Array.from(now.genomes),
      objectives: Array.from(now.objectives),
    }),
  };
}

/**
 * Children of binary tournaments, SBX and polynomial mutation. As in the authors' code every member fights in
 * two tournaments (two shuffles of the population), so the best has two chances to mate and none is forgotten.
 */
function breed(
  problem: Problem,
  settings: Nsga2Settings,
  parents: Float64Array,
  ranked: Ranked,
  children: Float64Array,
  random: Random,
): void {
  const genes = problem.lower.length;
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
    simulatedBinaryCrossover(one, two, problem, crossover, random);
    polynomialMutation(one, problem, mutation, random);
    polynomialMutation(two, problem, mutation, random);
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
function survive(
  fronts: ReturnType<ReturnType<typeof createSorter>>,
  objectives: Float64Array,
  size: number,
  population: number,
): Uint16Array {
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
