import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seal, unseal } from './envelope.ts';

const app = fc
  .string({ minLength: 1, maxLength: 64, unit: 'grapheme' })
  .filter((text) => Buffer.byteLength(text) < 256);
const source = fc.string({ maxLength: 200, unit: 'grapheme' });
const data = fc.uint8Array({ maxLength: 300 });

test('what was sealed comes out as it was', () => {
  fc.assert(
    fc.property(app, source, fc.option(app), data, (a, s, k, d) => {
      const opened = unseal(seal({ app: a, source: s, key: k, data: d }));
      expect({ ...opened, data: new Uint8Array(opened!.data) }).toEqual({ app: a, source: s, key: k, data: d });
    }),
  );
});

test("others' bytes are no envelope, nor is one that was cut in its head", () => {
  fc.assert(fc.property(fc.string(), (text) => unseal(Buffer.from(text)) === null));
  const sealed = seal({ app: 'okta', source: 'test@1', key: null, data: new Uint8Array(0) });
  for (let length = 0; length < sealed.byteLength; length++) expect(unseal(sealed.subarray(0, length))).toBeNull();
});

test('an app or a source that cannot be told in its length is refused', () => {
  expect(() => seal({ app: 'x'.repeat(65_536), source: '', key: null, data: new Uint8Array(0) })).toThrow(
    /more than 65535 bytes/,
  );
});
