import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLASS, createRandom, type MappedEvent } from '../../../core/index.ts';
import { describeSource, expectMappedEvent, mapNative, sampleActivity } from '../contract.ts';
import { githubGenerator } from './generate.ts';
import { github } from './source.ts';

const account = (n: number) => ({ uid: `person-${n}`, login: `person-${n}` });

describeSource(github, githubGenerator, new URL('./', import.meta.url), { account, jsonBytes: [500, 1100] });

function mapped(native: unknown): MappedEvent {
  const event = mapNative(github, native);
  if ('fault' in event) throw new Error(`refused at ${event.fault}`);
  return event;
}

describe('github', () => {
  it('reads a grant and a withdrawal of ownership from the same action', () => {
    const update = (permission: string, old_permission: string) =>
      mapped({ action: 'org.update_member', permission, old_permission, user: 'ada' });
    expect(update('admin', 'read')).toMatchObject({
      class_uid: CLASS.userAccessManagement,
      activity_id: 1,
      target_uid: 'ada',
    });
    expect(update('read', 'admin')).toMatchObject({ activity_id: 2, severity_id: 1 });
    expect(update('read', 'write')).toMatchObject({ activity_id: 99 });
  });

  it('takes the time that it happened, not the time that its object was made', () => {
    const happened = Date.UTC(2026, 0, 2);
    expect(mapped({ action: 'x.y', '@timestamp': happened, created_at: 1_600_000_000_000 }).time).toBe(happened * 1000);
    expect(mapped({ action: 'x.y', '@timestamp': 'soon', created_at: happened }).time).toBe(happened * 1000);
    expect(mapped({ action: 'x.y', at_sign_timestamp: '2026-01-02 00:00:00.000' }).time).toBe(happened * 1000);
    expect(mapped({ action: 'x.y' }).time).toBeNull();
  });

  it('counts code of public repositories as public', () => {
    expect(mapped({ action: 'git.clone', repository: 'o/r', repository_public: true }).sensitivity).toBe(0);
    expect(mapped({ action: 'git.clone', repository: 'o/r', repository_public: false }).sensitivity).toBe(2);
    expect(mapped({ action: 'repo.access', repo: 'o/r', public_repo: true, visibility: 'public' })).toMatchObject({
      sensitivity: 3,
      severity_id: 3,
    });
  });

  it('knows machines by their flag and their name', () => {
    expect(mapped({ action: 'git.push', actor: 'dependabot[bot]' }).actor_type).toBe('service');
    expect(mapped({ action: 'git.push', actor: 'deployer', actor_is_bot: true }).actor_type).toBe('service');
    expect(mapped({ action: 'git.push' }).actor_type).toBe('unknown');
  });

  it('reads unknown actions by family, verb and operation', () => {
    expect(mapped({ action: 'ip_allow_list.disable' })).toMatchObject({
      class_uid: CLASS.entityManagement,
      activity_id: 9,
      severity_id: 3,
      is_privileged: true,
    });
    expect(mapped({ action: 'issue_comment.update' })).toMatchObject({
      class_uid: CLASS.webResourcesActivity,
      activity_id: 3,
    });
    expect(mapped({ action: 'brand_new.thing', operation_type: 'remove' })).toMatchObject({
      class_uid: CLASS.apiActivity,
      activity_id: 4,
      is_privileged: false,
    });
    expect(mapped({ action: '__proto__' })).toMatchObject({ class_uid: CLASS.apiActivity, activity_id: 99 });
  });

  it('names the member whose type is wrong, and overlooks wrong decorations', () => {
    expect(mapNative(github, { action: 'git.push', actor: 7 })).toEqual({ fault: 'actor' });
    expect(mapNative(github, { action: ['git.push'] })).toEqual({ fault: 'action' });
    expect(mapNative(github, { action: 'git.push', created_at: {} })).toEqual({ fault: 'created_at' });
    expect(mapNative(github, { actor: 'ada' })).toEqual({ fault: 'action' });
    const odd = { action: 'git.push', org: ['a', 'b'], repo: 7, actor_ip: 'AWS Internal', user_agent: {}, data: 'x' };
    expect(mapped(odd)).toMatchObject({ target_uid: null, src_ip: null, user_agent: null });
  });

  it('refuses to generate what GitHub has no entry for', () => {
    const activity = sampleActivity('github', 'reset_mfa', 0, account);
    expect(() => githubGenerator.generate(activity, createRandom(1))).toThrow('[ingest/github]');
  });
});

const CORPUS = new URL('../../../../shared/corpora/events/github.ndjson', import.meta.url);
const missing = !existsSync(CORPUS);
if (missing) console.info('[ingest/github] the corpus of real events is not here; they are not mapped');

describe.skipIf(missing)('github real events', () => {
  it('all map', () => {
    const lines = readFileSync(CORPUS, 'utf8').split('\n');
    for (const line of lines.filter((text) => text !== '')) {
      const native = (JSON.parse(line) as { event: Record<string, unknown> }).event;
      const event = mapped(native);
      expectMappedEvent(event);
      expect(event.action).toBe(native.action);
      expect(event.actor_uid).toBe(native.actor ?? null);
      expect(event.src_ip).toBe(native.actor_ip ?? null);
      const time = native['@timestamp'] ?? native.at_sign_timestamp ?? native.created_at;
      expect(event.time === null).toBe(time === undefined);
      if (typeof time === 'number') expect(event.time).toBe(time * 1000);
      if (typeof time === 'string') {
        const [day, clock = ''] = time.split(' ');
        const fraction = clock.slice(8).replace('.', '').padEnd(3, '0').slice(0, 3);
        expect(event.time).toBe(Date.parse(`${day}T${clock.slice(0, 8)}.${fraction}Z`) * 1000);
      }
    }
  });
});
