import type { LiveEvent } from '../api.ts';

/** What a page can show, events/s; more than the 167/s of 10,000 a minute, which is never sampled. */
const RATE_PER_S = 200;
/** Bursts up to this many pass whole: 10,000 a minute after a silence of 12 s. */
const BURST = 2000;

/** Which events of a batch go to the pages, in their order, and how many were left out. */
export interface Sampler {
  take(events: readonly LiveEvent[], nowUs: number): { kept: readonly LiveEvent[]; skipped: number };
}

/** A token bucket; over budget, the riskiest and those that a policy did not allow stay. */
export function createSampler(ratePerS = RATE_PER_S, burst = BURST): Sampler {
  let tokens = burst;
  let lastUs: number | null = null;
  return {
    take(events, nowUs) {
      const elapsedS = lastUs === null ? 0 : Math.max(0, nowUs - lastUs) / 1e6;
      lastUs = nowUs;
      tokens = Math.min(burst, tokens + elapsedS * ratePerS);
      const room = Math.floor(tokens);
      if (events.length <= room) {
        tokens -= events.length;
        return { kept: events, skipped: 0 };
      }
      const ranked = events.map((event, index) => ({ index, weight: weightOf(event) }));
      ranked.sort((a, b) => b.weight - a.weight || b.index - a.index);
      const chosen = new Set(ranked.slice(0, room).map((entry) => entry.index));
      tokens -= room;
      return { kept: events.filter((_, index) => chosen.has(index)), skipped: events.length - room };
    },
  };
}

function weightOf(event: LiveEvent): number {
  const stopped = event.decision === 'block' ? 200 : event.decision === 'step_up' ? 100 : 0;
  return stopped + event.risk;
}
