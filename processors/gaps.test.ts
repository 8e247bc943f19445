import { expect, test } from 'vitest';
import { lostIn } from './gaps.ts';

test('what gaps took counts as lost: at most so many, and one where nobody can tell', () => {
  const gap = { shard: 's', after: '1', earliest: '9' };
  expect(lostIn([])).toBe(0);
  expect(
    lostIn([
      { ...gap, recordsMax: 7 },
      { ...gap, recordsMax: null },
    ]),
  ).toBe(8);
});
