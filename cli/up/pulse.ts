import type { Health } from '../../dashboard/index.ts';
import type { Committed, Progress } from '../../processors/index.ts';

/** What the process knows of its own pace: rates, lag and the last commit. Counts come from the lake. */
export interface Pulse {
  progress(progress: Progress): void;
  committed(committed: Committed, atUs: number): void;
  /** Events/s over the last few seconds, in all and by app, and the newest lag. */
  rate(nowUs: number): { eventsPerSecond: number; byApp: Record<string, number>; lagMs: number };
  readonly commit: Health['commit'];
}

/** Rates are averages over so many whole seconds: one alone would flicker. */
const SPAN_S = 5;

export function createPulse(clock: () => number): Pulse {
  const seconds = new Map<number, { records: number; byApp: Record<string, number> }>();
  let lag = { ms: 0, atUs: 0 };
  const commit: Health['commit'] = { version: null, at: null };
  return {
    commit,
    progress({ records, byApp, lagMs }) {
      if (records === 0) return;
      const second = Math.floor(clock() / 1e6);
      const bin = seconds.get(second) ?? { records: 0, byApp: {} };
      bin.records += records;
      for (const [app, n] of Object.entries(byApp)) {
        // Beagle's own records are no events.
        if (!app.startsWith('@')) bin.byApp[app] = (bin.byApp[app] ?? 0) + n;
      }
      seconds.set(second, bin);
      for (const old of seconds.keys()) if (old < second - SPAN_S) seconds.delete(old);
      lag = { ms: lagMs, atUs: clock() };
    },
    committed(committed, atUs) {
      if (committed.version !== null) Object.assign(commit, { version: committed.version, at: atUs });
    },
    rate(nowUs) {
      const now = Math.floor(nowUs / 1e6);
      const byApp: Record<string, number> = {};
      for (let second = now - SPAN_S; second < now; second++) {
        for (const [app, n] of Object.entries(seconds.get(second)?.byApp ?? {}))
          byApp[app] = (byApp[app] ?? 0) + n / SPAN_S;
      }
      const eventsPerSecond = Object.values(byApp).reduce((sum, n) => sum + n, 0);
      return { eventsPerSecond, byApp, lagMs: nowUs - lag.atUs > SPAN_S * 1e6 ? 0 : lag.ms };
    },
  };
}
