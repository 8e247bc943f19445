import { z } from 'zod';
import { type Policy, policySchema } from '../core/index.ts';

/** The apps of records that are not native events. */
export const CONTROL_APP = '@control';
export const FINDING_APP = '@finding';

/** A change that every shard hears of, at its place in the shard's order. */
export const controlSchema = z.strictObject({ kind: z.literal('policy'), policy: policySchema });
export type Control = z.infer<typeof controlSchema>;

/** One finding about one actor: raises that person's risk. Keyed by the actor. */
const findingActorSchema = z.strictObject({
  kind: z.literal('actor'),
  findingUid: z.string(),
  evidenceHash: z.string(),
  detectionId: z.string(),
  actorKey: z.string(),
  severityId: z.int(),
  timeUs: z.int(),
});

/** One finding as a row. Keyed by finding_uid, behind the records of its actors. */
const findingRowSchema = z.strictObject({
  kind: z.literal('row'),
  findingUid: z.string(),
  evidenceHash: z.string(),
  detectionId: z.string(),
  severityId: z.int(),
  timeUs: z.int(),
  windowStartUs: z.int(),
  windowEndUs: z.int(),
  attack: z.array(z.string()),
  entities: z.array(z.string()),
  eventUids: z.array(z.string()),
  reasons: z.array(z.string()),
  status: z.string(),
});

export const findingSchema = z.discriminatedUnion('kind', [findingActorSchema, findingRowSchema]);
export type FindingRecord = z.infer<typeof findingSchema>;

/** The policy in force for an event: of those whose time has come, the highest version. */
export function policyAt(policies: readonly Policy[], timeUs: number): Policy {
  for (const policy of policies) if (policy.effectiveFrom <= timeUs) return policy;
  throw new Error('[processors/control] no policy is in force; version 0 must be there from the beginning of time');
}

/** Adds a policy, highest version first; a version that is there already changes nothing. */
export function addPolicy(policies: Policy[], policy: Policy): void {
  if (policies.some((held) => held.version === policy.version)) return;
  policies.push(policy);
  policies.sort((a, b) => b.version - a.version);
}
