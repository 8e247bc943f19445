import { beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore, createTrial, HOUR_US, SHARD, START_US } from './fixtures.ts';
import { createSnapshots } from './snapshots.ts';
import type { ShardState } from './state.ts';

let store: ReturnType<typeof createMemoryStore>;
beforeEach(() => {
  store = createMemoryStore();
});
const keys = (prefix: string) => [...store.objects.keys()].filter((key) => key.startsWith(prefix)).sort();

const uidsOf = (state: ShardState) =>
  state.recentUids
    .hours()
    .map(({ hour }) => {
      const bytes = Buffer.from(state.recentUids.bytesOf(hour));
      const uids = Array.from({ length: bytes.length / 16 }, (_, i) => bytes.subarray(16 * i, 16 * i + 16));
      return [hour, uids.map((uid) => uid.toString('hex')).sort()] as const;
    })
    .sort(([a], [b]) => a - b);
const contentOf = ({ recentUids, ...rest }: ShardState) => ({
  rest: structuredClone(rest),
  uids: uidsOf({ recentUids, ...rest }),
});

/** A shard that takes so many events, `apartUs` from one to the next. */
function shardOf(events: number, apartUs = HOUR_US / 2) {
  const trial = createTrial();
  const more = (count: number) => {
    const from = trial.state.clockUs === 0 ? START_US : trial.state.clockUs + apartUs;
    for (let i = 0; i < count; i++) trial.feed({ device_uid: `d${i % 3}`, time: from + i * apartUs });
  };
  more(events);
  return { state: trial.state, more };
}

describe('a snapshot', () => {
  test('gives back the state, recent uids included, in another process', async () => {
    const { state } = shardOf(20);
    await createSnapshots(store).save(SHARD, '41', state);
    const loaded = await createSnapshots(store).load(SHARD, '41');
    expect(loaded?.position).toBe('41');
    expect(contentOf(loaded!.state)).toEqual(contentOf(state));
  });

  test('is what the state was when it was asked for, however it goes on while it is written', async () => {
    const { state, more } = shardOf(5);
    const before = contentOf(state);
    const saving = createSnapshots(store).save(SHARD, '5', state);
    more(30);
    await saving;
    expect(contentOf((await createSnapshots(store).load(SHARD, '5'))!.state)).toEqual(before);
  });

  test('that is loaded is the newest one not beyond the position, as positions and not as texts compare', async () => {
    const { state } = shardOf(1);
    const snapshots = createSnapshots(store);
    const kinesis = '49590338271490256608559692538361571095921575989136588898';
    for (const position of ['9', '10', kinesis]) await snapshots.save(SHARD, position, state);
    const loaded = async (position: string) => (await snapshots.load(SHARD, position))?.position;
    expect(await loaded('8')).toBeUndefined();
    expect(await loaded('9')).toBe('9');
    expect(await loaded('11')).toBe('10');
    expect(await loaded('99999')).toBe('10');
    expect(await loaded(kinesis)).toBe(kinesis);
    expect(await createSnapshots(store).load('other', '99')).toBeNull();
  });

  test('of which a part is gone is none', async () => {
    await createSnapshots(store).save(SHARD, '5', shardOf(5).state);
    await store.delete(keys('uids/')[0]!);
    expect(await createSnapshots(store).load(SHARD, '5')).toBeNull();
  });

  test('of which a part is gone gives way to an older one that is whole', async () => {
    const { state, more } = shardOf(5);
    const before = contentOf(state);
    const snapshots = createSnapshots(store);
    await snapshots.save(SHARD, '5', state);
    const old = new Set(keys('uids/'));
    more(4);
    await snapshots.save(SHARD, '9', state);
    await store.delete(keys('uids/').find((key) => !old.has(key))!);
    const loaded = await createSnapshots(store).load(SHARD, '9');
    expect(loaded?.position).toBe('5');
    expect(contentOf(loaded!.state)).toEqual(before);
  });

  test('writes what a past hour holds once', async () => {
    const { state, more } = shardOf(6);
    const snapshots = createSnapshots(store);
    await snapshots.save(SHARD, '6', state);
    const past = keys('uids/').map((key) => [key, store.objects.get(key)]);
    more(1);
    await snapshots.save(SHARD, '7', state);
    for (const [key, bytes] of past.slice(0, -1)) expect(store.objects.get(key as string)).toBe(bytes);
  });
});

describe('old snapshots', () => {
  test('go when three newer ones stand; each of the three can be loaded', async () => {
    const { state, more } = shardOf(1);
    const contents = new Map<string, unknown>();
    const snapshots = createSnapshots(store);
    for (let position = 1; position <= 60; position++) {
      contents.set(String(position), contentOf(state));
      await snapshots.save(SHARD, String(position), state);
      more(1);
    }
    expect(keys('snapshots/').map((key) => Number(key.split('/').at(-1)))).toEqual([58, 59, 60]);
    for (const position of ['58', '59', '60']) {
      const loaded = await createSnapshots(store).load(SHARD, position);
      expect(contentOf(loaded!.state)).toEqual(contents.get(position));
    }
    expect(await createSnapshots(store).load(SHARD, '57')).toBeNull();
  });

  test('take their uids with them: an hour’s are kept as often as snapshots name them differently', async () => {
    // A snapshot a minute, the hour’s uids growing in between.
    const { state, more } = shardOf(1, HOUR_US / 60);
    const snapshots = createSnapshots(store);
    for (let position = 1; position <= 200; position++) {
      await snapshots.save(SHARD, String(position), state);
      more(1);
    }
    const hours = state.recentUids.hours().length;
    expect(keys('uids/').length).toBeLessThanOrEqual(hours + 3);
  });

  test('are swept without harm to one that another worker is just writing', async () => {
    const { state, more } = shardOf(10, HOUR_US / 60);
    const [ours, theirs] = [createSnapshots(store), createSnapshots(store)];
    for (const position of ['1', '2', '3']) await ours.save(SHARD, position, state);
    more(5);
    // Theirs has written its uids, and not its head yet, when ours sweeps.
    let swept = false;
    const slow = createSnapshots({
      ...store,
      async put(key, bytes) {
        if (key.startsWith('snapshots/')) {
          await ours.save(SHARD, '4', shardOf(10, HOUR_US / 60).state);
          swept = true;
        }
        await store.put(key, bytes);
      },
    });
    await slow.save(SHARD, '9', state);
    expect(swept).toBe(true);
    expect(contentOf((await theirs.load(SHARD, '9'))!.state)).toEqual(contentOf(state));
  });

  test('that cannot be swept do not fail the new one', async () => {
    const broken = {
      ...store,
      delete: async () => {
        throw new Error('read-only');
      },
    };
    const snapshots = createSnapshots(broken);
    for (const position of ['1', '2', '3', '4']) await snapshots.save(SHARD, position, shardOf(1).state);
    expect((await snapshots.load(SHARD, '4'))?.position).toBe('4');
  });
});
