import { clockOf } from '../clock.ts';
import { createCommitter } from '../committer.ts';
import type { Holds } from '../holds.ts';
import type { Lineage } from '../lineage.ts';
import type { Manifest } from '../manifest.ts';
import { GROUP, type PipelineDeps, RULES_EVERY_MS } from '../pipeline.ts';
import type { Pool } from '../pool.ts';
import { createRound } from '../round.ts';
import { createTurnstile } from '../turnstile.ts';

/** Manifests of other processes come unannounced. */
const LOOK_EVERY_MS = 1000;

export interface CommittingDeps extends PipelineDeps {
  readonly lineage: Lineage;
  readonly holds: Holds;
  readonly pool: Pick<Pool, 'through'>;
  readonly fail: (error: unknown) => void;
}

/** Commits, and what follows commits, while this process is the one to do it. */
export interface Committing {
  /** Whether it is this process's turn. */
  enable(isEnabled: boolean): void;
  /** There may be something to commit. */
  request(): void;
  /** Number of the shard's last manifest in the lake; −1 for none. */
  through(shard: string): Promise<number>;
  /** Commits what is there, if it is this process's turn, and ends. */
  stop(): Promise<void>;
}

/** Two processes that commit at once do no harm: each attempt leaves out what the tables hold. */
export function createCommitting(deps: CommittingDeps): Committing {
  const { lineage, manifests, holds, fail } = deps;
  const committer = createCommitter({ manifests, tables: deps.tables, group: GROUP });
  const newest = new Map<string, Manifest>();
  let isEnabled = false;
  const commitOnce = createRound({ ...deps, committer, newest });
  const commits = createTurnstile(
    async () => {
      let isNew = false;
      while (isEnabled && (await commitOnce())) isNew = true;
      if (isEnabled) await holds.keep(lineage.refs.values());
      if (!isNew) return;
      rules.request();
      compaction.request();
    },
    fail,
    LOOK_EVERY_MS,
  );
  const rules = createTurnstile(
    async () => {
      if (isEnabled) await deps.runner?.run(await clockOf(deps.log, manifests, lineage.refs, newest));
    },
    fail,
    RULES_EVERY_MS,
  );
  const compaction = createTurnstile(async () => (isEnabled ? deps.compact?.() : undefined), fail);
  return {
    enable(enabled) {
      isEnabled = enabled;
    },
    request: commits.request,
    through: committer.through,
    async stop() {
      await rules.close();
      await commits.settled();
      await commits.close();
      await compaction.close();
    },
  };
}
