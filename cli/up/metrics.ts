import { Gauge, Registry } from 'prom-client';
import type { Health } from '../../dashboard/index.ts';

/** Prometheus metrics, read from the health at each scrape. */
export function createMetrics(health: () => Health): Registry {
  const registry = new Registry();
  const gauge = (name: string, help: string, read: (now: Health) => number | null) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(health()) ?? Number.NaN);
      },
    });
  gauge('beagle_events_per_second', 'Events scored a second, over the last seconds', (now) => now.eventsPerSecond);
  gauge('beagle_lag_seconds', 'Age of the newest record when it was scored', (now) => now.lagMs / 1000);
  gauge('beagle_backlog_records', 'Records acknowledged by the log and not yet scored', (now) => now.backlog);
  gauge('beagle_shards', 'Shards followed', (now) => now.shards);
  gauge('beagle_lake_version', 'Version of the table events', (now) => now.commit.version);
  gauge('beagle_commit_age_seconds', 'Time since the last commit to events', (now) =>
    now.commit.at === null ? null : (now.now - now.commit.at) / 1e6,
  );
  gauge('beagle_lake_files', 'Files of the table events', (now) => now.files);
  gauge('beagle_generation', 'Darwin’s generation', (now) => now.generation);
  new Gauge({
    name: 'beagle_lake_rows',
    help: 'Rows in the lake',
    labelNames: ['table'],
    registers: [registry],
    collect() {
      const { totals } = health();
      this.set({ table: 'events' }, totals.events);
      this.set({ table: 'quarantine' }, totals.quarantined);
      this.set({ table: 'redeliveries' }, totals.redelivered);
      this.set({ table: 'findings' }, totals.findings);
    },
  });
  return registry;
}
