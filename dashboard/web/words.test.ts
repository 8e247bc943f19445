import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inWords } from './words.ts';

describe('what happened in words', () => {
  it('is what a person would say', () => {
    expect(inWords('okta', 'system.mfa.factor.activate', 'success')).toBe('approved a device');
    expect(inWords('okta', 'user.session.start', 'success')).toBe('signed in');
    expect(inWords('okta', 'user.session.start', 'failure')).toBe('failed to sign in');
    expect(inWords('github', 'git.clone', 'failure')).toBe('cloned a repository (failed)');
  });

  it('is made from the action when no table knows it', () => {
    expect(inWords('aws', 'DescribeInstances', 'success')).toBe('described instances');
    expect(inWords('aws', 'PutMetricFilter', 'success')).toBe('wrote metric filter');
    expect(inWords('okta', 'app.rule.delete', 'success')).toBe('deleted app rule');
    expect(inWords('new', 'policy.apply', 'failure')).toBe('applied policy (failed)');
    expect(inWords('slack', 'huddle_started', 'success')).toBe('started huddle');
  });

  it('is some text for whatever an app sends, prototype names included', () => {
    for (const name of ['__proto__', 'constructor', '', '...']) expect(inWords(name, name, name)).not.toBe('');
    fc.assert(
      fc.property(fc.string(), fc.string(), (app, action) => {
        expect(typeof inWords(app, action, 'success')).toBe('string');
        expect(inWords(app, action, 'success').trim()).not.toBe('');
      }),
    );
  });
});
