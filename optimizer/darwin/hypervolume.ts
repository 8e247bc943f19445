/**
 * Hypervolume of a set of minimised objective vectors against a reference point: the measure of what the set
 * dominates and the reference point bounds (Zitzler and Thiele 1999). Exact for one to three objectives: a sweep
 * in the plane; in space the dimension sweep of Fonseca, Paquete and López-Ibáñez 2006 (doi
 * 10.1109/CEC.2006.1688440) over the third objective. Vectors that are not better than the reference point in
 * every objective add nothing. RangeError for more objectives or a vector of another length.
 */
export function hypervolume(points: readonly ArrayLike<number>[], reference: ArrayLike<number>): number {
  const size = reference.length;
  if (size < 1 || size > 3) {
    throw new RangeError(`[optimizer/darwin] a hypervolume of ${size} objectives; 1 to 3 are supported`);
  }
  const inside: Float64Array[] = [];
  for (const point of points) {
    if (point.length !== size) {
      throw new RangeError(
        `[optimizer/darwin] a vector of ${point.length} objectives against a reference point of ${size}; they must agree`,
      );
    }
    // Shifted so that the reference point is the origin and all that matters is negative.
    const shifted = Float64Array.from(point, (value, m) => value - (reference[m] as number));
    if (shifted.every((value) => value < 0)) inside.push(shifted);
  }
  if (inside.length === 0) return 0;
  if (size === 1) return -Math.min(...inside.map((point) => point[0] as number));
  inside.sort((a, b) => (a[size - 1] as number) - (b[size - 1] as number));
  return size === 2 ? areaOf(inside) : volumeOf(inside);
}

/** Points by ascending second objective: each adds the strip that it reaches beyond those before it. */
function areaOf(points: readonly Float64Array[]): number {
  let area = 0;
  let best = 0;
  for (const point of points) {
    const [x, y] = point as unknown as [number, number];
    if (x >= best) continue;
    area += (best - x) * -y;
    best = x;
  }
  return area;
}

/** Points by ascending third objective: the area dominated so far times the height to the next point. */
function volumeOf(points: readonly Float64Array[]): number {
  // The staircase: x ascending, y descending, none dominating another.
  const xs: number[] = [];
  const ys: number[] = [];
  let area = 0;
  let volume = 0;
  for (let i = 0; i < points.length; i++) {
    const [x, y, z] = points[i] as unknown as [number, number, number];
    area += insert(xs, ys, x, y);
    volume += area * ((points[i + 1]?.[2] ?? 0) - z);
  }
  return volume;
}

/** Puts (x, y) into the staircase, takes out what it dominates and gives the area gained. */
function insert(xs: number[], ys: number[], x: number, y: number): number {
  let at = 0;
  while (at < xs.length && (xs[at] as number) < x) at++;
  // Its left neighbour is as good in x: no gain unless this one is lower.
  let height = at > 0 ? (ys[at - 1] as number) : 0;
  if (height <= y || (xs[at] === x && (ys[at] as number) <= y)) return 0;
  let gained = 0;
  let left = x;
  let end = at;
  while (end < xs.length && (ys[end] as number) >= y) {
    gained += ((xs[end] as number) - left) * (height - y);
    left = xs[end] as number;
    height = ys[end] as number;
    end++;
  }
  gained += ((xs[end] ?? 0) - left) * (height - y);
  xs.splice(at, end - at, x);
  ys.splice(at, end - at, y);
  return gained;
}
