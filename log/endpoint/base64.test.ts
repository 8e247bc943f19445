import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBase64 } from './base64.ts';

test('what Node encodes is read as it was', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect([...readBase64(Buffer.from(bytes).toString('base64'))]).toEqual([...bytes]);
    }),
  );
});

test('whatever is read encodes to the same text, anything else is refused', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('A', 'z', '+', '/', '=', '-', '_', ' ', '\n', 'é'), maxLength: 12 }),
      (text) => {
        let bytes: Uint8Array;
        try {
          bytes = readBase64(text);
        } catch (error) {
          expect((error as { type: string }).type).toBe('SerializationException');
          return;
        }
        expect(Buffer.from(bytes).toString('base64')).toBe(text);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  ['23456', 'Base64 encoded length is expected a multiple of 4 bytes but found: 5'],
  ['=+/=', "Invalid Base64 character: '='"],
  ['+/+=', 'Invalid last non-pad Base64 character dectected'],
  ['ab-_', "Invalid Base64 character: '-'"],
])('%s is refused in the words of AWS', (text, why) => {
  expect(() => readBase64(text)).toThrow(`'${text}' can not be converted to a Blob: ${why}`);
});
