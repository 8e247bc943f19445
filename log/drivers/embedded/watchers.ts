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

  /** Runs in turns that nobody waits for, so it never throws: whoever is woken learns from the next read what is wrong. */
  const checkAll = (): void => {
    if (waiting.size === 0) return;
    const isWell = succeeds(environment.refresh);
    for (const [ready, wake] of waiting) if (!isWell || isReady(ready)) wake();
  };
  const lookNewest = (): void => {
    seen = environment.lastTransaction();
  };
  const checkNewest = (): void => {
    const before = seen;
    if (!succeeds(lookNewest) || seen !== before) checkAll();
  };
  const remove = (ready: () => boolean): void => {
    waiting.delete(ready);
    if (waiting.size > 0 || poll === null) return;
    clearInterval(poll);
    poll = null;
  };
  const add = (ready: () => boolean, wake: () => void): void => {
    waiting.set(ready, wake);
    poll ??= setInterval(checkNewest, POLL_MS);
  };
  return {
    wait: (ready, timeoutMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        if (poll === null) {
          // In this order: what is committed from here on is noticed either below or by the poll.
          lookNewest();
          environment.refresh();
        }
        if (ready()) return resolve();
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

function succeeds(look: () => void): boolean {
  try {
    look();
    return true;
  } catch {
    return false;
  }
}

/** Whoever waits for a stream that is gone is woken, and learns it from the next read. */
function isReady(ready: () => boolean): boolean {
  try {
    return ready();
  } catch {
    return true;
  }
}
