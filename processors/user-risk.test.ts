import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_US, START_US } from './fixtures.ts';
import { createPerson } from './person.ts';
import { addEventRisk, addFindingRisk, riskAt } from './user-risk.ts';

describe('a person’s risk', () => {
  test('halves with every day, and not before its own time', () => {
    const person = { ...createPerson(), risk: 80, riskAtUs: START_US };
    expect(riskAt(person, START_US)).toBe(80);
    expect(riskAt(person, START_US + DAY_US)).toBeCloseTo(40, 10);
    expect(riskAt(person, START_US + 3 * DAY_US)).toBeCloseTo(10, 10);
    expect(riskAt(person, START_US - DAY_US)).toBe(80);
  });

  test('grows with the cube of an event’s risk', () => {
    expect(addEventRisk(createPerson(), 100, START_US)).toBe(100);
    expect(addEventRisk(createPerson(), 60, START_US)).toBeCloseTo(21.6, 10);
    expect(addEventRisk(createPerson(), 20, START_US)).toBeCloseTo(0.8, 10);
    const person = { ...createPerson(), risk: 50, riskAtUs: START_US };
    expect(addEventRisk(person, 60, START_US)).toBeCloseTo(100 * (1 - 0.5 * (1 - 0.216)), 10);
  });

  test('grows with a finding’s severity; an unknown severity counts least but one', () => {
    const of = (severity: number) => addFindingRisk(createPerson(), severity, START_US);
    expect([1, 2, 3, 4, 5, 6].map(of).map(Math.round)).toEqual([5, 15, 30, 50, 70, 80]);
    expect(Math.round(of(99))).toBe(10);
  });

  test('stays within 0 and 100, never falls by an event, and its time never goes back', () => {
    const events = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 5 * DAY_US })));
    fc.assert(
      fc.property(events, (given) => {
        const person = createPerson();
        for (const [risk, atUs] of given) {
          const before = { risk: riskAt(person, atUs), atUs: person.riskAtUs };
          const after = addEventRisk(person, risk, atUs);
          expect(after).toBeGreaterThanOrEqual(before.risk - 1e-9);
          expect(after).toBeLessThanOrEqual(100);
          expect(person.riskAtUs).toBe(Math.max(before.atUs, atUs));
        }
      }),
    );
  });
});
