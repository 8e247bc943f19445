import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventUid } from './event-uid.ts';

test('the uid is 128 bits of SHA-256 over app, native id and content', () => {
  const expected = createHash('sha256').update('okta\nid-1\n{"a":1}').digest('hex').slice(0, 32);
  expect(eventUid('okta', 'id-1', '{"a":1}')).toBe(expected);
  expect(eventUid('okta', 'id-1', Buffer.from('{"a":1}'))).toBe(expected);
});

test('app, id and content each make another event', () => {
  const uids = [
    eventUid('okta', 'a', 'x'),
    eventUid('github', 'a', 'x'),
    eventUid('okta', 'b', 'x'),
    eventUid('okta', null, 'x'),
    eventUid('okta', 'a', 'y'),
  ];
  expect(new Set(uids).size).toBe(uids.length);
});
