import { messageOf, RetryableError } from '../../core/index.ts';
import { acceptGap } from '../gaps.ts';
import { createHolds } from '../holds.ts';
import { createLineage, type Unfinished } from '../lineage.ts';
import { GROUP, type PipelineDeps } from '../pipeline.ts';
import { type Pool, startPool } from '../pool.ts';
import { createCommitting } from './committing.ts';
import { createHolding, MEMBERS } from './holding.ts';
import { LEASE_MS, type Lease, type Leases } from './leases.ts';

export interface MemberDeps extends PipelineDeps {
  readonly leases: Leases;
  /** This process, by the name that its leases bear. */
  readonly owner: string;
  /** The streams to be worked; asked again and again. */
  readonly streams: () => Promise<readonly string[]>;
  readonly leaseMs?: number;
  /** Told of shards taken and given back, and of becoming the committer. */
  readonly say?: (message: string) => void;
}

/** One of several processes that share the shards of some streams; one of them commits. */
export interface Member {
  /** Names of the shards that are worked here now. */
  shards(): readonly string[];
  isCommitter(): boolean;
  /** Finishes the batches in hand and gives all leases back. */
  stop(): Promise<void>;
  /** Rejects when a worker or the committer fails. */
  readonly failed: Promise<never>;
}

const COMMITTER = 'committer';
/** Streams are looked at for new shards at every so many beats, and when a shard has ended. */
const BEATS_A_LOOK = 3;

/**
 * Takes its share of the shards, works them, and gives back what is more than its share: each shard has one worker by
 * lease. Should two work one all the same, a pause having outlived a lease, the manifests let one of them win. Resolves
 * after the first round.
 */
export async function startMember(deps: MemberDeps): Promise<Member> {
  const { log, leases, owner, manifests, leaseMs = LEASE_MS, acceptGaps = false, say = () => {} } = deps;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  const pool: Pool = await startPool(deps.threads, deps.thread, (progress) => {
    deps.onProgress?.(progress);
    if (progress.manifest !== null) committing.request();
  });
  pool.failed.catch(fail);
  const through = (shard: string) => committing.through(shard);
  const holds = createHolds({ ...deps, through, holder: GROUP });
  const lineage = createLineage({
    log,
    manifests,
    through,
    note: (gap) => acceptGap(manifests, gap, acceptGaps),
    onRetired: holds.release,
  });
  const committing = createCommitting({ ...deps, lineage, holds, pool, fail });
  let mustLook = true;
  const onEnded = () => {
    mustLook = true;
  };
  const holding = createHolding({ ...deps, pool, lineage, through, acceptGaps, fail, say, onEnded });
  let unfinished: Unfinished[] = [];
  let beats = 0;
  let membership: Lease | null = null;
  let commitment: Lease | null = null;

  const look = async () => {
    const found: Unfinished[] = [];
    for (const stream of await deps.streams()) found.push(...(await lineage.discover(stream)));
    unfinished = found;
  };
  const isCommitter = () => commitment !== null && !commitment.lost.aborted;
  const renew = async () => {
    await Promise.all([holding.renew(), membership?.renew(), commitment?.renew()]);
    committing.enable(isCommitter());
  };
  const keep = async (lease: Lease | null, name: string): Promise<Lease | null> =>
    lease !== null && !lease.lost.aborted ? lease : leases.take(name);
  const beat = async () => {
    await leases.observe();
    membership = await keep(membership, MEMBERS + owner);
    const before = commitment;
    commitment = await keep(commitment, COMMITTER);
    if (commitment !== null && before === null) say('commits');
    committing.enable(isCommitter());
    if (mustLook || beats++ % BEATS_A_LOOK === 0) {
      mustLook = false;
      await look();
    }
    await holding.share(unfinished);
    await holding.tellThrough();
  };

  const onError = (error: unknown) => {
    if (error instanceof RetryableError) say(messageOf(error));
    else fail(error);
  };
  const beating = createBeat(beat, leaseMs / 3, onError);
  // Apart: a log that is slow to answer, which looking and taking wait for, must not cost what is held.
  const renewing = createBeat(renew, leaseMs / 3, onError);
  // What has failed holds nothing any more: others take over.
  failed.catch(() => Promise.all([beating.stop(), renewing.stop()]));
  await Promise.race([beating.first, failed]);
  return {
    failed,
    shards: holding.shards,
    isCommitter,
    async stop() {
      await beating.stop();
      await Promise.race([pool.stop(), failed]);
      await Promise.race([holding.ended(), failed]);
      await committing.stop();
      await renewing.stop();
      await commitment?.release();
      await membership?.release();
    },
  };
}

/** Runs a job now and every so often, never twice at a time. */
function createBeat(job: () => Promise<void>, everyMs: number, onError: (error: unknown) => void) {
  let running: Promise<void> | null = null;
  const run = () => {
    running ??= job()
      .catch(onError)
      .finally(() => {
        running = null;
      });
    return running;
  };
  const timer = setInterval(run, everyMs);
  return {
    first: run(),
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
