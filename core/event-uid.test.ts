import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventUid } from './event-uid.ts';

test('the uid is 128 bits of SHA-256 over app, native id and content', () => {
  const expected = createHash('sha256').update('okta\nid-1\n{"a":1}').digest('hex').slice(0, 32);
  expect(eventUid('okta', 'id-1', Buffer.from('{"a":1}'))).toBe(expected);
});

const uid = (app: string, id: string | null, content: string) => eventUid(app, id, Buffer.from(content));

test('content of any size is hashed whole', () => {
  const content = Buffer.alloc(300_000, 'x');
  const expected = createHash('sha256').update('okta\n\n').update(content).digest('hex').slice(0, 32);
  expect(eventUid('okta', null, content)).toBe(expected);
});

test('app, id and content each make another event', () => {
  const uids = [
    uid('okta', 'a', 'x'),
    uid('github', 'a', 'x'),
    uid('okta', 'b', 'x'),
    uid('okta', null, 'x'),
    uid('okta', 'a', 'y'),
  ];
  expect(new Set(uids).size).toBe(uids.length);
});
