/** One table of keys for the whole page; keys pressed in a field belong to the field. */
const actions = new Map<string, Set<() => void>>();
let prefix = '';
let prefixMs = 0;

export const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Search for a person, an event uid or an address'],
  ['t', 'Show charts as tables, and back'],
  ['p', 'Pause the feed, and go on'],
  ['d', 'Switch between light and dark'],
  ['g o', 'Go to Overview'],
  ['g l', 'Go to Live'],
  ['g p', 'Go to People'],
  ['g f', 'Go to Findings'],
  ['g y', 'Go to Policies'],
  ['g i', 'Go to Pipeline'],
  ['?', 'List these keys'],
];

/** Acts on a key, or on two in a row (`g p`); gives the function that ends it. */
export function onKey(key: string, act: () => void): () => void {
  const acts = actions.get(key) ?? new Set();
  actions.set(key, acts.add(act));
  return () => acts.delete(act);
}

/** Does what a key does, for a pointer. */
export function press(key: string): void {
  for (const act of [...(actions.get(key) ?? [])]) act();
}

document.addEventListener('keydown', (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || isField(event.target)) return;
  const key = performance.now() - prefixMs < 1500 && prefix !== '' ? `${prefix} ${event.key}` : event.key;
  prefix = event.key === 'g' ? 'g' : '';
  prefixMs = performance.now();
  const acts = actions.get(key);
  if (!acts || acts.size === 0) return;
  event.preventDefault();
  for (const act of [...acts]) act();
});

/** A dialog that was just closed keeps the focus until the next frame: keys pressed by then are the page's again. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, dialog[open]') !== null;
}
