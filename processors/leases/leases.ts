import { z } from 'zod';
import type { Store } from '../../lake/index.ts';

/** How long a lease holds without being renewed, ms. */
export const LEASE_MS = 10_000;
/** A taker waits this much longer than the holder trusts itself: clocks of two machines do not run alike. */
const MARGIN = 1.2;
/** Two machines' clocks differ by less: a lease older than that needs no watching. */
const SKEW_MS_MAX = 60_000;
/** So many generations of a lease stay behind the newest. */
const KEPT = 8;
/** A lease that nobody has had for so long is forgotten: each start of a process leaves one behind. */
const FORGOTTEN_MS = 86_400_000;
const DIGITS = 12;

const generationSchema = z.strictObject({
  /** Null: released. */
  owner: z.string().nullable(),
  /** When it was written, by the writer's clock, ms since 1970: for whoever reads it. */
  atMs: z.number(),
});

const parse = (bytes: Uint8Array) => generationSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));

/**
 * Whether there are generations behind this one. Others sweep old ones: who looked long ago, or stood still since, may
 * find the place of one free that others had taken, left behind them and swept.
 */
async function isPassed(store: Store, key: string): Promise<boolean> {
  for await (const _ of store.list(key.slice(0, -DIGITS), key)) return true;
  return false;
}

/** The generations of each lease, ascending, and when the newest was written. */
async function listed(store: Store, folder: string) {
  const leases = new Map<string, { readonly keys: string[]; modifiedMs: number }>();
  for await (const { key, modifiedMs } of store.list(folder)) {
    const name = key.slice(folder.length, key.lastIndexOf('/'));
    const lease = leases.get(name) ?? { keys: [], modifiedMs };
    lease.keys.push(key);
    lease.modifiedMs = modifiedMs;
    leases.set(name, lease);
  }
  return leases;
}

/** A right that one process has at a time, until it gives it up or fails to renew it. */
export interface Lease {
  readonly name: string;
  /** Aborts when it is lost: somebody has it, or may have. */
  readonly lost: AbortSignal;
  /** False when it is lost. */
  renew(): Promise<boolean>;
  /** Gives it up, so that another need not wait. */
  release(): Promise<void>;
}

export interface Leases {
  /** Looks at all leases of the group as they are now. */
  observe(): Promise<void>;
  /** Takes the lease if nobody has it, as of the last look; null when somebody has, or was faster. */
  take(name: string): Promise<Lease | null>;
  /** Who had it at the last look; null for nobody. */
  holderOf(name: string): string | null;
  /** Names beginning with `prefix` that somebody has. */
  held(prefix: string): string[];
}

export interface LeasesOptions {
  readonly store: Store;
  readonly group: string;
  /** Tells this process from all others. */
  readonly owner: string;
  readonly leaseMs?: number;
  /** ms since 1970. */
  readonly wallMs?: () => number;
  /** ms from any origin, never stepping back. */
  readonly nowMs?: () => number;
}

/** The newest generation of a lease, and when this process first saw it. */
interface Observed {
  readonly n: number;
  readonly owner: string | null;
  readonly seenMs: number;
  readonly modifiedMs: number;
}

/**
 * Leases in a store that can only put if absent. A lease is a row of generations `leases/<group>/<name>/<n>`; the
 * newest says who has it. Renewing, releasing and taking over all put the next one, so that of any number of processes
 * one succeeds. Whether a lease has run out needs no common clock: who wants it must have seen it unchanged for longer
 * than its holder trusts itself without having renewed it.
 */
export function createLeases(options: LeasesOptions): Leases {
  const { store, group, owner, leaseMs = LEASE_MS, wallMs = Date.now, nowMs = () => performance.now() } = options;
  const folder = `leases/${group}/`;
  const observed = new Map<string, Observed>();
  const keyOf = (name: string, n: number) => `${folder}${name}/${String(n).padStart(DIGITS, '0')}`;

  const isFree = ({ owner: holder, seenMs, modifiedMs }: Observed): boolean =>
    holder === null || nowMs() - seenMs > leaseMs * MARGIN || wallMs() - modifiedMs > leaseMs + SKEW_MS_MAX;

  const observe = async (): Promise<void> => {
    for (const [name, { keys, modifiedMs }] of await listed(store, folder)) {
      if (wallMs() - modifiedMs > FORGOTTEN_MS) {
        observed.delete(name);
        for (const old of keys) await store.delete(old).catch(() => {});
        continue;
      }
      const key = keys.at(-1) ?? '';
      const n = Number(key.slice(-DIGITS));
      if (observed.get(name)?.n === n) continue;
      const bytes = await store.get(key);
      // Gone meanwhile: there is a newer one, which the next look finds.
      if (bytes === null) continue;
      observed.set(name, { n, owner: parse(bytes).owner, seenMs: nowMs(), modifiedMs });
    }
  };
  const isOurs = async (name: string, n: number, holder: string | null): Promise<boolean> => {
    const bytes = await store.get(keyOf(name, n));
    return bytes !== null && holder === owner && parse(bytes).owner === owner;
  };
  /** Puts a generation; true when it is ours. Throws when it may or may not be. */
  const put = async (name: string, n: number, holder: string | null): Promise<boolean> => {
    const atMs = wallMs();
    const beganMs = nowMs();
    const isPut = await store.putIfAbsent(keyOf(name, n), Buffer.from(JSON.stringify({ owner: holder, atMs })));
    // An earlier put of ours may have gone through though its answer was lost.
    if (!isPut && !(await isOurs(name, n, holder))) return false;
    if (await isPassed(store, keyOf(name, n))) {
      await store.delete(keyOf(name, n)).catch(() => {});
      return false;
    }
    observed.set(name, { n, owner: holder, seenMs: nowMs(), modifiedMs: atMs });
    await store.delete(keyOf(name, n - KEPT)).catch(() => {});
    // So slow a put may have come after others went on and took this generation's successors away.
    return nowMs() - beganMs < leaseMs;
  };
  const hold = (name: string, first: number, takenMs: number): Lease => {
    const lost = new AbortController();
    let n = first;
    let trustedMs = takenMs;
    let renewing: Promise<boolean> = Promise.resolve(true);
    const renew = async (): Promise<boolean> => {
      if (lost.signal.aborted) return false;
      const beganMs = nowMs();
      const isRenewed = await put(name, n + 1, owner).catch(() => null);
      if (isRenewed === true) {
        n++;
        trustedMs = beganMs;
      } else if (isRenewed === false || beganMs - trustedMs > leaseMs) lost.abort();
      return !lost.signal.aborted;
    };
    return {
      name,
      lost: lost.signal,
      renew() {
        renewing = renewing.then(renew);
        return renewing;
      },
      async release() {
        if (lost.signal.aborted) return;
        lost.abort();
        // Of a renewal on its way the generation must be known: this one goes behind it.
        await renewing;
        await put(name, n + 1, null).catch(() => {});
      },
    };
  };

  return {
    observe,
    async take(name) {
      const standing = observed.get(name);
      if (standing !== undefined && !isFree(standing)) return null;
      const n = (standing?.n ?? -1) + 1;
      const beganMs = nowMs();
      return (await put(name, n, owner)) ? hold(name, n, beganMs) : null;
    },
    holderOf(name) {
      const standing = observed.get(name);
      return standing === undefined || isFree(standing) ? null : standing.owner;
    },
    held: (prefix) =>
      [...observed].filter(([name, it]) => name.startsWith(prefix) && !isFree(it)).map(([name]) => name),
  };
}
