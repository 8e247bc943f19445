import { availableParallelism, cpus, totalmem } from 'node:os';

/** One measured figure: the median of its samples. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly samples: readonly number[];
}

export interface BenchReport {
  readonly bench: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly node: string;
  };
  readonly results: readonly BenchResult[];
}

export function reportOf(bench: string, results: readonly BenchResult[]): BenchReport {
  const cpu = cpus()[0]?.model ?? 'unknown';
  return {
    bench,
    machine: { cpu, cores: availableParallelism(), memoryBytes: totalmem(), node: process.version },
    results,
  };
}

export function result(name: string, unit: string, samples: readonly number[]): BenchResult {
  return { name, value: median(samples), unit, samples };
}

/** The smallest sample that at least this part (0 to 1) of all are not above; NaN of none. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export const round = (value: number, digits: number): number => Number(value.toFixed(digits));
