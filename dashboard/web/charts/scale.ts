export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

/** Linear from [low, high] to [from, to], with about `wanted` round ticks inside. */
export function linear(low: number, high: number, from: number, to: number, wanted = 4): Scale {
  const span = high - low || 1;
  const scale = (value: number) => from + ((value - low) / span) * (to - from);
  return Object.assign(scale, { ticks: roundTicks(low, low + span, wanted) });
}

/** Low and high with a margin, so that no mark lies on the frame; never an empty range. */
export function padded(values: readonly number[], share = 0.08): [number, number] {
  if (values.length === 0) return [0, 1];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  // A spread too small for the digits of a double is drawn as none.
  const spread = Math.max(high - low > largest * 1e-6 ? high - low : largest, 1e-12);
  const margin = spread * share;
  return [low - margin, high + margin];
}

/** Steps of 1, 2 or 5 times a power of ten. */
function roundTicks(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((candidate) => candidate >= rough) ?? power;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9 && ticks.length < 20; i++)
    ticks.push(Number((i * step).toPrecision(15)));
  return ticks;
}
