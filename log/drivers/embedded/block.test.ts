import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AppendRecord } from '../../log.ts';
import {
  type BlockHeader,
  decodeBlock,
  decodeChanges,
  encodeBlock,
  encodeChanges,
  isWhole,
  placeBlock,
  readHeader,
} from './block.ts';

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

const PLACE = { seed: 7, at: 4096, flush: 3, flushAt: 4000, isLast: true };

function blockOf(input: readonly AppendRecord[], first = 0, arrivalUs = 0): Buffer {
  const block = encodeBlock(input, { stream: 5, shard: 2, first, arrivalUs });
  placeBlock(block, PLACE);
  return block;
}

const headerOf = (block: Buffer): BlockHeader | null => readHeader(block, 0, PLACE.at, PLACE.seed);

function decoded(block: Buffer) {
  const header = headerOf(block);
  return header && decodeBlock(block, header, positionOf);
}

test('gives back any records: any bytes, no bytes, any Unicode, even halves of surrogate pairs', () => {
  const counter = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 100 });
  fc.assert(
    fc.property(records, counter, counter, (input, first, arrivalUs) => {
      const block = blockOf(input, first, arrivalUs);
      const { seed, ...place } = PLACE;
      const origin = { kind: 'records', stream: 5, shard: 2, first, count: input.length, arrivalUs };
      expect(headerOf(block)).toEqual({ ...place, ...origin, bytes: block.length });
      expect(decoded(block)).toEqual(input.map((each, i) => ({ ...each, position: String(first + i), arrivalUs })));
    }),
  );
  const half = { app: 'a', source: '\ud800', key: '\udfff', data: new Uint8Array(0) };
  expect(decoded(blockOf([half]))?.[0]).toMatchObject(half);
});

test('gives back any changes of the state', () => {
  const bytes = fc.uint8Array().map((each) => Buffer.from(each));
  const changes = fc.array(fc.record({ key: bytes, value: fc.option(bytes) }));
  fc.assert(
    fc.property(changes, fc.constantFrom('changes' as const, 'state' as const), (input, kind) => {
      const block = encodeChanges(input, kind);
      const header = placeBlock(block, PLACE);
      expect(headerOf(block)).toEqual(header);
      expect(header.kind).toBe(kind);
      expect(isWhole(block, header)).toBe(true);
      expect(decodeChanges(block, header)).toEqual(input);
    }),
  );
});

test('is none at another place or in another segment', () => {
  const block = blockOf([{ app: 'a', source: 's', key: 'k', data: new Uint8Array(3) }]);
  expect(readHeader(block, 0, PLACE.at + 1, PLACE.seed)).toBe(null);
  expect(readHeader(block, 0, PLACE.at, PLACE.seed + 1)).toBe(null);
  expect(readHeader(Buffer.concat([Buffer.alloc(9), block]), 9, PLACE.at, PLACE.seed)).toEqual(headerOf(block));
});

test('detects any change of any byte', () => {
  fc.assert(
    fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (input, at, change) => {
      const block = blockOf(input, 5, 6);
      const i = at % block.length;
      block[i] = (block[i] ?? 0) ^ change;
      expect(decoded(block)).toBe(null);
    }),
    { numRuns: 500 },
  );
  const small = blockOf([{ app: 'a', source: 's', key: 'k', data: new Uint8Array(3) }]);
  for (let i = 0; i < small.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      const torn = Buffer.from(small);
      torn[i] = (torn[i] ?? 0) ^ (1 << bit);
      expect(decoded(torn)).toBe(null);
    }
  }
});

test('detects every torn tail', () => {
  const block = blockOf([{ app: 'a', source: 's', key: 'k', data: new Uint8Array(300) }]);
  for (let length = 0; length < block.length; length++) {
    expect(decoded(block.subarray(0, length))).toBe(null);
  }
});

test('frames the data as [u32 little-endian length][bytes] without a gap, at the end of the block', () => {
  const data = [Buffer.from('{"a":1}'), Buffer.from(''), Buffer.from('[]')];
  const block = blockOf(data.map((each, i) => ({ app: 'a', source: `s${i}`, key: 'k', data: each })));
  const frames = Buffer.concat(data.flatMap((each) => [Buffer.from([each.length, 0, 0, 0]), each]));
  expect(block.subarray(block.length - frames.length)).toEqual(frames);
  const found = decoded(block);
  expect(found?.map((each) => each.data.buffer === block.buffer)).toEqual([true, true, true]);
  expect(found?.[0]?.data.byteOffset).toBe(block.byteOffset + block.length - frames.length + 4);
});
