import { beforeEach, describe, expect, test } from 'vitest';
import { RetryableError } from '../core/index.ts';
import type { Store } from '../lake/index.ts';
import { createMemoryStore, manifestOf, SHARD } from './fixtures.ts';
import { createManifests, shardName } from './manifest.ts';

let store: ReturnType<typeof createMemoryStore>;
beforeEach(() => {
  store = createMemoryStore();
});
const failing = (given: Partial<Store>): Store => ({ ...store, ...given });

describe('a manifest', () => {
  test('lies under stream, incarnation, shard and number', async () => {
    const shard = shardName({ stream: 'events', incarnation: 'abcdefghijkl', shardId: 'shardId-000000000000' });
    expect(shard).toBe(SHARD);
    await createManifests(store).put(shard, manifestOf(7));
    expect([...store.objects.keys()]).toEqual([`batches/${SHARD}/000000000007.json`]);
  });

  test('is put by one of two attempts; the other is told that it lost, and changes nothing', async () => {
    const manifests = createManifests(store);
    const attempts = ['a', 'b', 'c', 'd'].map((nonce) => manifestOf(0, { nonce }));
    const won = await Promise.all(attempts.map((attempt) => manifests.put(SHARD, attempt)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await manifests.read(SHARD, 0)).toEqual(attempts[won.indexOf(true)]);
  });

  test('that is put again by the same attempt is still that attempt’s', async () => {
    const manifests = createManifests(store);
    expect(await manifests.put(SHARD, manifestOf(0))).toBe(true);
    expect(await manifests.put(SHARD, manifestOf(0))).toBe(true);
  });

  test('whose answer was lost stands when it is found by its nonce', async () => {
    const ambiguous = failing({
      async putIfAbsent(key, bytes) {
        await store.putIfAbsent(key, bytes);
        throw new RetryableError('timed out');
      },
    });
    expect(await createManifests(ambiguous).put(SHARD, manifestOf(0, { nonce: 'mine' }))).toBe(true);
    expect(await createManifests(ambiguous).put(SHARD, manifestOf(0, { nonce: 'late' }))).toBe(false);
    expect(await createManifests(store).read(SHARD, 0)).toMatchObject({ nonce: 'mine' });
  });

  test('that was not written fails with the store’s error', async () => {
    const broken = failing({
      putIfAbsent: async () => {
        throw new RetryableError('[lake/store] no answer');
      },
    });
    await expect(createManifests(broken).put(SHARD, manifestOf(0))).rejects.toThrow('[lake/store] no answer');
  });

  test('that is none is refused', async () => {
    await store.put(`batches/${SHARD}/000000000000.json`, Buffer.from('{"n":0}'));
    await expect(createManifests(store).read(SHARD, 0)).rejects.toThrow();
  });
});

describe('the manifests of a shard', () => {
  test('have a newest one, by number and not by name’s length', async () => {
    const manifests = createManifests(store);
    expect(await manifests.newest(SHARD)).toBeNull();
    for (const n of [2, 9, 10, 100]) await manifests.put(SHARD, manifestOf(n));
    await manifests.put(SHARD.replace('0000', '1111'), manifestOf(500));
    expect((await manifests.newest(SHARD))?.n).toBe(100);
  });

  test('are given in order behind a number, at most as many as asked for', async () => {
    const manifests = createManifests(store);
    for (const n of [3, 1, 0, 2]) await manifests.put(SHARD, manifestOf(n));
    const numbers = async (n: number, max: number) => (await manifests.behind(SHARD, n, max)).map((found) => found.n);
    expect(await numbers(-1, 10)).toEqual([0, 1, 2, 3]);
    expect(await numbers(0, 2)).toEqual([1, 2]);
    expect(await numbers(3, 10)).toEqual([]);
    expect(await createManifests(store).behind('nobody', -1, 10)).toEqual([]);
  });

  test('of which one is gone are refused: the lake would wait for it for ever', async () => {
    const manifests = createManifests(store);
    for (const n of [0, 2]) await manifests.put(SHARD, manifestOf(n));
    await expect(manifests.behind(SHARD, -1, 10)).rejects.toThrow(/manifest 1 is missing, 2 is there; restore/);
    await expect(manifests.behind(SHARD, 0, 10)).rejects.toThrow(/\[processors\/manifest\]/);
  });

  test('that are put while they are listed are no gap', async () => {
    const manifests = createManifests(
      failing({
        async get(key) {
          const bytes = await store.get(key);
          if (bytes === null && store.objects.size === 0) {
            for (const n of [0, 1]) await createManifests(store).put(SHARD, manifestOf(n));
          }
          return bytes;
        },
      }),
    );
    expect(await manifests.behind(SHARD, -1, 10)).toEqual([]);
    expect(await manifests.behind(SHARD, -1, 10)).toHaveLength(2);
  });

  test('are swept by age and number, the oldest first', async () => {
    const aged = failing({
      async *list(prefix: string) {
        for await (const object of store.list(prefix))
          yield { ...object, modifiedMs: 1000 * Number(object.key.slice(-8, -5)) };
      },
    });
    const manifests = createManifests(aged);
    for (const n of [0, 1, 2, 3, 4, 5]) await manifests.put(SHARD, manifestOf(n));
    const left = () => [...store.objects.keys()].map((key) => Number(key.slice(-8, -5)));
    await manifests.sweep(SHARD, 5, 2000);
    expect(left()).toEqual([2, 3, 4, 5]);
    await manifests.sweep(SHARD, 3, 1e12);
    expect(left()).toEqual([3, 4, 5]);
  });
});
