import type { Environment } from './environment.ts';

/** How often commits of other processes and threads are looked for while somebody watches, ms. */
const POLL_MS = 10;
/** The longest delay that a timer takes, ms. */
const TIMEOUT_MAX_MS = 0x7fff_ffff;

export interface Watchers {
  /** Resolves when `ready()` holds, at the signal, after the time-out, or at close. */
  wait(ready: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<void>;
  /** Something was committed here. */
  notify(): void;
  close(): void;
}

/** Wakes at once for this thread's own commits; for others' it polls, only while somebody waits. */
export function createWatchers(environment: Pick<Environment, 'refresh' | 'lastTransaction'>): Watchers {
  const waiting = new Map<() => boolean, () => void>();
  let poll: NodeJS.Timeout | null = null;
  let seen = 0;

  const checkAll = (): void => {
    if (waiting.size === 0) return;
    environment.refresh();
    for (const [ready, wake] of waiting) if (isReady(ready)) wake();
  };
  const remove = (ready: () => boolean): void => {
    waiting.delete(ready);
    if (waiting.size > 0 || poll === null) return;
    clearInterval(poll);
    poll = null;
  };
  const add = (ready: () => boolean, wake: () => void): void => {
    waiting.set(ready, wake);
    if (poll !== null) return;
    seen = environment.lastTransaction();
    poll = setInterval(() => {
      const last = environment.lastTransaction();
      if (last === seen) return;
      seen = last;
      checkAll();
    }, POLL_MS);
  };
  return {
    wait: (ready, timeoutMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || ready()) return resolve();
        const wake = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          remove(ready);
          resolve();
        };
        const timer = setTimeout(wake, Math.min(Math.max(timeoutMs, 0), TIMEOUT_MAX_MS));
        signal?.addEventListener('abort', wake);
        add(ready, wake);
      }),
    notify: checkAll,
    close() {
      for (const wake of waiting.values()) wake();
    },
  };
}

/** Whoever waits for a stream that is gone is woken, and learns it from the next read. */
function isReady(ready: () => boolean): boolean {
  try {
    return ready();
  } catch {
    return true;
  }
}
