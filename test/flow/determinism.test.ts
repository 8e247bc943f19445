import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../until.ts';
import { acknowledgedOn, createTestbed, landedIn, numberOf, openLog, rowsOf, type Testbed } from './beagle.ts';

let bed: Testbed;
beforeEach(() => {
  bed = createTestbed();
});
afterEach(() => bed.cleanUp());

const TABLES = ['events', 'quarantine', 'redeliveries', 'findings'] as const;

/** Every row of a table but for the time when it was made, in an order that does not depend on how it was written. */
const contentOf = (data: string, table: string) =>
  rowsOf(data, `SELECT * EXCLUDE (ingested_at) FROM ${table} ORDER BY log_shard, log_position`);

/** Puts events that are none, and events that are there already, between the others. */
async function appendOddities(data: string): Promise<void> {
  const log = await openLog(data);
  const { shards } = await log.describeStream('events');
  const odd = ['{"uuid":', '[1,2]', '{"__proto__":1}', 'plain text', '{"eventType":7}'].map((text, i) => ({
    app: i === 3 ? 'nobody' : 'okta',
    source: 'test',
    key: `odd ${i}`,
    data: Buffer.from(text),
  }));
  await log.append('events', [...odd, ...odd]);
  for (const { shardId } of shards) {
    const { records } = await log.read('events', shardId, { type: 'TRIM_HORIZON' }, { recordsMax: 20 });
    await log.append('events', records);
  }
  await log.close();
}

/** A full run on four shards: a finding that came back, a policy approved on the way, and events of all three tables. */
async function runWithFindingAndPolicy(data: string): Promise<void> {
  const start = new Date(Date.now() - 60_000).toISOString();
  // A minute of history that holds a whole password spray, so that the finding need not be waited for.
  const world = ['--people', '3000', '--seed', '1', '--shards', '4'];
  const filled = await bed.run(['generate', '--to', data, '--start', start, '--count', '2500', ...world]);
  expect(filled).toMatchObject({ code: 0, stderr: '' });
  await appendOddities(data);
  const running = bed.start(['up', '--data', data, '--port', '0', '--rate', '1200/min', ...world]);
  await running.shows(/the page is at/);
  await until('history is in the lake', async () => (await numberOf(data, 'SELECT count(*) FROM events')) >= 2500);
  const { kneeId } = await bed.json<{ kneeId: string }>([
    ...['evolve', '--data', data, '--generations', '2', '--population', '8'],
  ]);
  const approval = await bed.json(['policy', 'approve', kneeId, '--data', data, '--comment', 'a test']);
  expect(approval).toMatchObject({ policyId: kneeId, version: 1 });
  const decided = 'SELECT count(*) FROM events WHERE policy_version = 1';
  await until('the policy decides', async () => (await numberOf(data, decided)) > 0);
  await until('the finding is back', async () => (await numberOf(data, 'SELECT count(*) FROM findings')) > 0);
  running.child.kill('SIGINT');
  expect((await running.finished).code).toBe(0);
}

test('the log processed anew gives the same rows, whatever the batch size and the number of workers', async () => {
  const data = bed.folder();
  await runWithFindingAndPolicy(data);
  // Ctrl-C leaves what came last on the log: a rebuild ends where the lake ends.
  const landed = await landedIn(data);
  expect(new Set(landed).size).toBe(landed.length);
  const acknowledged = new Set(await acknowledgedOn(data));
  expect(landed.filter((at) => !acknowledged.has(at))).toEqual([]);
  const original = new Map<string, Record<string, unknown>[]>();
  for (const table of TABLES) original.set(table, await contentOf(data, table));
  const [finding] = original.get('findings') ?? [];
  expect(finding).toMatchObject({ detection_id: 'password_spray', attack: ['T1110.003'] });
  expect(new Set(original.get('events')?.map((row) => row.policy_version))).toEqual(new Set([0, 1]));
  expect(new Set(original.get('events')?.map((row) => row.log_shard)).size).toBe(4);
  expect(original.get('quarantine')).not.toHaveLength(0);
  expect(original.get('redeliveries')).not.toHaveLength(0);

  const rebuilds = [
    { batch: 10, workers: 4, to: bed.folder('rebuilt') },
    { batch: 10_000, workers: 1, to: bed.folder('rebuilt') },
  ];
  await Promise.all(
    rebuilds.map(({ batch, workers, to }) =>
      bed.json(['rebuild', '--data', data, '--to', to, '--batch', String(batch), '--workers', String(workers)]),
    ),
  );
  for (const { batch, workers, to } of rebuilds)
    for (const table of TABLES)
      expect(await contentOf(to, table), `${table}, batch ${batch}, workers ${workers}`).toEqual(original.get(table));
}, 150_000);

test('generate writes the same bytes for the same people, start, seed and count, whatever the rate', async () => {
  const words = ['generate', '--people', '60', '--count', '400', '--start', '2026-03-02T08:00:00Z'];
  const [plain, again, paced, other] = await Promise.all([
    bed.run([...words, '--seed', '5']),
    bed.run([...words, '--seed', '5']),
    bed.run([...words, '--seed', '5', '--rate', '24000/min']),
    bed.run([...words, '--seed', '6']),
  ]);
  expect(plain.code).toBe(0);
  expect(plain.stdout.trimEnd().split('\n')).toHaveLength(400);
  expect(again.stdout).toBe(plain.stdout);
  expect(paced.stdout).toBe(plain.stdout);
  expect(other.stdout).not.toBe(plain.stdout);
});
