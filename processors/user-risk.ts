import type { Person } from './person.ts';

/** Half of a person's risk is gone after a day without news. */
const HALF_LIFE_US = 86_400_000_000;

/** How much a finding adds, by OCSF severity_id (0 to 6): a medium one 0.3, a high one 0.5. */
const FINDING_RISK = [0.1, 0.05, 0.15, 0.3, 0.5, 0.7, 0.8] as const;

/** The person's risk at a time, 0 to 100: what it stood at, halved for every half-life since. */
export function riskAt(person: Person, atUs: number): number {
  const sinceUs = Math.max(0, atUs - person.riskAtUs);
  return person.risk * 2 ** (-sinceUs / HALF_LIFE_US);
}

/**
 * Adds an event's own risk (0 to 100, without what was carried over): 100·(1 − (1 − R/100)(1 − (r/100)³)).
 * The cube lets a hundred routine admin actions weigh less than one take-over: 20 adds 0.8 %, 60 adds 22 %.
 */
export function addEventRisk(person: Person, eventRisk: number, atUs: number): number {
  return add(person, (eventRisk / 100) ** 3, atUs);
}

export function addFindingRisk(person: Person, severityId: number, atUs: number): number {
  return add(person, FINDING_RISK[severityId] ?? FINDING_RISK[0], atUs);
}

function add(person: Person, share: number, atUs: number): number {
  const before = riskAt(person, atUs);
  person.risk = 100 * (1 - (1 - before / 100) * (1 - share));
  person.riskAtUs = Math.max(person.riskAtUs, atUs);
  return person.risk;
}
