import { ConfigError } from '../../../core/index.ts';

/** Calls under way, so that closing can wait for them. */
export interface Flights {
  /** ConfigError when the log is closed. */
  check(): void;
  /** Counts as under way from the call on. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Refuses more; resolves when all has landed. */
  end(): Promise<void>;
}

export function createFlights(): Flights {
  const flying = new Set<Promise<unknown>>();
  let isEnded = false;
  const check = () => {
    if (isEnded) throw new ConfigError('[log/kinesis] the log is closed; open it again');
  };
  return {
    check,
    run(work) {
      check();
      const flight = work();
      const seen = flight.catch(() => undefined).finally(() => flying.delete(seen));
      flying.add(seen);
      return flight;
    },
    async end() {
      isEnded = true;
      while (flying.size > 0) await Promise.all(flying);
    },
  };
}
