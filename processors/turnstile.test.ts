import { describe, expect, test, vi } from 'vitest';
import { createTurnstile } from './turnstile.ts';

/** A job whose runs end when they are told to. */
function manual() {
  const ends: ((error?: Error) => void)[] = [];
  const job = vi.fn(
    () =>
      new Promise<void>((resolve, reject) => ends.push((error) => (error === undefined ? resolve() : reject(error)))),
  );
  return { job, ends };
}
const never = () => {
  throw new Error('must not fail');
};

describe('a turnstile', () => {
  test('runs when asked, and once more for all that was asked during a run', async () => {
    const { job, ends } = manual();
    const turnstile = createTurnstile(job, never);
    turnstile.request();
    turnstile.request();
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    for (let i = 0; i < 5; i++) turnstile.request();
    ends[0]!();
    await vi.waitFor(() => expect(ends).toHaveLength(2));
    ends[1]!();
    await vi.waitFor(async () => expect(job).toHaveBeenCalledTimes(2));
    turnstile.request();
    await vi.waitFor(() => expect(ends).toHaveLength(3));
    ends[2]!();
  });

  test('is settled after one more run', async () => {
    let runs = 0;
    const turnstile = createTurnstile(async () => void runs++, never);
    await turnstile.settled();
    expect(runs).toBe(1);
    turnstile.request();
    await turnstile.settled();
    expect(runs).toBeGreaterThanOrEqual(2);
  });

  test('that is closed lets the run in hand end, and takes no more', async () => {
    const { job, ends } = manual();
    const turnstile = createTurnstile(job, never);
    turnstile.request();
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    turnstile.request();
    let closed = false;
    const closing = turnstile.close().then(() => {
      closed = true;
    });
    await null;
    expect(closed).toBe(false);
    ends[0]!();
    await closing;
    turnstile.request();
    await turnstile.settled();
    expect(job).toHaveBeenCalledTimes(1);
  });

  test('is closed by a job that fails, and says so once', async () => {
    const failures: unknown[] = [];
    let runs = 0;
    const turnstile = createTurnstile(
      async () => {
        runs++;
        throw new Error('broken');
      },
      (error) => failures.push(error),
    );
    turnstile.request();
    await turnstile.settled();
    turnstile.request();
    await turnstile.settled();
    expect(runs).toBe(1);
    expect(failures).toEqual([new Error('broken')]);
  });
});
