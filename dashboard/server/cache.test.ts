import { describe, expect, it } from 'vitest';
import { createCache } from './cache.ts';

describe('the cache', () => {
  it('makes one answer for all who ask while it is being made, and keeps it for its time', async () => {
    let nowMs = 0;
    let made = 0;
    const cache = createCache(() => nowMs, 2000, 10);
    const make = async () => ++made;
    expect(await Promise.all(Array.from({ length: 50 }, () => cache.get('a', make)))).toEqual(Array(50).fill(1));
    nowMs = 1999;
    expect(await cache.get('a', make)).toBe(1);
    nowMs = 2001;
    expect(await cache.get('a', make)).toBe(2);
  });

  it('keeps a slow answer ten times as long as it took, a minute at most', async () => {
    let nowMs = 0;
    const cache = createCache(() => nowMs, 2000, 10);
    let made = 0;
    const make = async () => {
      nowMs += 1000;
      return ++made;
    };
    await cache.get('a', make);
    nowMs = 10_999;
    expect(await cache.get('a', make)).toBe(1);
    nowMs = 11_001;
    expect(await cache.get('a', make)).toBe(2);
  });

  it('forgets failures at once and the oldest answers when it is full', async () => {
    const cache = createCache(() => 0, 2000, 2);
    await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('a', async () => 1)).toBe(1);
    await cache.get('b', async () => 1);
    await cache.get('c', async () => 1);
    expect(await cache.get('a', async () => 2)).toBe(2);
  });
});
