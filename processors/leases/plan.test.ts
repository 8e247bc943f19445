import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planShares } from './plan.ts';

test('whoever has what, all end with the same number but for one, and nobody works a shard of another', () => {
  const world = fc.record({
    members: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 6 }),
    shards: fc.integer({ min: 0, max: 20 }),
    owners: fc.array(fc.integer({ min: -1, max: 5 }), { minLength: 20, maxLength: 20 }),
  });
  fc.assert(
    fc.property(world, ({ members, shards: count, owners }) => {
      const shards = Array.from({ length: count }, (_, i) => `shard-${i}`);
      const has = new Map(members.map((member) => [member, new Set<string>()]));
      shards.forEach((shard, i) => {
        const owner = members[owners[i] ?? -1];
        if (owner !== undefined) has.get(owner)?.add(shard);
      });
      for (let round = 0; round < 2; round++) {
        for (const self of members) {
          const own = has.get(self) ?? new Set();
          const others = [...has].filter(([member]) => member !== self).flatMap(([, set]) => [...set]);
          const plan = planShares({ members, self, shards, own: [...own], others });
          for (const shard of plan.take) {
            expect(others).not.toContain(shard);
            own.add(shard);
          }
          for (const shard of plan.giveBack) expect(own.delete(shard)).toBe(true);
        }
      }
      const sizes = [...has.values()].map((set) => set.size);
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(count);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});
