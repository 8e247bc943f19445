import { ConfigError } from '../../../core/index.ts';

/** A key's new value; null when it is gone. */
export interface Change {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

/** Ordered keys and values, and on top of them what a write transaction has changed but not yet committed. */
export interface State {
  get(key: Buffer): Buffer | undefined;
  /** As {@link Environment.keys}. */
  keys(from: Buffer, to: Buffer, max: number): Buffer[];
  /** Only while staging. */
  change(change: Change): void;
  /**
   * Runs `work`, which alone sees what it changes, and gives the changes in their order. Nobody else does until they
   * are applied; when `work` throws, nothing has changed.
   */
  stage(work: () => void): Change[];
  apply(changes: readonly Change[]): void;
  /** Everything there is, in the keys' order. */
  all(): Change[];
  clear(): void;
}

export function createState(): State {
  const values = new Map<string, Buffer>();
  /** The keys in order; null when one came or went since. Latin-1 text sorts as its bytes do. */
  let sorted: string[] | null = null;
  let staged: Map<string, Buffer | null> | null = null;

  const put = (name: string, value: Buffer): void => {
    if (!values.has(name)) sorted = null;
    values.set(name, value);
  };
  const drop = (name: string): void => {
    if (values.delete(name)) sorted = null;
  };
  const names = (): readonly string[] => {
    sorted ??= [...values.keys()].sort(compareText);
    if (staged === null || staged.size === 0) return sorted;
    const merged = new Set(sorted);
    for (const [name, value] of staged) {
      if (value === null) merged.delete(name);
      else merged.add(name);
    }
    return [...merged].sort(compareText);
  };
  return {
    get(key) {
      const name = textOf(key);
      const changed = staged?.get(name);
      if (changed !== undefined) return changed ?? undefined;
      return values.get(name);
    },
    keys(from, to, max) {
      const all = names();
      const [first, last] = [textOf(from), textOf(to)];
      const found: Buffer[] = [];
      const isDescending = first > last;
      // Descending gives from `from` (included) down to `to` (excluded).
      let at = isDescending ? lowerBound(all, `${first}\0`) - 1 : lowerBound(all, first);
      for (; found.length < max; at += isDescending ? -1 : 1) {
        const name = all[at];
        if (name === undefined || (isDescending ? name <= last : name >= last)) return found;
        found.push(Buffer.from(name, 'latin1'));
      }
      return found;
    },
    change({ key, value }) {
      if (staged === null) throw new ConfigError('[log/embedded] the state changes only in a write; use run');
      staged.set(textOf(key), value);
    },
    stage(work) {
      const changed = new Map<string, Buffer | null>();
      staged = changed;
      try {
        work();
      } finally {
        staged = null;
      }
      return [...changed].map(([name, value]) => ({ key: Buffer.from(name, 'latin1'), value }));
    },
    apply(changes) {
      for (const { key, value } of changes) {
        if (value === null) drop(textOf(key));
        else put(textOf(key), value);
      }
    },
    all: () => names().map((name) => ({ key: Buffer.from(name, 'latin1'), value: values.get(name) ?? null })),
    clear() {
      values.clear();
      sorted = null;
    },
  };
}

const textOf = (key: Buffer): string => key.toString('latin1');

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Index of the first name that is not before `name`. */
function lowerBound(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
