import { randomUUID } from 'node:crypto';
import type { Store } from '../store/store.ts';
import type { TableDefinition } from '../tables/definition.ts';
import type { Action, AddFile } from './actions.ts';
import type { CommitDescription, Plan } from './commit.ts';
import { allGroups, dueGroups, type Group } from './compaction.ts';
import { openRewriter } from './rewrite.ts';
import type { Snapshot } from './state.ts';
import { addFile } from './write.ts';

export interface OptimizeOptions {
  /** `due`: only what {@link shouldOptimize} asks for, for automatic runs; `all` (default): every small file. */
  readonly scope?: 'due' | 'all';
  /** DuckDB's bound, default 512. */
  readonly memoryLimitMb?: number;
  /** Default 1: the pipeline goes on meanwhile. */
  readonly threads?: number;
}

export interface Optimized {
  readonly filesAdded: number;
  readonly filesRemoved: number;
  readonly version: number;
}

interface Target {
  readonly store: Store;
  readonly definition: TableDefinition;
  readonly clock: () => number;
  snapshot(): Promise<Snapshot>;
  commit(plan: Plan, description: CommitDescription): Promise<{ version: number } | null>;
}

interface Rewritten {
  readonly group: Group;
  readonly add: AddFile;
}

/** Somebody else optimised the same files meanwhile: planned anew so many times. */
const PLANS_MAX = 3;

/**
 * Rewrites small files into larger ones and commits the exchange, which changes no row (dataChange false).
 * Files that somebody else removed meanwhile are left out at the commit, with what was made of them; when
 * nothing is left it plans anew. null when there is nothing to do. Replaced files stay until a vacuum.
 */
export async function optimize(table: Target, options: OptimizeOptions = {}): Promise<Optimized | null> {
  const { scope = 'all' } = options;
  for (let plans = 0; plans < PLANS_MAX; plans++) {
    const snapshot = await table.snapshot();
    const groups = scope === 'due' ? dueGroups(snapshot) : allGroups(snapshot);
    if (groups.length === 0) return null;
    const rewritten = await rewriteAll(table, snapshot, groups, options);
    let live: readonly Rewritten[] = [];
    const done = await table.commit(
      ({ files }) => {
        const paths = new Set(files.map((file) => file.path));
        live = rewritten.filter(({ group }) => group.files.every((file) => paths.has(file.path)));
        return live.length === 0 ? null : exchange(live, Math.floor(table.clock() / 1000));
      },
      { operation: 'OPTIMIZE', parameters: { predicate: '[]', auto: scope === 'due' } },
    );
    if (done === null) continue;
    const filesRemoved = live.reduce((sum, { group }) => sum + group.files.length, 0);
    return { filesAdded: live.length, filesRemoved, version: done.version };
  }
  return null;
}

async function rewriteAll(
  { store, definition, clock }: Target,
  snapshot: Snapshot,
  groups: readonly Group[],
  { memoryLimitMb = 512, threads = 1 }: OptimizeOptions,
): Promise<Rewritten[]> {
  const rewriter = await openRewriter(store, definition, snapshot, { memoryLimitMb, threads });
  try {
    const done: Rewritten[] = [];
    for (const group of groups) {
      const file = await rewriter.rewrite(group);
      const add = await addFile(store, definition, file, group.partitionValues, randomUUID(), clock());
      done.push({ group, add: { ...add, dataChange: false } });
    }
    return done;
  } finally {
    await rewriter.close();
  }
}

function exchange(rewritten: readonly Rewritten[], nowMs: number): Action[] {
  const removes = rewritten.flatMap(({ group }) =>
    group.files.map(({ path, partitionValues, size }) => ({
      remove: { path, deletionTimestamp: nowMs, dataChange: false, extendedFileMetadata: true, partitionValues, size },
    })),
  );
  return [...removes, ...rewritten.map(({ add }) => ({ add }))];
}
