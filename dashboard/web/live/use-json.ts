import { useEffect, useState } from 'react';
import { useLive } from './context.ts';

export interface Loaded<T> {
  readonly data: T | null;
  /** One line, when the last attempt failed; `data` is then what came before. */
  readonly error: string | null;
}

/** Fetches JSON now, every `everyMs` while the page is seen, and again when the connection is back or `also` changes. */
export function useJson<T>(url: string, everyMs: number, also: unknown = null): Loaded<T> {
  const isLost = useLive().status === 'lost';
  const [loaded, setLoaded] = useState<Loaded<T> & { url: string }>({ data: null, error: null, url });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `also` is a signal to fetch anew, its value is not read
  useEffect(() => {
    if (isLost) return;
    const abort = new AbortController();
    const load = async () => {
      try {
        const response = await fetch(url, { signal: abort.signal, headers: { accept: 'application/json' } });
        const body: unknown = await response.json();
        if (!response.ok) throw new Error((body as { error?: string }).error ?? `status ${response.status}`);
        setLoaded({ data: body as T, error: null, url });
      } catch (error) {
        if (abort.signal.aborted) return;
        const text = error instanceof Error ? error.message : String(error);
        setLoaded((last) => ({ data: last.url === url ? last.data : null, error: text, url }));
      }
    };
    void load();
    const timer = setInterval(() => {
      if (!document.hidden) void load();
    }, everyMs);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [url, everyMs, isLost, also]);
  return loaded.url === url ? loaded : { data: null, error: null };
}
