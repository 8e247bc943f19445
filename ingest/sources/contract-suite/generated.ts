import { afterEach, describe, expect, it, vi } from 'vitest';
import { CLASS, createRandom, type MappedEvent, type Random, type Source, type Status } from '../../../core/index.ts';
import type { Account, Activity, ActivityKind, Generator } from '../../world/activity.ts';
import { expectMappedEvent } from './mapped-event.ts';
import { sampleActivity } from './people.ts';
import { expectConsistent } from './reading.ts';

export interface ContractOptions {
  /** The app's account of the n-th person of the sample, as the app's ids look. */
  readonly account: (n: number) => Account;
  /** Least and most bytes of a generated event as JSON. */
  readonly jsonBytes: readonly [number, number];
  /** The vendor's resolution of time, µs; a millisecond when left out. */
  readonly resolutionUs?: number;
  /** Kinds whose native event names no actor, or another one, because the vendor hides it. */
  readonly otherActor?: readonly ActivityKind[];
  /** Kinds whose native event has no source address. */
  readonly noIp?: readonly ActivityKind[];
}

const AUTHENTICATION: readonly ActivityKind[] = ['sign_in', 'sign_in_failed', 'mfa_verified', 'mfa_denied', 'sign_out'];
const FAILING: readonly ActivityKind[] = ['sign_in_failed', 'mfa_denied'];
const CHANGES_MFA: readonly ActivityKind[] = ['enroll_mfa', 'reset_mfa'];
const PRIVILEGED: readonly ActivityKind[] = [
  'reset_mfa',
  'grant_admin',
  'revoke_admin',
  'create_user',
  'deactivate_user',
  'disable_protection',
];
const EVERYDAY: readonly ActivityKind[] = [...AUTHENTICATION, 'read', 'download'];

/** What an app's generator makes maps back to what was meant; all randomness comes from its argument. */
export function describeGenerated(source: Source, generator: Generator, options: ContractOptions): void {
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const kinds = [...(Object.keys(generator.habits) as ActivityKind[]), ...generator.also];
  const generate = (activity: Activity, random: Random): unknown => {
    vi.spyOn(Math, 'random').mockImplementation(() => {
      throw new Error('randomness comes from the argument');
    });
    return JSON.parse(JSON.stringify(generator.generate(activity, random)));
  };

  describe(`${source.app} generated events`, () => {
    it('come in kinds that are declared once', () => {
      expect(kinds.length).toBeGreaterThan(0);
      expect(new Set(kinds).size).toBe(kinds.length);
      for (const weight of Object.values(generator.habits)) expect(weight).toBeGreaterThan(0);
    });

    it.each(kinds)('of %s map back to what was meant', (kind) => {
      for (let i = 0; i < 60; i++) {
        const activity = sampleActivity(source.app, kind, i, options.account);
        const native = generate(activity, createRandom(`${kind} ${i}`));
        const parsed = source.schema.safeParse(native);
        expect(parsed.error?.issues ?? [], JSON.stringify(native)).toEqual([]);
        const event = source.map(parsed.data);
        expectMappedEvent(event);
        expectConsistent(source, parsed.data);
        expectMeaning(event, activity, options);
      }
    });

    it.each(kinds)('of %s are complete JSON of the right size, the same for the same random stream', (kind) => {
      for (let i = 0; i < 20; i++) {
        const activity = sampleActivity(source.app, kind, i, options.account);
        const text = JSON.stringify(generator.generate(activity, createRandom(i)));
        expect(JSON.stringify(generate(activity, createRandom(i)))).toBe(text);
        const bytes = Buffer.byteLength(text);
        expect(bytes).toBeGreaterThanOrEqual(options.jsonBytes[0]);
        expect(bytes).toBeLessThanOrEqual(options.jsonBytes[1]);
      }
    });

    it('have native ids that are all different', () => {
      const random = createRandom('ids');
      const ids = new Set<string | null>();
      for (let i = 0; i < 10_000; i++) {
        const kind = kinds[i % kinds.length] as ActivityKind;
        const native = generator.generate(sampleActivity(source.app, kind, i % 97, options.account), random);
        ids.add(source.nativeId(source.schema.parse(native)));
      }
      expect(ids.has(null)).toBe(false);
      expect(ids.size).toBe(10_000);
    });
  });
}

function expectMeaning(event: MappedEvent, activity: Activity, options: ContractOptions): void {
  const { kind } = activity;
  const resolutionUs = options.resolutionUs ?? 1000;
  expect(event.time).toBe(Math.floor(activity.atUs / resolutionUs) * resolutionUs);
  const status: Status = FAILING.includes(kind) ? 'failure' : 'success';
  expect(event.status).toBe(status);
  expect(event.action.length).toBeGreaterThan(0);
  if (!options.otherActor?.includes(kind)) {
    expect(event.actor_uid).toBe(activity.person.accounts[activity.app]?.uid);
  }
  expect(event.src_ip).toBe(options.noIp?.includes(kind) ? null : activity.ip);
  expect(event.changes_mfa).toBe(CHANGES_MFA.includes(kind));
  if (AUTHENTICATION.includes(kind)) expect(event.class_uid).toBe(CLASS.authentication);
  if (PRIVILEGED.includes(kind)) expect(event.is_privileged).toBe(true);
  if (EVERYDAY.includes(kind)) expect(event.is_privileged).toBe(false);
}
