import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openEmbeddedLog } from '../../log/index.ts';
import type { Manifests } from '../../processors/index.ts';
import { fillLake, runInProcess } from '../fixture-lake.ts';
import { openLake } from '../lake-access.ts';
import type { StoredPolicy } from '../policies.ts';
import { watchPolicies } from './policy-watch.ts';

let root: string;
let data: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-policies-'));
  data = join(root, 'data');
  await fillLake(data, 600);
});
afterEach(() => rm(root, { recursive: true }));

const approve = async (id: string) => void (await runInProcess('policy approve', [id, '--data', data]));

test('what a shard does not know is appended again at the start, and an approval is seen while it runs', async () => {
  await approve('v0');
  const log = await openEmbeddedLog({ path: join(data, 'log') });
  const lake = await openLake(join(data, 'lake'), expect.unreachable);
  const told = async () => {
    const { records } = await log.read('events', 'shardId-000000000000', { type: 'TRIM_HORIZON' });
    return records.map(({ source }) => source);
  };
  const start = (policyVersion: number, active: StoredPolicy[]) =>
    watchPolicies({
      log,
      lake,
      manifests: { newest: async () => ({ policyVersion }) } as unknown as Manifests,
      warn: expect.unreachable,
      onActive: (policy) => active.push(policy),
    });
  expect(await told()).toEqual(['policy:1']);
  const knowing: StoredPolicy[] = [];
  (await start(1, knowing)).stop();
  expect(await told()).toEqual(['policy:1']);
  // Its last manifest says that the shard has heard of version 0 alone: the approval was cut off.
  const active: StoredPolicy[] = [];
  const watch = await start(0, active);
  expect(await told()).toEqual(['policy:1', 'policy:1']);
  expect(active.map(({ version }) => version)).toEqual([1]);
  await approve('v0');
  await vi.waitFor(() => expect(active.map(({ version }) => version)).toEqual([1, 2]), { timeout: 10_000 });
  watch.stop();
  await lake.query.close();
  await log.close();
});
