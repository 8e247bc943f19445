import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AppendRecord } from '../../log.ts';
import { decodeBlock, encodeBlock, readBlockHeader } from './block.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const record: fc.Arbitrary<AppendRecord> = fc.record({
  app: fc.oneof(
    fc.constantFrom('okta', 'github', '@control'),
    text.filter((app) => app.length > 0),
  ),
  source: text,
  key: text,
  data: fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 100, maxLength: 600 })),
});
const records = fc.array(record, { minLength: 1, maxLength: 20 });
const positionOf = String;

test('gives back any records: any bytes, no bytes, any Unicode, even halves of surrogate pairs', () => {
  const counter = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 100 });
  fc.assert(
    fc.property(records, counter, counter, (input, first, arrivalUs) => {
      const block = encodeBlock(input, first, arrivalUs);
      expect(readBlockHeader(block)).toEqual({ first, count: input.length, arrivalUs });
      expect(decodeBlock(block, positionOf)).toEqual(
        input.map((each, i) => ({ ...each, position: String(first + i), arrivalUs })),
      );
    }),
  );
  const half = { app: 'a', source: '\ud800', key: '\udfff', data: new Uint8Array(0) };
  expect(decodeBlock(encodeBlock([half], 0, 0), positionOf)?.[0]).toMatchObject(half);
});

test('detects any change of any byte', () => {
  fc.assert(
    fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (input, at, change) => {
      const block = encodeBlock(input, 5, 6);
      const i = at % block.length;
      block[i] = (block[i] ?? 0) ^ change;
      expect(decodeBlock(block, positionOf)).toBe(null);
    }),
    { numRuns: 500 },
  );
  const small = encodeBlock([{ app: 'a', source: 's', key: 'k', data: new Uint8Array(3) }], 0, 0);
  for (let i = 0; i < small.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      const torn = Buffer.from(small);
      torn[i] = (torn[i] ?? 0) ^ (1 << bit);
      expect(decodeBlock(torn, positionOf)).toBe(null);
    }
  }
});

test('detects every torn tail', () => {
  const block = encodeBlock([{ app: 'a', source: 's', key: 'k', data: new Uint8Array(300) }], 0, 0);
  for (let length = 0; length < block.length; length++) {
    expect(decodeBlock(block.subarray(0, length), positionOf)).toBe(null);
  }
});

test('frames the data as [u32 little-endian length][bytes] without a gap, at the end of the block', () => {
  const data = [Buffer.from('{"a":1}'), Buffer.from(''), Buffer.from('[]')];
  const block = encodeBlock(
    data.map((each, i) => ({ app: 'a', source: `s${i}`, key: 'k', data: each })),
    0,
    0,
  );
  const frames = Buffer.concat(data.flatMap((each) => [Buffer.from([each.length, 0, 0, 0]), each]));
  expect(block.subarray(block.length - frames.length)).toEqual(frames);
  const decoded = decodeBlock(block, positionOf);
  expect(decoded?.map((each) => each.data.buffer === block.buffer)).toEqual([true, true, true]);
  expect(decoded?.[0]?.data.byteOffset).toBe(block.byteOffset + block.length - frames.length + 4);
});
