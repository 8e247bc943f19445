import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLASS, createRandom, type MappedEvent } from '../../../core/index.ts';
import { describeSource, expectMappedEvent, mapNative, sampleActivity } from '../contract.ts';
import { oktaGenerator } from './generate.ts';
import { okta } from './source.ts';

const account = (n: number) => ({
  uid: `00u1a2b3c4d5e6f7${String(n).padStart(4, '0')}`,
  login: `person${n}@beagle.example`,
});

describeSource(okta, oktaGenerator, new URL('./', import.meta.url), { account, jsonBytes: [1400, 2200] });

function mapped(native: unknown): MappedEvent {
  const event = mapNative(okta, native);
  if ('fault' in event) throw new Error(`refused at ${event.fault}`);
  return event;
}

describe('okta', () => {
  it('says whether a second factor opened the session', () => {
    for (let i = 0; i < 10; i++) {
      const activity = sampleActivity('okta', 'sign_in', i, account);
      const native = oktaGenerator.generate(activity, createRandom(i));
      expect(mapped(native).mfa).toBe(activity.mfa);
    }
    const eventType = 'user.authentication.auth_via_mfa';
    expect(mapped({ eventType, outcome: { result: 'SUCCESS' } }).mfa).toBe(true);
    expect(mapped({ eventType, outcome: { result: 'FAILURE' } }).mfa).toBe(false);
    expect(mapped({ eventType }).mfa).toBeNull();
  });

  it('keeps one session and one device for one session and one device of a person', () => {
    const events = (['sign_in', 'mfa_verified', 'read', 'sign_out'] as const).map((kind, i) => {
      const activity = sampleActivity('okta', kind, 0, account);
      return mapped(oktaGenerator.generate(activity, createRandom(i)));
    });
    expect(new Set(events.map((event) => event.session_uid)).size).toBe(1);
    expect(new Set(events.map((event) => event.device_uid)).size).toBe(1);
    expect(events[0]?.session_uid).not.toBeNull();
    expect(events[0]?.device_uid).not.toBeNull();
  });

  it('signs people on to a dozen apps', () => {
    const names = new Set<string | null>();
    const random = createRandom('apps');
    for (let i = 0; i < 300; i++) {
      names.add(mapped(oktaGenerator.generate(sampleActivity('okta', 'read', i, account), random)).target_name);
    }
    expect(names.size).toBeGreaterThanOrEqual(12);
  });

  it('refuses to generate what Okta has no event for', () => {
    expect(() => oktaGenerator.generate(sampleActivity('okta', 'share', 0, account), createRandom(1))).toThrow(
      '[ingest/okta]',
    );
  });

  it('tells the accounts of failed sign-ins with unknown logins apart', () => {
    const failed = (alternateId: string) =>
      mapped({ eventType: 'user.session.start', actor: { id: 'unknown', type: 'User', alternateId } });
    expect(failed('a@beagle.example').actor_uid).toBe('a@beagle.example');
    expect(failed('b').actor_uid).toBe('b');
    expect(failed('unknown').actor_uid).toBeNull();
  });

  it('counts removing one’s own factor as everyday, somebody else’s as privileged', () => {
    const removed = (id: string) =>
      mapped({
        eventType: 'user.mfa.factor.deactivate',
        actor: { id: 'u1', type: 'User' },
        target: [{ id, type: 'User' }],
      });
    expect(removed('u1')).toMatchObject({ is_privileged: false, actor_type: 'user', changes_mfa: true });
    expect(removed('u2')).toMatchObject({ is_privileged: true, actor_type: 'admin', changes_mfa: true });
  });

  it('reads unknown event types by family and verb', () => {
    expect(mapped({ eventType: 'policy.shiny.activate' })).toMatchObject({
      class_uid: CLASS.entityManagement,
      activity_id: 10,
    });
    expect(mapped({ eventType: 'application.lifecycle.delete' })).toMatchObject({
      class_uid: CLASS.applicationLifecycle,
      activity_id: 2,
    });
    expect(mapped({ eventType: '__proto__' })).toMatchObject({ class_uid: CLASS.apiActivity, activity_id: 99 });
    expect(mapped({ eventType: 'x'.repeat(5000) }).action).toHaveLength(1024);
  });

  it('names the member whose type is wrong, and overlooks wrong decorations', () => {
    const base = { eventType: 'user.session.start' };
    expect(mapNative(okta, { ...base, actor: { id: 7 } })).toEqual({ fault: 'actor.id' });
    expect(mapNative(okta, { ...base, outcome: 'SUCCESS' })).toEqual({ fault: 'outcome' });
    expect(mapNative(okta, { ...base, published: {} })).toEqual({ fault: 'published' });
    expect(mapNative(okta, { eventType: 7 })).toEqual({ fault: 'eventType' });
    expect(mapNative(okta, {})).toEqual({ fault: 'eventType' });
    const odd = { ...base, client: { ipAddress: '192.0.2.1', userAgent: 7 }, device: [], target: 'x', debugContext: 1 };
    expect(mapped(odd)).toMatchObject({ src_ip: '192.0.2.1', user_agent: null, target_uid: null });
  });
});

const CORPUS = new URL('../../../../shared/corpora/events/okta.ndjson', import.meta.url);
const missing = !existsSync(CORPUS);
if (missing) console.info('[ingest/okta] the corpus of real events is not here; they are not mapped');

/** Some publishers redact the time. */
const isTime = (text: string | null | undefined): text is string => /^\d{4}-/.test(text ?? '');

describe.skipIf(missing)('okta real events', () => {
  it('map, but those without an event type', () => {
    const natives = readFileSync(CORPUS, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { event: Record<string, unknown> }).event);
    for (const native of natives) {
      const eventType = native.eventType ?? native.eventtype;
      if (eventType === undefined) {
        expect(mapNative(okta, native)).toEqual({ fault: 'eventType' });
        continue;
      }
      const event = mapped(native);
      expectMappedEvent(event);
      const { actor, client, published } = native as {
        actor?: { id: string; alternateId: string };
        client?: { ipAddress?: string | null };
        published?: string | null;
      };
      expect(event.action).toBe(eventType);
      expect(event.actor_uid).toBe((actor?.id === 'unknown' ? actor.alternateId : actor?.id) ?? null);
      expect(event.src_ip).toBe(client?.ipAddress ?? null);
      expect(event.time === null).toBe(!isTime(published));
      if (isTime(published)) {
        const iso = published.replace(' ', 'T').replace(/(\.\d{3})\d*$/, '$1');
        expect(event.time).toBe(Date.parse(iso.endsWith('Z') ? iso : `${iso}Z`) * 1000);
      }
    }
    const refused = natives.filter((native) => 'fault' in mapNative(okta, native)).length;
    expect(refused / natives.length).toBeLessThanOrEqual(0.05);
  });
});
