import { useEffect, useState } from 'react';
import type { SignalWords } from '../../api.ts';

let loading: Promise<Map<string, SignalWords>> | null = null;

async function load(): Promise<Map<string, SignalWords>> {
  const response = await fetch('/api/signals');
  if (!response.ok) throw new Error(`status ${response.status}`);
  const words = (await response.json()) as SignalWords[];
  return new Map(words.map((word) => [word.name, word]));
}

const NONE: ReadonlyMap<string, SignalWords> = new Map();

/** Titles of the signals, fetched once for the page; empty until they are there. */
export function useSignals(): ReadonlyMap<string, SignalWords> {
  const [signals, setSignals] = useState(NONE);
  useEffect(() => {
    loading ??= load();
    loading.then(setSignals, () => {
      loading = null;
    });
  }, []);
  return signals;
}
