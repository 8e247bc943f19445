import { describe, expect, it } from 'vitest';
import { createDerived } from './derived.ts';

describe('createDerived', () => {
  it('gives a name the same value for ever, also when it had to be forgotten in between', () => {
    const derived = createDerived<string>('family');
    const first = derived('one', (random) => random.hex(16));
    for (let i = 0; i < 60_000; i++) derived(`other ${i}`, () => 'x');
    expect(derived('one', (random) => random.hex(16))).toBe(first);
    expect(createDerived<string>('family')('one', (random) => random.hex(16))).toBe(first);
  });

  it('gives other names and other families other values', () => {
    const value = (family: string, name: string) => createDerived<string>(family)(name, (random) => random.hex(16));
    expect(new Set([value('a', 'x'), value('a', 'y'), value('b', 'x')]).size).toBe(3);
  });
});
