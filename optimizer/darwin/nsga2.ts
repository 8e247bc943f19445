import { createRandom } from '../../core/index.ts';
import { type Archive, type ArchiveOptions, createArchive } from './archive.ts';
import { nonDominated } from './dominance.ts';
import { evaluateChecked, type Problem, type Solution } from './problem.ts';
import { breed, type Ranked, survive, type VariationSettings } from './selection.ts';
import { createSorter, crowdingDistance, SORT_MEMBERS_MAX } from './sort.ts';
import { clamp } from './variation.ts';

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
  /** An archive of the best that the run meets, beside the population; none unless told. */
  readonly archive?: ArchiveOptions;
  /** Genomes to begin with; the rest are drawn uniformly. Clamped to the bounds. */
  readonly initial?: readonly Float64Array[];
}

/** Everything that the next generation depends on, as JSON carries it. */
export interface Nsga2State {
  readonly problem: string;
  readonly seed: string;
  readonly generation: number;
  readonly evaluations: number;
  readonly settings: VariationSettings;
  /** The genomes of the population, one behind the other. */
  readonly genomes: readonly number[];
  /** Their objectives, likewise. */
  readonly objectives: readonly number[];
  /** The archive, likewise; null when the run keeps none. */
  readonly archive: {
    readonly max: number;
    readonly limit: readonly number[] | null;
    readonly genomes: readonly number[];
    readonly objectives: readonly number[];
  } | null;
}

interface GenerationReport {
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
  /**
   * The non-dominated members of the archive, or of the population where there is none: one for each objective
   * vector, ordered by objectives.
   */
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
  const bounds = options.archive ?? null;
  const archive = bounds && createArchive(bounds, unpack(problem, genomes, objectives));
  return run(problem, String(options.seed), settings, {
    archive,
    archiveOptions: bounds,
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
    fitsArchive(problem, state.archive) &&
    [...state.genomes, ...state.objectives].every(Number.isFinite);
  if (!fits) {
    throw new RangeError(
      `[optimizer/darwin] the saved run of ${state.problem} does not fit ${problem.name}; begin a new run`,
    );
  }
  const { archive } = state;
  const kept = archive && unpack(problem, Float64Array.from(archive.genomes), Float64Array.from(archive.objectives));
  return run(problem, state.seed, settings, {
    archive: archive && kept && createArchive(archive, kept),
    archiveOptions: archive,
    generation: state.generation,
    evaluations: state.evaluations,
    genomes: Float64Array.from(state.genomes),
    objectives: Float64Array.from(state.objectives),
  });
}

function fitsArchive(problem: Problem, archive: Nsga2State['archive']): boolean {
  if (archive === null) return true;
  const members = archive.genomes.length / problem.lower.length;
  return Number.isInteger(members) && archive.objectives.length === members * problem.objectives;
}

/** Genomes and objectives that lie one behind the other, as solutions. */
function unpack(problem: Problem, genomes: Float64Array, objectives: Float64Array): Solution[] {
  const genes = problem.lower.length;
  const size = problem.objectives;
  return Array.from({ length: genomes.length / genes }, (_, i) => ({
    genome: genomes.slice(i * genes, (i + 1) * genes),
    objectives: objectives.slice(i * size, (i + 1) * size),
  }));
}

function settingsOf(problem: Problem, options: Nsga2Options): VariationSettings {
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

interface Generation {
  archive: Archive | null;
  archiveOptions: ArchiveOptions | null;
  generation: number;
  evaluations: number;
  genomes: Float64Array;
  objectives: Float64Array;
}

function run(problem: Problem, seed: string, settings: VariationSettings, now: Generation): Nsga2Run {
  const genes = problem.lower.length;
  const size = problem.objectives;
  const { population } = settings;
  const root = createRandom(seed);
  const sort = createSorter(2 * population);
  const ranked: Ranked & { frontSize: number } = {
    rank: new Uint16Array(population),
    crowding: new Float64Array(population),
    frontSize: 0,
  };
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

  const solutions = () => unpack(problem, now.genomes, now.objectives);
  const archived = () => now.archive?.members() ?? null;

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
      now.archive?.add(unpack(problem, children, bothObjectives.subarray(population * size)));
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
    front: () => [...(archived() ?? nonDominated(solutions()))],
    state: () => ({
      problem: problem.name,
      seed,
      generation: now.generation,
      evaluations: now.evaluations,
      settings,
      genomes: Array.from(now.genomes),
      objectives: Array.from(now.objectives),
      archive: packed(now.archiveOptions, archived()),
    }),
  };
}

function packed(options: ArchiveOptions | null, members: readonly Solution[] | null): Nsga2State['archive'] {
  if (options === null || members === null) return null;
  return {
    max: options.max,
    limit: options.limit ?? null,
    genomes: members.flatMap((member) => Array.from(member.genome)),
    objectives: members.flatMap((member) => Array.from(member.objectives)),
  };
}
