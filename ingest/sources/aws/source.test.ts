import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CLASS, type MappedEvent } from '../../../core/index.ts';
import { describeSource, expectMappedEvent, mapNative } from '../contract.ts';
import { awsGenerator } from './generate.ts';
import { callOf, meaningOf, serviceOf } from './meaning.ts';
import { aws } from './source.ts';

describeSource(aws, awsGenerator, new URL('./', import.meta.url), {
  account: (n) => ({ uid: `person${n}@beagle.example`, login: `person${n}` }),
  jsonBytes: [1000, 2050],
  resolutionUs: 1_000_000,
});

describe('what a CloudTrail call means', () => {
  it.each([
    ['GetThing', 2],
    ['BatchGetThing', 2],
    ['ListThings', 2],
    ['CreateThing', 1],
    ['PutThing', 3],
    ['DeleteThing', 4],
    ['Frobnicate', 99],
  ])('follows from the verb of %s', (call, activityId) => {
    expect(meaningOf('thing', call, null)).toMatchObject({ classUid: CLASS.apiActivity, activityId });
  });

  it('follows from readOnly where the verb is unknown', () => {
    expect(meaningOf('thing', 'Frobnicate', true).activityId).toBe(2);
    expect(meaningOf('thing', 'Frobnicate', false).activityId).toBe(3);
  });

  it('is privileged where it changes a security service, and not where it reads one', () => {
    expect(meaningOf('wafv2', 'UpdateWebACL', false)).toMatchObject({ isPrivileged: true, sensitivity: 3 });
    expect(meaningOf('wafv2', 'GetWebACL', true)).toMatchObject({ isPrivileged: false, sensitivity: 3 });
    expect(meaningOf('iam', 'CreateRole', false).classUid).toBe(CLASS.entityManagement);
  });

  it('does not depend on the version in the name', () => {
    expect(callOf('UpdateFunctionCode20150331v2')).toBe('UpdateFunctionCode');
    expect(callOf('CreateDistribution2020_05_31')).toBe('CreateDistribution');
    expect(callOf('20150331')).toBe('20150331');
    expect(serviceOf('iam.amazonaws.com')).toBe('iam');
    expect(serviceOf('iam')).toBe('iam');
  });
});

it('a kind that AWS has no event for is refused', () => {
  const activity = { kind: 'sign_out', person: { home: { lat: 0, lon: 0 } } };
  expect(() => awsGenerator.generate(activity as never, {} as never)).toThrow(/no event for sign_out/);
});

const corpora = new URL('../../../../shared/corpora/events/', import.meta.url);
const missing = !existsSync(new URL('aws.ndjson', corpora));
if (missing) console.info('[ingest/aws] the corpora of real events are not here; they are not mapped');

type Native = Record<string, unknown> & { userIdentity?: Record<string, unknown> };

function mapCorpus(name: string): { native: Native; mapped: MappedEvent | null }[] {
  const lines = readFileSync(new URL(name, corpora), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const { event } = JSON.parse(line) as { event: Native };
    const mapped = mapNative(aws, event);
    return { native: event, mapped: 'fault' in mapped ? null : mapped };
  });
}

describe.skipIf(missing)('real CloudTrail records', () => {
  it.each(['aws.ndjson', 'aws-invictus.ndjson'])('of %s map unless they have no event name', (name) => {
    const events = mapCorpus(name);
    const wrong = events.filter(({ native, mapped }) => {
      if (mapped === null) return native.eventName !== undefined;
      const ip = String(native.sourceIPAddress ?? '');
      return (
        mapped.action !== native.eventName ||
        (mapped.time === null) !== Number.isNaN(Date.parse(String(native.eventTime))) ||
        (isIP(ip) !== 0 && mapped.src_ip !== ip) ||
        (native.userIdentity !== undefined && mapped.actor_uid === null) ||
        (native.errorCode !== undefined && mapped.status !== 'failure')
      );
    });
    expect(wrong).toEqual([]);
    for (const { mapped } of events.filter((_, i) => i % 8 === 0)) {
      if (mapped !== null) expectMappedEvent(mapped);
    }
    const share = events.filter(({ mapped }) => mapped !== null).length / events.length;
    expect(share).toBeGreaterThanOrEqual(0.95);
  });

  it('of one IAM user are one actor, and failed console logins are failed authentications', () => {
    const invictus = mapCorpus('aws-invictus.ndjson');
    const users = invictus.filter(({ native }) => native.userIdentity?.type === 'IAMUser');
    const names = new Set(users.map(({ native }) => native.userIdentity?.userName));
    expect(new Set(users.map(({ mapped }) => mapped?.actor_uid)).size).toBe(names.size);
    for (const { native, mapped } of mapCorpus('aws.ndjson')) {
      if (native.eventName !== 'ConsoleLogin') continue;
      const answer = native.responseElements as { ConsoleLogin?: string } | null | undefined;
      expect(mapped?.class_uid).toBe(CLASS.authentication);
      if (answer?.ConsoleLogin === 'Failure') expect(mapped?.status).toBe('failure');
    }
  });
});
