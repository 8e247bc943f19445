import { fileURLToPath } from 'node:url';
import { messageOf } from '../../core/index.ts';
import type { DashboardDeps, Health } from '../../dashboard/index.ts';
import { createLocalStore, type Query } from '../../lake/index.ts';
import type { Log } from '../../log/index.ts';
import type { FrontPolicy } from '../../optimizer/index.ts';
import type { Committed, Progress } from '../../processors/index.ts';
import type { Surroundings } from '../command.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Directory } from '../directory.ts';
import type { Lake } from '../lake-access.ts';
import { packageRoot } from '../package-root.ts';
import { baseline, type StoredPolicy } from '../policies.ts';
import type { UpConfig } from './config.ts';
import { startDarwin } from './darwin.ts';
import { createLakeGauge } from './gauge.ts';
import { followScored } from './live-feed.ts';
import { createMetrics } from './metrics.ts';
import { servePage } from './page.ts';
import { createPulse } from './pulse.ts';
import { showStatus } from './status.ts';

export interface ViewOptions {
  readonly config: Pick<UpConfig, 'host' | 'port' | 'token' | 'seed' | 'json'>;
  readonly folder: DataFolder;
  readonly log: Log;
  readonly lake: Lake;
  readonly directory: Directory;
  readonly clock: () => number;
  readonly warn: (message: string) => void;
  readonly output: Surroundings['stderr'];
}

/** What people see of a running Beagle: page, metrics, terminal; and Darwin, whom they watch. */
export async function startView(options: ViewOptions) {
  const { config, folder, log, lake, directory, clock, warn } = options;
  const stop = new AbortController();
  const startedAt = clock();
  const pulse = createPulse(clock);
  const gauge = createLakeGauge(lake);
  await gauge.refresh();
  let active: StoredPolicy = baseline();
  let emitted = 0;
  let scored = 0;
  const shards = new Set<string>();
  const feed = followScored(log, clock, stop.signal, warn);
  const [state, lakePath, { seed }] = [createLocalStore(folder.state), folder.lake, config];
  const darwin = await startDarwin({ lake, state, lakePath, seed, baseline: active.policy, clock, warn });
  const endAll = async () => {
    stop.abort();
    await Promise.all([darwin.stop(), feed.ended]);
  };

  const health = (): Health => ({
    now: clock(),
    startedAt,
    driver: log.driver,
    ...pulse.rate(clock()),
    shards: shards.size,
    backlog: Math.max(0, emitted - scored),
    commit: pulse.commit,
    files: gauge.files,
    totals: gauge.totals,
    generation: darwin.generation,
  });
  const page = await servePage(
    {
      pageDir: fileURLToPath(new URL('dist/page/', packageRoot())),
      ...(config.token === undefined ? {} : { token: config.token }),
      clock,
      live: feed,
      health,
      lake: sqlFor(lake.query),
      evolution: async () => darwin.evolution(active),
      metrics: createMetrics(health),
      ready: () => readiness(shards.size),
      person: (actorKey) => directory.person(actorKey),
    },
    config.host,
    config.port,
  ).catch((error: unknown) => endAll().then(() => Promise.reject(error)));
  const status = showStatus(options.output, () => ({
    url: page.url,
    health: health(),
    bestPolicy: inWords(darwin.knee),
  }));
  let refreshing = Promise.resolve();

  return {
    url: page.url,
    onEmitted(count: number) {
      emitted += count;
    },
    onProgress(progress: Progress) {
      pulse.progress(progress);
      shards.add(progress.shard);
      scored += progress.records;
    },
    onCommit(committed: Committed) {
      pulse.committed(committed, clock());
      refreshing = refreshing.then(gauge.refresh).catch((error: unknown) => warn(messageOf(error)));
    },
    onActive(policy: StoredPolicy) {
      if (policy.version !== active.version) darwin.baseline(policy.policy);
      active = policy;
    },
    /** For when the log is about to be closed under it. */
    endFeed: () => stop.abort(),
    async stop() {
      status.stop();
      await endAll();
      await refreshing;
      await page.close();
    },
  };
}

/** `a1b2c3 · 4 % of attack impact left · 1.2 min a user-week` */
function inWords(knee: FrontPolicy | null): string | null {
  if (knee === null) return null;
  const { security, productivity } = knee.objectives;
  return `${knee.policyId} · ${Math.round(security * 100)} % of attack impact left · ${productivity.toFixed(1)} min a user-week`;
}

const readiness = (shards: number) => ({ ready: shards > 0, reasons: shards > 0 ? [] : ['no shard is worked on yet'] });

/** The lake's SQL as the page asks for it. */
function sqlFor(query: Query): DashboardDeps['lake'] {
  return {
    async sql(text, { params = [] } = {}) {
      const { rows } = await query.sql(text, { params: params as readonly (string | number | boolean | null)[] });
      return { rows: [...rows] };
    },
  };
}
