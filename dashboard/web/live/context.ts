import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { FeedState } from './feed.ts';
import type { LiveState, LiveStore } from './store.ts';

export const LiveContext = createContext<LiveStore | null>(null);

export function useStore(): LiveStore {
  const store = useContext(LiveContext);
  if (!store) throw new Error('[dashboard/web] no live store above; wrap the page in LiveContext');
  return store;
}

export function useLive(): LiveState {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.state);
}

export function useFeed(): FeedState {
  const store = useStore();
  return useSyncExternalStore(store.subscribeFeed, store.feed);
}

/** The server's time in µs, once a second. */
export function useNow(): number {
  const store = useStore();
  const read = () => Date.now() * 1000 + store.state().skewUs;
  const [now, setNow] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() * 1000 + store.state().skewUs), 1000);
    return () => clearInterval(timer);
  }, [store]);
  return now;
}
