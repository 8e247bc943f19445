import { pause } from './failure.ts';

/** Lets so many through in any second, for each name apart. */
export interface Pace {
  /** Resolves when the next one may go. */
  turn(name: string): Promise<void>;
}

/** `perSecond` null: no bound. `nowMs` tells the time, ms from any origin. */
export function createPace(perSecond: number | null, nowMs: () => number = () => performance.now()): Pace {
  const turns = new Map<string, number[]>();
  return {
    async turn(name) {
      if (perSecond === null) return;
      const last = turns.get(name) ?? [];
      turns.set(name, last);
      // Each takes its place in the row at once, so that those who wait do not go together.
      const at = Math.max(nowMs(), (last.at(-perSecond) ?? Number.NEGATIVE_INFINITY) + 1000);
      last.push(at);
      if (last.length > perSecond) last.shift();
      const waitMs = at - nowMs();
      if (waitMs > 0) await pause(waitMs);
    },
  };
}
