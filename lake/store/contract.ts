import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareKeys } from './keys.ts';
import type { Store } from './store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array | null): string | null => (data === null ? null : new TextDecoder().decode(data));

/** Keys in the order in which `list` gives them. */
async function keysOf(store: Store, prefix: string, startAfter?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const object of store.list(prefix, startAfter)) keys.push(object.key);
  return keys;
}

/** The suite that every driver of the store passes. `open` gives an empty store and its disposal. */
export function storeContract(
  name: string,
  open: () => Promise<{ readonly store: Store; dispose(): Promise<void> }>,
): void {
  describe(`store contract: ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let store: Store;
    let folder = 0;
    const fresh = () => `case-${folder++}`;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.dispose());

    it('gives back what was put, and null where nothing was', async () => {
      const at = fresh();
      expect(await store.get(`${at}/a`)).toBeNull();
      await store.put(`${at}/a`, bytes('one'));
      await store.put(`${at}/a`, bytes('two'));
      expect(text(await store.get(`${at}/a`))).toBe('two');
      await store.put(`${at}/empty`, new Uint8Array(0));
      expect(text(await store.get(`${at}/empty`))).toBe('');
    });

    it('puts if absent once, and leaves the first content alone', async () => {
      const key = `${fresh()}/deep/er/key`;
      expect(await store.putIfAbsent(key, bytes('first'))).toBe(true);
      expect(await store.putIfAbsent(key, bytes('second'))).toBe(false);
      expect(text(await store.get(key))).toBe('first');
    });

    it('has one winner among 50 racers for a key', async () => {
      const key = `${fresh()}/raced`;
      const won = await Promise.all(Array.from({ length: 50 }, (_, i) => store.putIfAbsent(key, bytes(`racer ${i}`))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(text(await store.get(key))).toBe(`racer ${won.indexOf(true)}`);
    });

    it('reads ranges, shorter at the end', async () => {
      const key = `${fresh()}/range`;
      await store.put(key, bytes('0123456789'));
      expect(text(await store.getRange(key, 2, 3))).toBe('234');
      expect(text(await store.getRange(key, 8, 10))).toBe('89');
      expect(text(await store.getRange(key, 0, 10))).toBe('0123456789');
      await expect(store.getRange(`${key}-missing`, 0, 1)).rejects.toThrow(/lake\/store/);
    });

    it('lists by prefix in ascending order of UTF-8 bytes, behind startAfter', async () => {
      const at = fresh();
      const names = [
        'b/2',
        'b/10',
        'b-1',
        'b.1',
        'a',
        'c/x/y',
        'ab',
        'ä',
        '\u{1F600}',
        '\uFF5E',
        'b/event_date=2026-01-01/f%20',
      ];
      for (const name of names) await store.put(`${at}/${name}`, bytes(name));
      const all = names.map((name) => `${at}/${name}`).sort(compareKeys);
      expect(await keysOf(store, `${at}/`)).toEqual(all);
      expect(await keysOf(store, `${at}/b`)).toEqual(all.filter((key) => key.startsWith(`${at}/b`)));
      for (const key of all) {
        expect(await keysOf(store, `${at}/`, key)).toEqual(all.filter((other) => compareKeys(other, key) > 0));
      }
      expect(await keysOf(store, `${at}/nothing/here/`)).toEqual([]);
      for await (const object of store.list(`${at}/a`)) {
        expect(object.size).toBe(object.key.endsWith('ab') ? 2 : 1);
        expect(Math.abs(Date.now() - object.modifiedMs)).toBeLessThan(3_600_000);
        break;
      }
    });

    it('lists like a sorted filter, whatever the keys', async () => {
      const part = fc.stringMatching(/^[a-c=%\-.]{1,3}$/).filter((s) => !/^\.+$/.test(s) && !s.startsWith('.tmp'));
      const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(key, { maxLength: 8 }), key, async (keys, after) => {
          const at = fresh();
          // A file system cannot hold both a and a/b, and keys of ours never need it.
          const kept = keys.filter((k) => !keys.some((other) => other !== k && k.startsWith(`${other}/`)));
          for (const k of kept) await store.putIfAbsent(`${at}/${k}`, bytes(k));
          const expected = kept.map((k) => `${at}/${k}`).sort(compareKeys);
          expect(await keysOf(store, `${at}/`)).toEqual(expected);
          expect(await keysOf(store, `${at}/`, `${at}/${after}`)).toEqual(
            expected.filter((k) => compareKeys(k, `${at}/${after}`) > 0),
          );
        }),
        { numRuns: 25 },
      );
    });

    it('deletes, twice too', async () => {
      const key = `${fresh()}/gone`;
      await store.put(key, bytes('x'));
      await store.delete(key);
      await store.delete(key);
      expect(await store.get(key)).toBeNull();
      expect(await store.putIfAbsent(key, bytes('again'))).toBe(true);
    });

    it('refuses keys that would leave the store', async () => {
      for (const key of ['', '/etc/passwd', '../up', 'a/../../b', 'a//b', './a', 'a/', 'a\\b', 'a\u0000b', '.tmp/x']) {
        await expect(store.get(key)).rejects.toThrow(/bad key/);
        await expect(store.putIfAbsent(key, bytes('x'))).rejects.toThrow(/bad key/);
      }
    });
  });
}
