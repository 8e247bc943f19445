import type { Log } from '../../log/index.ts';
import { acceptGap, findGap } from '../gaps.ts';
import type { Lineage, Unfinished } from '../lineage.ts';
import { type Manifests, shardName } from '../manifest.ts';
import type { Pool } from '../pool.ts';
import type { Lease, Leases } from './leases.ts';
import { planShares } from './plan.ts';

export const MEMBERS = 'members/';
const SHARDS = 'shards/';

export interface HoldingDeps {
  readonly log: Log;
  readonly manifests: Manifests;
  readonly leases: Leases;
  readonly owner: string;
  readonly pool: Pick<Pool, 'run' | 'until' | 'isRunning' | 'through'>;
  readonly lineage: Pick<Lineage, 'canBegin'>;
  /** Number of the shard's last manifest in the lake; −1 for none. */
  readonly through: (shard: string) => Promise<number>;
  readonly acceptGaps: boolean;
  readonly fail: (error: unknown) => void;
  readonly say: (message: string) => void;
  /** A shard is not worked here any more. */
  readonly onEnded: () => void;
}

/** The shards that this process has leases of, and works. */
export interface Holding {
  shards(): readonly string[];
  renew(): Promise<void>;
  /** Takes and gives back, so that all members have as many. */
  share(unfinished: readonly Unfinished[]): Promise<void>;
  /** Tells the workers how far the lake is, whoever commits. */
  tellThrough(): Promise<void>;
  /** Resolves when none is worked any more. */
  ended(): Promise<void>;
}

interface Held {
  readonly lease: Lease;
  readonly ended: Promise<void>;
  isGivenBack: boolean;
}

export function createHolding(deps: HoldingDeps): Holding {
  const { leases, pool, say } = deps;
  const held = new Map<string, Held>();
  /** Those of shards about to be worked included. */
  const kept = new Set<Lease>();
  const release = async (lease: Lease): Promise<void> => {
    kept.delete(lease);
    await lease.release();
  };

  const work = async ({ ref }: Unfinished, lease: Lease): Promise<void> => {
    const shard = shardName(ref);
    const gap = await findGap(deps.log, deps.manifests, ref);
    if (gap !== null) await acceptGap(deps.manifests, gap, deps.acceptGaps);
    const through = await deps.through(shard);
    if (lease.lost.aborted) return release(lease);
    const { ended } = pool.run(ref, through);
    lease.lost.addEventListener('abort', () => pool.until(shard, null), { once: true });
    const over = ended
      .then(() => release(lease))
      .catch(deps.fail)
      .finally(() => {
        held.delete(shard);
        deps.onEnded();
      });
    held.set(shard, { lease, ended: over, isGivenBack: false });
    say(`works ${shard}`);
  };
  const take = async (found: Unfinished): Promise<void> => {
    const shard = shardName(found.ref);
    if (pool.isRunning(shard)) return;
    const lease = await leases.take(SHARDS + shard);
    if (lease === null) return;
    kept.add(lease);
    try {
      await work(found, lease);
    } catch (error) {
      await release(lease);
      throw error;
    }
  };
  const giveBack = (shard: string): void => {
    const own = held.get(shard);
    if (own === undefined || own.isGivenBack) return;
    own.isGivenBack = true;
    say(`gives ${shard} back`);
    // The lease goes when the batch in hand is finished.
    pool.until(shard, null);
  };

  return {
    shards: () => [...held.keys()],
    async renew() {
      await Promise.all([...kept].map((lease) => lease.renew()));
    },
    async share(unfinished) {
      const ready: Unfinished[] = [];
      for (const found of unfinished) if (await deps.lineage.canBegin(found)) ready.push(found);
      const shards = ready.map(({ ref }) => shardName(ref));
      const members = leases.held(MEMBERS).map((name) => name.slice(MEMBERS.length));
      const own = shards.filter((shard) => held.has(shard));
      const others = shards.filter((shard) => !held.has(shard) && leases.holderOf(SHARDS + shard) !== null);
      const plan = planShares({ members, self: deps.owner, shards, own, others });
      plan.giveBack.forEach(giveBack);
      for (const found of ready) if (plan.take.includes(shardName(found.ref))) await take(found);
    },
    async tellThrough() {
      for (const shard of held.keys()) pool.through(shard, await deps.through(shard));
    },
    async ended() {
      await Promise.all([...held.values()].map((own) => own.ended));
    },
  };
}
