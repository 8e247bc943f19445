import { type MouseEvent, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};
window.addEventListener('popstate', notify);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Path and query as one string; a filter is in the URL, so the back button and links work. */
export function useLocation(): URL {
  const href = useSyncExternalStore(subscribe, () => window.location.href);
  return new URL(href);
}

export function navigate(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  notify();
}

/** One query parameter, and a setter that keeps the others; the fall-back is left out of the URL. */
export function useParam(name: string, fallback: string): [string, (value: string) => void] {
  const url = useLocation();
  const set = (value: string) => {
    const next = new URL(window.location.href);
    if (value === fallback) next.searchParams.delete(name);
    else next.searchParams.set(name, value);
    navigate(next.pathname + next.search, true);
  };
  return [url.searchParams.get(name) ?? fallback, set];
}

/** Lets the browser handle new tabs and windows; everything else stays in the page. */
export function follow(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { pathname, search } = new URL(event.currentTarget.href);
  navigate(pathname + search);
  window.scrollTo(0, 0);
}
