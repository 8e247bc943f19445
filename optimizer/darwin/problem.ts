/** Something to optimise: real-valued genes within bounds, several objectives, all of them minimised. */
export interface Problem {
  readonly name: string;
  /** Smallest value of each gene. */
  readonly lower: Float64Array;
  /** Largest value of each gene; as long as `lower`. */
  readonly upper: Float64Array;
  /** How many objectives `evaluate` writes. */
  readonly objectives: number;
  /** Writes the objectives of `genome` to `out`: finite numbers, the same ones for the same genome. */
  evaluate(genome: Float64Array, out: Float64Array): void;
}

/** A genome with its objectives. */
export interface Solution {
  readonly genome: Float64Array;
  readonly objectives: Float64Array;
}

/** Evaluates and checks: an objective that is no finite number would make every comparison meaningless. */
export function evaluateChecked(problem: Problem, genome: Float64Array, out: Float64Array): void {
  problem.evaluate(genome, out);
  for (let m = 0; m < out.length; m++) {
    if (!Number.isFinite(out[m])) {
      throw new RangeError(
        `[optimizer/darwin] objective ${m} of ${problem.name} is ${out[m]}; objectives must be finite numbers`,
      );
    }
    // -0 becomes 0: JSON does not carry the sign, and a resumed run must equal the uninterrupted one.
    out[m] = (out[m] as number) + 0;
  }
}
