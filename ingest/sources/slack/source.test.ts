import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLASS } from '../../../core/index.ts';
import { describeSource, expectMappedEvent, mapNative } from '../contract.ts';
import { meaningOf } from './actions.ts';
import { slackGenerator } from './generate.ts';
import { slack } from './source.ts';

describeSource(slack, slackGenerator, new URL('./', import.meta.url), {
  account: (n) => ({ uid: `U0${String(n).padStart(9, 'A')}`, login: `member${n}` }),
  jsonBytes: [640, 1100],
  resolutionUs: 1_000_000,
});

describe('what a Slack action means', () => {
  it('follows from its words when it is not documented', () => {
    expect(meaningOf('huddle_created')).toMatchObject({ classUid: CLASS.webResourcesActivity, activityId: 1 });
    expect(meaningOf('huddle_viewed')).toMatchObject({ classUid: CLASS.webResourcesActivity, activityId: 2 });
    expect(meaningOf('huddle_renamed')).toMatchObject({ classUid: CLASS.webResourcesActivity, activityId: 3 });
    expect(meaningOf('huddle_deleted')).toMatchObject({ classUid: CLASS.webResourcesActivity, activityId: 4 });
    expect(meaningOf('huddle')).toMatchObject({ classUid: CLASS.webResourcesActivity, activityId: 99 });
    expect(meaningOf('barrier_deleted')).toMatchObject({ classUid: CLASS.entityManagement, isPrivileged: true });
    expect(meaningOf('user_waved')).toMatchObject({ classUid: CLASS.accountChange, activityId: 99 });
  });

  it('is not looked up on a prototype', () => {
    expect(meaningOf('constructor').classUid).toBe(CLASS.webResourcesActivity);
    expect(meaningOf('__proto__').classUid).toBe(CLASS.webResourcesActivity);
  });
});

it('a kind that Slack has no event for is refused', () => {
  expect(() => slackGenerator.generate({ kind: 'mfa_denied' } as never, {} as never)).toThrow(
    /no event for mfa_denied/,
  );
});

describe('real Slack events', () => {
  const corpus = new URL('../../../../shared/corpora/events/slack.ndjson', import.meta.url);
  const missing = !existsSync(corpus);
  if (missing) console.info('[ingest/slack] the corpus of real events is not here; it is not mapped');

  it.skipIf(missing)('that carry an action and an actor all map, with action, actor, time and address', () => {
    const lines = readFileSync(corpus, 'utf8').split('\n').filter(Boolean);
    for (const line of lines) {
      const { event } = JSON.parse(line) as { event: Record<string, unknown> };
      const mapped = mapNative(slack, event);
      if ('fault' in mapped) throw new Error(`schema:${mapped.fault} refuses ${JSON.stringify(event)}`);
      const { actor, context } = event as { actor: { user: { id: string } }; context: { ip_address: string } };
      expectMappedEvent(mapped);
      expect(mapped.action).toBe(event.action);
      expect(mapped.actor_uid).toBe(actor.user.id);
      expect(mapped.src_ip).toBe(context.ip_address);
      expect(mapped.user_agent).not.toBeNull();
      expect(mapped.time === null).toBe(event.date_create === undefined);
    }
  });
});
