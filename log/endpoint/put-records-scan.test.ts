import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JSON_CODEC } from './json-codec.ts';
import { scanPutRecords } from './put-records-scan.ts';
import { structureReader } from './reader.ts';
import { OPERATIONS } from './shapes/index.ts';

const read = structureReader(OPERATIONS.PutRecords.input, JSON_CODEC.notation);

/** What the parser and the reader give; null when they refuse. */
function parsed(text: string): Record<string, unknown> | null {
  try {
    const value = JSON_CODEC.parse(Buffer.from(text));
    return typeof value === 'object' && value !== null ? read(value) : null;
  } catch {
    return null;
  }
}

const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
const record = fc.record(
  { Data: base64, PartitionKey: ascii, ExplicitHashKey: fc.nat().map(String) },
  { requiredKeys: ['Data'] },
);
const request = fc.record(
  { StreamName: ascii, StreamARN: ascii, Records: fc.array(record, { minLength: 1, maxLength: 5 }) },
  { requiredKeys: ['Records'] },
);

test('what it takes, it gives as the parser does', () => {
  fc.assert(
    fc.property(request, fc.constantFrom(undefined, 1, '\t', ' \r\n'), (input, space) => {
      const text = JSON.stringify(input, null, space);
      const scanned = scanPutRecords(Buffer.from(text));
      const plain = !text.includes('\\');
      if (plain) expect(scanned).not.toBeNull();
      if (scanned !== null) expect(scanned).toEqual(parsed(text));
    }),
    { numRuns: 500 },
  );
});

test('with any change to the text it gives what the parser gives, or leaves it to the parser', () => {
  const pieces = [
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\',
    '\\u0041',
    'null',
    '1',
    ' ',
    '=',
    '-',
    'é',
    '"Data":"",',
    '"DryRun":true,',
    '\n',
    '\0',
  ];
  const change = fc.record({ at: fc.nat(), drop: fc.nat({ max: 3 }), put: fc.constantFrom('', ...pieces) });
  fc.assert(
    fc.property(request, fc.array(change, { minLength: 1, maxLength: 3 }), (input, changes) => {
      let text = JSON.stringify(input);
      for (const { at, drop, put } of changes) {
        const place = at % (text.length + 1);
        text = text.slice(0, place) + put + text.slice(place + drop);
      }
      const scanned = scanPutRecords(Buffer.from(text));
      if (scanned !== null) expect(scanned).toEqual(parsed(text));
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['nothing', ''],
  ['no request', '{}'],
  ['a cut one', '{"Records":[{"Data":"'],
  ['one with an escape', '{"StreamName":"a\\u0062","Records":[{"Data":""}]}'],
  ['one with more than ASCII', '{"StreamName":"é","Records":[{"Data":""}]}'],
  ['one with a member twice', '{"Records":[{"Data":""}],"Records":[{"Data":""}]}'],
  ['one with a member that is rare', '{"DryRun":true,"Records":[{"Data":""}]}'],
  ['one with an empty list', '{"Records":[]}'],
  ['one with broken base64', '{"Records":[{"Data":"a"}]}'],
  ['one with something behind it', '{"Records":[{"Data":""}]}x'],
  ['one with a comma too many', '{"Records":[{"Data":"",}]}'],
  ['501 records', `{"Records":[${Array(501).fill('{"Data":""}').join(',')}]}`],
])('%s is left to the parser', (_name, text) => {
  expect(scanPutRecords(Buffer.from(text))).toBeNull();
});
