import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 60_000;
const LOOK_EVERY_MS = 25;
const LOOK_EVERY_MS_MAX = 1000;
/** The share of the time that looking takes is at most one in this many and one: the program needs the rest. */
const REST_PER_LOOK = 4;

export type Given<T> = Exclude<T, null | undefined | false>;

/**
 * Waits until the condition gives something that is neither null, undefined nor false; rejects at the deadline.
 * `what` is asked for only then when it is a function.
 */
export async function until<T>(
  what: string | (() => string),
  condition: () => T | Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<Given<T>> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const startedMs = performance.now();
    const given = await condition();
    const tookMs = performance.now() - startedMs;
    if (given !== null && given !== undefined && given !== false) return given as Given<T>;
    if (performance.now() > endMs)
      throw new Error(`waited ${deadlineMs} ms in vain until ${typeof what === 'string' ? what : what()}`);
    await pause(Math.min(Math.max(LOOK_EVERY_MS, REST_PER_LOOK * tookMs), LOOK_EVERY_MS_MAX));
  }
}
