import { describe, expect, it } from 'vitest';
import { readReason } from './reasons.tsx';

const words = { name: 's_new_device', title: 'New device', unit: '', comment: 'Not seen before.' };
const signals = new Map([[words.name, words]]);

describe('a reason', () => {
  it('reads with the title that the signal declares, and its share', () => {
    expect(readReason('s_new_device:0.40', signals)).toEqual({
      title: 'New device',
      comment: 'Not seen before.',
      share: 0.4,
    });
  });

  it('becomes words by itself when nobody declared it, with a share that is never beyond the whole', () => {
    expect(readReason('s_odd_thing:7', signals)).toEqual({ title: 'Odd thing', comment: '', share: 1 });
    expect(readReason('finding:password-spray:x', signals)).toMatchObject({ share: 0 });
    expect(readReason('plain', signals)).toMatchObject({ title: 'Plain', share: 1 });
  });
});
