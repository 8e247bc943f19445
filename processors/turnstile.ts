/** A job that is run when asked for, one run at a time. */
export interface Turnstile {
  /** Asks for a run; asks during a run lead to one more. */
  request(): void;
  /** Asks once more and resolves when nothing is left to do. */
  settled(): Promise<void>;
  /** Lets the run in hand end, and takes no more. */
  close(): Promise<void>;
}

/** `fail` is told of a run that rejects; the turnstile is closed then. It asks itself every `everyMs`, if given. */
export function createTurnstile(
  job: () => Promise<unknown>,
  fail: (error: unknown) => void,
  everyMs?: number,
): Turnstile {
  let running: Promise<void> | null = null;
  let isAsked = false;
  let isClosed = false;
  const turn = async () => {
    // The first wait comes before the first look, so that `running` is set by then.
    await null;
    try {
      while (isAsked && !isClosed) {
        isAsked = false;
        await job();
      }
    } catch (error) {
      isClosed = true;
      fail(error);
    }
    running = null;
  };
  const request = () => {
    isAsked = true;
    if (!isClosed) running ??= turn();
  };
  const ticking = everyMs === undefined ? undefined : setInterval(request, everyMs).unref();
  return {
    request,
    async settled() {
      request();
      while (running !== null) await running;
    },
    async close() {
      clearInterval(ticking);
      isClosed = true;
      await running;
    },
  };
}
