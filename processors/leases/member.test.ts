import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RetryableError } from '../../core/index.ts';
import { createLocalStore, openTable, type Store } from '../../lake/index.ts';
import { openEmbeddedLog } from '../../log/index.ts';
import { openTables, workerDepsOf } from '../fixture-worker.ts';
import { START_US } from '../fixtures.ts';
import { BATCH_DEFINITIONS } from '../manifest.ts';
import type { ThreadConfig } from '../messages.ts';
import type { startPool } from '../pool.ts';
import { createTestPool } from '../test-pool.ts';
import type { WorkerDeps } from '../worker.ts';
import { createLeases } from './leases.ts';
import { type Member, startMember } from './member.ts';

const workers = new Map<string, Omit<WorkerDeps, 'report'>>();
vi.mock('../pool.ts', () => ({
  startPool: (async (_threads, config, report) =>
    createTestPool({ ...workers.get(config.fingerprint)!, report })) satisfies typeof startPool,
}));

const LEASE_MS = 600;
let root: string;
let log: Awaited<ReturnType<typeof openEmbeddedLog>>;
let members: { member: Member; crash: () => void; said: string[] }[];
let count: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-member-'));
  log = await openEmbeddedLog({ path: join(root, 'log') });
  await log.createStream('events', { shards: 4 });
  members = [];
  count = 0;
});
afterEach(async () => {
  await Promise.allSettled(members.map(({ member }) => Promise.race([member.stop(), member.failed])));
  await log.close();
  await rm(root, { recursive: true, maxRetries: 5 });
});

/** The store of a process that can die: nothing that it does afterwards comes to pass. */
function mortal(store: Store, isDead: () => boolean): Store {
  const guard =
    <A extends unknown[], T>(run: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      if (isDead()) throw new RetryableError('[test] dead');
      return run(...given);
    };
  return {
    ...store,
    get: guard(store.get),
    put: guard(store.put),
    putIfAbsent: guard(store.putIfAbsent),
    delete: guard(store.delete),
  };
}

async function joinGroup(owner: string, streams = async (): Promise<readonly string[]> => ['events']) {
  let dead = false;
  const open = (name: string) => mortal(createLocalStore(join(root, name)), () => dead);
  const [lake, state] = [open('lake'), open('state')];
  const tables = await openTables(lake);
  const clock = () => Date.now() * 1000;
  const limits = { recordsMax: 20, ageMsMax: 50 };
  const deps = workerDepsOf({ log, lake, state, clock, limits, snapshotEveryMs: 100 });
  workers.set(owner, deps);
  const said: string[] = [];
  const member = await startMember({
    log,
    thread: { fingerprint: owner } as ThreadConfig,
    threads: 1,
    manifests: deps.manifests,
    tables,
    runner: null,
    leases: createLeases({ store: state, group: 'beagle', owner, leaseMs: LEASE_MS }),
    owner,
    leaseMs: LEASE_MS,
    streams,
    say: (message) => said.push(message),
  });
  const crash = () => {
    dead = true;
  };
  members.push({ member, crash, said });
  return { member, crash, said };
}

async function append(more: number): Promise<void> {
  const records = Array.from({ length: more }, () => ({
    app: 'plain',
    source: '',
    key: `person:p${count % 50}`,
    data: Buffer.from(JSON.stringify({ native_uid: `n${count++}`, time: START_US })),
  }));
  await log.append('events', records);
}
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 50 });
/** All that was appended, each once: `txn` and manifests let no position be there twice. */
const allInLake = () =>
  eventually(async () => {
    const table = await openTable(createLocalStore(join(root, 'lake')), BATCH_DEFINITIONS.events, { clock: Date.now });
    expect((await table.snapshot()).numRecords).toBe(count);
  });
const sizes = () => members.map(({ member }) => member.shards().length).toSorted();

describe('processes that share a stream', () => {
  test('have as many shards each, also when one comes or goes; one of them commits', async () => {
    const first = await joinGroup('a');
    expect(first.member.shards()).toHaveLength(4);
    await append(100);
    await joinGroup('b');
    await eventually(() => expect(sizes()).toEqual([2, 2]));
    await append(100);
    await joinGroup('c');
    await eventually(() => expect(sizes()).toEqual([1, 1, 2]));
    await append(100);
    expect(members.filter(({ member }) => member.isCommitter())).toHaveLength(1);
    await first.member.stop();
    members = members.filter(({ member }) => member !== first.member);
    await eventually(() => expect(sizes()).toEqual([2, 2]));
    await append(100);
    await eventually(() => expect(members.filter(({ member }) => member.isCommitter())).toHaveLength(1));
    await allInLake();
  });

  test('take over what one leaves that dies, its commits too: nothing is lost or doubled', async () => {
    const first = await joinGroup('a');
    await joinGroup('b');
    await eventually(() => expect(sizes()).toEqual([2, 2]));
    expect(first.member.isCommitter()).toBe(true);
    await append(200);
    first.crash();
    await append(200);
    await eventually(() => expect(members[1]!.member.shards()).toHaveLength(4));
    await append(50);
    expect(members[1]!.member.isCommitter()).toBe(true);
    await allInLake();
    members = members.slice(1);
  });

  test('keep their shards while the log does not answer', async () => {
    let answers: Promise<unknown> = Promise.resolve();
    const first = await joinGroup('a', async () => {
      await answers;
      return ['events'];
    });
    const second = await joinGroup('b');
    await eventually(() => expect(sizes()).toEqual([2, 2]));
    const shards = first.member.shards();
    let asked = 0;
    answers = new Promise((resolve) => setTimeout(resolve, LEASE_MS * 4)).then(() => asked++);
    await append(100);
    await eventually(() => expect(asked).toBe(1));
    expect(first.member.shards()).toEqual(shards);
    expect(first.member.isCommitter()).toBe(true);
    expect(second.said.filter((line) => shards.some((shard) => line === `works ${shard}`))).toEqual([]);
    expect(second.said).not.toContain('commits');
    await allInLake();
  });

  test('work the children of a split, each once its parent is at its end', async () => {
    await joinGroup('a');
    await joinGroup('b');
    await append(100);
    const { shards } = await log.describeStream('events');
    const [{ shardId, hashKeyRange }] = shards as [(typeof shards)[number]];
    await log.splitShard('events', shardId, String((BigInt(hashKeyRange.start) + BigInt(hashKeyRange.end)) / 2n));
    await append(100);
    await eventually(() => expect(sizes()).toEqual([2, 3]));
    await allInLake();
    expect(members.flatMap(({ member }) => member.shards()).some((name) => name.endsWith(shardId))).toBe(false);
  });
});
