import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Health } from '../../dashboard/index.ts';
import { fillLake } from '../fixture-lake.ts';
import { openLake, tableOf } from '../lake-access.ts';
import { appendRows } from '../rows.ts';
import { createLakeGauge } from './gauge.ts';
import { createMetrics } from './metrics.ts';

test('the gauge counts the lake’s rows, and a finding once whatever its revisions; metrics say the same', async () => {
  const root = await mkdtemp(join(tmpdir(), 'beagle-gauge-'));
  await fillLake(root, 100);
  const lake = await openLake(join(root, 'lake'), expect.unreachable);
  const finding = (status: string, position: string) => ({
    ...{ finding_uid: 'f', detection_id: 'd', time: 0, severity_id: 4, attack: [], entities: [], event_uids: [] },
    ...{ reasons: [], status, evidence_hash: 'e', window_start: 0, window_end: 1, ingested_at: 0 },
    ...{ log_shard: 's', log_position: position },
  });
  await appendRows(lake.store, tableOf(lake, 'findings'), [finding('new', '1'), finding('updated', '2')]);
  const gauge = createLakeGauge(lake);
  expect(gauge.totals).toEqual({ events: 0, quarantined: 0, redelivered: 0, findings: 0 });
  await gauge.refresh();
  expect(gauge.totals).toEqual({ events: 100, quarantined: 0, redelivered: 0, findings: 1 });
  expect(gauge.files).toBe(2);
  const health: Health = {
    ...{ now: 5_000_000, startedAt: 0, driver: 'embedded', eventsPerSecond: 7, byApp: {}, lagMs: 1500, shards: 1 },
    ...{
      backlog: 3,
      commit: { version: 2, at: 1_000_000 },
      files: gauge.files,
      totals: gauge.totals,
      generation: null,
    },
  };
  const text = await createMetrics(() => health).metrics();
  for (const line of [
    'beagle_events_per_second 7',
    'beagle_lag_seconds 1.5',
    'beagle_commit_age_seconds 4',
    'beagle_generation Nan',
    'beagle_lake_rows{table="events"} 100',
    'beagle_lake_rows{table="findings"} 1',
  ])
    expect(text).toContain(`${line}\n`);
  await lake.query.close();
  await rm(root, { recursive: true });
});
