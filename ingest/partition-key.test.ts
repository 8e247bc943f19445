import { beforeEach, describe, expect, test } from 'vitest';
import { createPartitionKeys, type KeyRegistry } from './partition-key.ts';
import { SOURCES } from './sources/index.ts';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const signIn = (actor: object | null, uuid = 'e1') =>
  bytes({ uuid, published: '2026-02-03T10:00:00.000Z', eventType: 'user.session.start', actor });

let kept: Map<string, string>;
let people: Map<string, string>;
let registry: KeyRegistry;
beforeEach(() => {
  kept = new Map();
  people = new Map();
  registry = {
    keep(app, actorUid, key) {
      const id = `${app} ${actorUid}`;
      kept.set(id, kept.get(id) ?? key);
      return kept.get(id) as string;
    },
    flushed: async () => {},
  };
});
const keys = () =>
  createPartitionKeys({ sources: SOURCES, personOf: (app, uid) => people.get(`${app} ${uid}`) ?? null, registry });

describe('the partition key', () => {
  test('is the person behind the actor', () => {
    people.set('okta 00u1', 'person:p1');
    expect(keys()('okta', signIn({ id: '00u1', type: 'User' }))).toMatchObject({
      key: 'person:p1',
      eventUid: expect.stringMatching(/^[0-9a-f]{32}$/),
      timeUs: Date.UTC(2026, 1, 3, 10) * 1000,
    });
  });

  test('is the native actor when the directory knows nobody, and stays so when it learns', () => {
    const before = keys();
    expect(before('okta', signIn({ id: '00u1', type: 'User' })).key).toBe('okta:00u1');
    people.set('okta 00u1', 'person:p1');
    expect(keys()('okta', signIn({ id: '00u1', type: 'User' }, 'e2')).key).toBe('okta:00u1');
  });

  test('is the event’s uid when there is no actor, or nothing that can be read', () => {
    for (const data of [signIn(null), signIn({ id: '' }), bytes('no json'), bytes([1]), Uint8Array.of(0xff)]) {
      const { key, eventUid } = keys()('okta', data);
      expect(key).toBe(eventUid);
    }
    expect(keys()('nobody', signIn({ id: '00u1' })).timeUs).toBe(null);
    expect(kept.size).toBe(0);
  });

  test('has no more than 256 characters', () => {
    const { key } = keys()('okta', signIn({ id: 'x'.repeat(1000), type: 'User' }));
    expect(key).toBe(`okta:${'x'.repeat(251)}`);
  });

  test('an event without a time has none', () => {
    const data = bytes({ uuid: 'e', eventType: 'user.session.start', actor: { id: '00u1', type: 'User' } });
    expect(keys()('okta', data).timeUs).toBe(null);
  });
});
