/**
 * A stateless draw: 32 uniform bits for (seed, index, salt). The same three numbers always give the same draw, so
 * that a person's attributes do not depend on who else exists or on the order in which people are looked at.
 * The mixer is the 32-bit finaliser lowbias32 (Chris Wellons' hash-prospector), applied after each input.
 */
export function draw(seed: number, index: number, salt: number): number {
  let h = seed | 0;
  h = finalise(h ^ Math.imul(index + 1, 0x9e3779b1));
  h = finalise(h ^ Math.imul(salt + 1, 0x85ebca6b));
  return h >>> 0;
}

/** The same draw as a number in [0, 1). */
export function drawUnit(seed: number, index: number, salt: number): number {
  return draw(seed, index, salt) / 0x1_0000_0000;
}

/** The index into `weights` on which `unit` in [0, 1) falls, the weights need not add up to one. */
export function pickWeighted(weights: readonly number[], unit: number): number {
  let total = 0;
  for (const weight of weights) total += weight;
  let rest = unit * total;
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i] ?? 0;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

function finalise(h: number): number {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}
