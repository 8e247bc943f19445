import { Worker } from 'node:worker_threads';
import { messageOf, type Policy, type Row } from '../../core/index.ts';
import type { Evolution } from '../../dashboard/index.ts';
import type { Store } from '../../lake/index.ts';
import type { FrontPolicy } from '../../optimizer/index.ts';
import { generationRow, loadRun, policyRows, saveRun } from '../darwin-store.ts';
import { type Lake, tableOf } from '../lake-access.ts';
import type { StoredPolicy } from '../policies.ts';
import { appendRows } from '../rows.ts';
import type { DarwinConfig, FromDarwin, ToDarwin } from './darwin-messages.ts';

/** Threads are always compiled code; run from source, as tests do, they come from what was built. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/cli/up/darwin-thread.js' : './darwin-thread.js',
  import.meta.url,
);

const POPULATION = 60;
/** How often what Darwin found is committed, ms. */
const COMMIT_EVERY_MS = 10_000;
const HISTORY_MAX = 500;

export interface Darwin {
  /** What the page shows. */
  evolution(active: StoredPolicy): Evolution;
  readonly generation: number | null;
  readonly knee: FrontPolicy | null;
  baseline(policy: Policy): void;
  /** Ends the thread and commits what is left. */
  stop(): Promise<void>;
}

export interface DarwinOptions {
  readonly lake: Lake;
  readonly state: Store;
  readonly lakePath: string;
  readonly seed: number;
  readonly baseline: Policy;
  readonly clock: () => number;
  readonly warn: (message: string) => void;
}

/** Starts Darwin in a thread of its own, beginning where the last process left off. */
export async function startDarwin(options: DarwinOptions): Promise<Darwin> {
  const { lake, state, clock, warn } = options;
  const saved = await loadRun(state, 'up').catch((error: unknown) => {
    warn(`[darwin] the saved run cannot be read (${messageOf(error)}); beginning anew`);
    return null;
  });
  const { seed, baseline, lakePath } = options;
  const config: DarwinConfig = { lake: lakePath, seed, population: POPULATION, saved, baseline };
  const worker = new Worker(THREAD, { workerData: config });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let parent = baseline.version;
  let latest: Extract<FromDarwin, { type: 'generation' }> | null = null;
  let lastMs = performance.now();
  let generations: Row[] = [];
  let policies: Row[] = [];
  const written = new Set<string>();
  const volumes: Evolution['hypervolume'] = [];

  worker.on('error', (error) => warn(`[darwin] ${messageOf(error)}; policies do not evolve until the next start`));
  worker.on('message', (message: FromDarwin) => {
    if (message.type === 'failed')
      return warn(`[darwin] ${message.message}; policies do not evolve until the next start`);
    const { step, lakeVersion, isLast } = message;
    if (latest !== null && latest.step.runId !== step.runId) volumes.length = 0;
    latest = message;
    volumes.push({ generation: step.generation, hypervolume: step.hypervolume });
    if (volumes.length > HISTORY_MAX) volumes.shift();
    const facts = { seed, lakeVersion, population: POPULATION, atUs: clock() };
    // The generation that the last process left off at has its row already.
    if (step.runId !== saved?.state.runId || step.generation > saved.state.darwin.generation)
      generations.push(generationRow(step, facts, performance.now() - lastMs));
    lastMs = performance.now();
    const members = isLast ? step.front : step.front.filter((member) => member.policyId === step.kneeId);
    const fresh = members.filter((member) => !written.has(member.policyId));
    for (const { policyId } of fresh) written.add(policyId);
    policies.push(...policyRows(fresh, step, facts, parent));
  });

  const commit = async () => {
    const [rows, found, run] = [generations, policies, latest];
    generations = [];
    policies = [];
    await appendRows(lake.store, tableOf(lake, 'policies'), found);
    await appendRows(lake.store, tableOf(lake, 'generations'), rows);
    if (run !== null) await saveRun(state, 'up', { lakeVersion: run.lakeVersion, state: run.state });
  };
  let committing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    committing = committing.then(commit).catch((error: unknown) => warn(`[darwin] ${messageOf(error)}`));
  }, COMMIT_EVERY_MS);

  return {
    get generation() {
      return latest?.step.generation ?? null;
    },
    get knee() {
      return latest?.step.front.find((member) => member.policyId === latest?.step.kneeId) ?? null;
    },
    evolution: (active) => describe(latest, volumes, active),
    baseline(policy) {
      parent = policy.version;
      worker.postMessage({ type: 'baseline', policy } satisfies ToDarwin);
    },
    async stop() {
      clearInterval(timer);
      worker.postMessage({ type: 'stop' } satisfies ToDarwin);
      await ended;
      await committing;
      await commit();
    },
  };
}

function describe(
  latest: Extract<FromDarwin, { type: 'generation' }> | null,
  volumes: Evolution['hypervolume'],
  active: StoredPolicy,
): Evolution {
  const step = latest?.step ?? null;
  const front = step?.front ?? [];
  const { security, productivity, compliance } = active.row;
  const known = front.find((member) => member.policyId === active.policyId)?.objectives;
  const recorded =
    security == null
      ? null
      : { security: Number(security), productivity: Number(productivity), compliance: Number(compliance) };
  return {
    run: step?.runId ?? null,
    generation: step?.generation ?? null,
    front: front.map(({ policyId, objectives }) => ({ policyId, objectives, isKnee: policyId === step?.kneeId })),
    hypervolume: [...volumes],
    active: { version: active.version ?? 0, policyId: active.policyId, objectives: known ?? recorded },
    lakeVersion: latest?.lakeVersion ?? null,
  };
}
