import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../lake/index.ts';
import { createMemoryStore } from '../fixtures.ts';
import { createLeases, type Lease } from './leases.ts';

const LEASE_MS = 1000;

/** A store and the processes on it; each has a clock of its own, off by as much as it is told. */
function createTrial() {
  let nowMs = 1_000_000;
  const inner = createMemoryStore();
  const written = new Map<string, number>();
  let failNext: 'before' | 'after' | null = null;
  const store: Store = {
    ...inner,
    async putIfAbsent(key, bytes) {
      const fail = failNext;
      failNext = null;
      if (fail === 'before') throw new Error('no answer');
      const isPut = await inner.putIfAbsent(key, bytes);
      if (isPut) written.set(key, nowMs);
      if (fail === 'after') throw new Error('no answer');
      return isPut;
    },
    async *list(prefix, startAfter) {
      for await (const object of inner.list(prefix, startAfter))
        yield { ...object, modifiedMs: written.get(object.key) ?? 0 };
    },
  };
  return {
    store: inner,
    /** `passes` false: its own clock stands, as that of a machine that sleeps. */
    open: (owner: string, skewMs = 0, passes = true) =>
      createLeases({
        store,
        group: 'g',
        owner,
        leaseMs: LEASE_MS,
        wallMs: () => nowMs + skewMs,
        nowMs: () => (passes ? nowMs : 0) + owner.length * 1e6,
      }),
    advance: (ms: number) => {
      nowMs += ms;
    },
    fail: (when: 'before' | 'after') => {
      failNext = when;
    },
  };
}

describe('a lease', () => {
  test('is had by one, who keeps it by renewing it, until it is released', async () => {
    const { open, advance } = createTrial();
    const [a, b] = [open('a'), open('bb')];
    const lease = await a.take('shard');
    expect(lease?.name).toBe('shard');
    for (let i = 0; i < 20; i++) {
      await b.observe();
      expect(b.holderOf('shard')).toBe('a');
      expect(await b.take('shard')).toBeNull();
      advance(LEASE_MS / 2);
      expect(await lease!.renew()).toBe(true);
    }
    await lease!.release();
    await b.observe();
    expect(b.holderOf('shard')).toBeNull();
    expect(b.held('')).toEqual([]);
    expect(await b.take('shard')).not.toBeNull();
    expect(b.held('sha')).toEqual(['shard']);
  });

  test('is taken over when it is not renewed, however the clocks differ; its holder learns of it', async () => {
    for (const skewMs of [0, -50_000, 50_000]) {
      const { open, advance } = createTrial();
      const [a, b] = [open('a'), open('bb', skewMs)];
      const lease = await a.take('shard');
      await b.observe();
      advance(LEASE_MS);
      expect(await b.take('shard')).toBeNull();
      advance(LEASE_MS / 2);
      expect(await b.take('shard')).not.toBeNull();
      expect(await lease!.renew()).toBe(false);
      expect(lease!.lost.aborted).toBe(true);
    }
  });

  test('is taken over at once when it ran out long ago', async () => {
    const { open, advance } = createTrial();
    await open('a').take('shard');
    advance(3_600_000);
    const b = open('bb');
    await b.observe();
    expect(await b.take('shard')).not.toBeNull();
  });

  test('outlives a lost answer, and is given up when no answer comes for its whole time', async () => {
    const { open, advance, fail } = createTrial();
    const lease = await open('a').take('shard');
    for (const when of ['before', 'after'] as const) {
      fail(when);
      expect(await lease!.renew()).toBe(true);
      advance(LEASE_MS / 3);
      expect(await lease!.renew()).toBe(true);
    }
    advance(LEASE_MS * 1.1);
    fail('before');
    expect(await lease!.renew()).toBe(false);
  });

  test('is not had by who looked so long ago that the generation to take is swept already', async () => {
    const { open, advance } = createTrial();
    const [a, b] = [open('a'), open('bb')];
    await (await a.take('shard'))!.release();
    await a.observe();
    const other = await b.observe().then(() => b.take('shard'));
    for (let i = 0; i < 30; i++) {
      advance(LEASE_MS / 3);
      expect(await other!.renew()).toBe(true);
    }
    expect(await a.take('shard')).toBeNull();
    expect(await other!.renew()).toBe(true);
    await a.observe();
    expect(a.holderOf('shard')).toBe('bb');
  });

  test('is lost to who stood still while another took it over and went on, also with its clock', async () => {
    for (const passes of [true, false]) {
      const { open, advance } = createTrial();
      const [a, b] = [open('a', 0, passes), open('bb')];
      const lease = await a.take('shard');
      await b.observe();
      advance(LEASE_MS * 2);
      const other = await b.take('shard');
      for (let i = 0; i < 30; i++) {
        advance(LEASE_MS / 3);
        expect(await other!.renew()).toBe(true);
      }
      expect(await lease!.renew()).toBe(false);
      expect(lease!.lost.aborted).toBe(true);
      expect(await other!.renew()).toBe(true);
    }
  });

  test('is free at once when it is released while it is being renewed', async () => {
    const { open } = createTrial();
    const [a, b] = [open('a'), open('bb')];
    const lease = await a.take('shard');
    await Promise.all([lease!.renew(), lease!.release()]);
    await b.observe();
    expect(b.holderOf('shard')).toBeNull();
    expect(await b.take('shard')).not.toBeNull();
  });

  test('leaves few objects behind', async () => {
    const { open, store } = createTrial();
    const lease = await open('a').take('shard');
    for (let i = 0; i < 100; i++) await lease!.renew();
    expect(store.objects.size).toBeLessThan(12);
  });

  test('of a process that is long gone leaves nothing behind', async () => {
    const { open, advance, store } = createTrial();
    for (let i = 0; i < 20; i++) {
      const lease = await open(`a${i}`).take(`members/a${i}`);
      await lease!.renew();
      if (i % 2 === 0) await lease!.release();
    }
    const b = open('bb');
    const lease = await b.take('shard');
    for (let day = 0; day < 3; day++) {
      advance(86_400_000);
      await lease!.renew();
      await b.observe();
    }
    expect([...store.objects.keys()].filter((key) => !key.includes('/shard/'))).toEqual([]);
    expect(await lease!.renew()).toBe(true);
    expect(await b.take('members/a1')).not.toBeNull();
  });

  test('is never had by two who trust it, whoever stops and whoever races', async () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom('look', 'take', 'renew', 'release', 'wait'));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const { open, advance } = createTrial();
        const all = ['a', 'bb', 'ccc'].map((owner) => ({ leases: open(owner), lease: null as Lease | null }));
        for (const [i, what] of steps) {
          const one = all[i]!;
          if (what === 'wait') advance(400);
          else if (what === 'look') await one.leases.observe();
          else if (what === 'take') one.lease = (await one.leases.take('shard')) ?? one.lease;
          else if (what === 'renew') await one.lease?.renew();
          else await one.lease?.release();
        }
        // Of all who think that they have it, one at most can renew it.
        const sure = await Promise.all(all.map(({ lease }) => lease?.renew() ?? false));
        expect(sure.filter(Boolean).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});
