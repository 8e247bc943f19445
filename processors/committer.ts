import type { Action, Table } from '../lake/index.ts';
import { BATCH_TABLES, type BatchTable, type Manifest, type Manifests } from './manifest.ts';

/** So many manifests of one shard go into one commit at most. */
const FOLDED_MAX = 256;
/** So long a manifest is kept when the lake holds its batch; the last one always. A start lists what is kept. */
const KEPT_MS = 7 * 86_400_000;
const SWEEP_EVERY_MS = 3_600_000;

export interface CommitterDeps {
  readonly manifests: Manifests;
  readonly tables: Readonly<Record<BatchTable, Table>>;
  /** The consumer group: part of the transactions' appId. */
  readonly group: string;
}

/** What a round of commits put into the lake. */
export interface Committed {
  /** Version of `events`; null when the round had no rows for it. */
  readonly version: number | null;
  /** Per shard the number of its last manifest in the lake. */
  readonly through: ReadonlyMap<string, number>;
  readonly counts: Manifest['counts'];
  /** Per shard the newest manifest: where its clock and its position are. */
  readonly newest: ReadonlyMap<string, Manifest>;
}

export interface Committer {
  /** Takes what manifests are ready for these shards and folds them into one commit per table. */
  commit(shards: readonly string[]): Promise<Committed>;
  /** Number of the shard's last manifest that is wholly in the lake; −1 for none. */
  through(shard: string): Promise<number>;
}

/**
 * The one that commits: each shard's manifests in order and without a gap, one Delta commit per table with
 * `txn {appId: "<group>/<shard>", version: n}`. At every attempt, rebase included, what the table's `txn`
 * says it holds is left out. `events` comes last: its `txn` alone says how far the lake is.
 */
export function createCommitter(deps: CommitterDeps): Committer {
  const appId = (shard: string) => `${deps.group}/${shard}`;
  const heldBy = async (table: BatchTable) => (await deps.tables[table].snapshot()).txns;
  const lastIn = new Map<string, Manifest>();
  const sweptMs = new Map<string, number>();

  /** Takes old manifests away once an hour; time is the arrival of the newest record. */
  const sweep = async (shard: string, { n, arrivalUs }: Manifest) => {
    const nowMs = arrivalUs / 1000;
    if (nowMs - (sweptMs.get(shard) ?? 0) < SWEEP_EVERY_MS) return;
    sweptMs.set(shard, nowMs);
    // They do no harm: what cannot be deleted now is tried again.
    await deps.manifests.sweep(shard, n, nowMs - KEPT_MS).catch(() => {});
  };

  /** Where the manifest in the lake ends; null before the first, undefined when it is not kept any more. */
  const endOf = async (shard: string, n: number): Promise<Manifest['after'] | undefined> => {
    if (n < 0) return null;
    const last = lastIn.get(shard);
    return last?.n === n ? last.last : (await deps.manifests.read(shard, n))?.last;
  };

  const chainOf = async (shard: string, n: number): Promise<Manifest[]> => {
    const chain = await deps.manifests.behind(shard, n, FOLDED_MAX);
    let end = chain.length === 0 ? undefined : await endOf(shard, n);
    for (const manifest of chain) {
      if (end !== undefined && end !== manifest.after) {
        throw new Error(
          `[processors/committer] ${shard}: manifest ${manifest.n} begins behind ${manifest.after}, the one before ends at ${end}; check the state folder`,
        );
      }
      end = manifest.last;
    }
    return chain;
  };

  const commitTable = (table: BatchTable, ready: ReadonlyMap<string, readonly Manifest[]>) =>
    deps.tables[table].commit(
      (snapshot) => {
        const actions: Action[] = [];
        for (const [shard, chain] of ready) {
          const held = snapshot.txns.get(appId(shard)) ?? -1;
          const missing = chain.filter((manifest) => manifest.n > held);
          const adds = missing.flatMap((manifest) => manifest.adds[table] ?? []);
          const last = missing.at(-1);
          // A table without rows is skipped, but `events` tells how far the lake is in any case.
          if (last === undefined || (adds.length === 0 && table !== 'events')) continue;
          actions.push({
            txn: { appId: appId(shard), version: last.n, lastUpdated: Math.floor(last.arrivalUs / 1000) },
          });
          for (const add of adds) actions.push({ add });
        }
        return actions.length === 0 ? null : actions;
      },
      { operation: 'WRITE', parameters: { mode: 'Append' } },
    );

  return {
    async through(shard) {
      return (await heldBy('events')).get(appId(shard)) ?? -1;
    },
    async commit(shards) {
      const held = await heldBy('events');
      const ready = new Map<string, Manifest[]>();
      for (const shard of shards) {
        const chain = await chainOf(shard, held.get(appId(shard)) ?? -1);
        if (chain.length > 0) ready.set(shard, chain);
      }
      const counts = { records: 0, events: 0, quarantine: 0, redeliveries: 0, findings: 0 };
      const through = new Map<string, number>();
      const newest = new Map<string, Manifest>();
      if (ready.size === 0) return { version: null, through, counts, newest };
      let version: number | null = null;
      for (const table of BATCH_TABLES) {
        const committed = await commitTable(table, ready);
        if (table === 'events') version = committed?.version ?? null;
      }
      for (const [shard, chain] of ready) {
        const last = chain.at(-1) as Manifest;
        lastIn.set(shard, last);
        await sweep(shard, last);
        through.set(shard, last.n);
        newest.set(shard, last);
        for (const manifest of chain) {
          for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += manifest.counts[name];
        }
      }
      return { version, through, counts, newest };
    },
  };
}
