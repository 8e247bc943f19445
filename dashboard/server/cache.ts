interface Entry {
  readonly value: Promise<unknown>;
  expiresMs: number;
}

/** Answers kept for a short time, by key; whoever asks while one is being made waits for the same answer. */
export interface Cache {
  get<T>(key: string, make: () => Promise<T>): Promise<T>;
}

/**
 * A bounded cache. An answer lives `ttlMs`, or ten times what it took to make if that is longer (at most a
 * minute), so that a slow query takes a tenth of the time at most. Failures are not kept.
 */
export function createCache(nowMs: () => number, ttlMs: number, entriesMax: number): Cache {
  const entries = new Map<string, Entry>();
  return {
    get<T>(key: string, make: () => Promise<T>): Promise<T> {
      const startedMs = nowMs();
      const known = entries.get(key);
      if (known && known.expiresMs > startedMs) return known.value as Promise<T>;
      const value = make();
      const entry: Entry = { value, expiresMs: Number.POSITIVE_INFINITY };
      entries.delete(key);
      entries.set(key, entry);
      for (const oldest of entries.keys()) {
        if (entries.size <= entriesMax) break;
        entries.delete(oldest);
      }
      value.then(
        () => {
          const doneMs = nowMs();
          entry.expiresMs = doneMs + Math.min(60_000, Math.max(ttlMs, 10 * (doneMs - startedMs)));
        },
        () => {
          if (entries.get(key) === entry) entries.delete(key);
        },
      );
      return value;
    },
  };
}
