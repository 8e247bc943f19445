import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../../api.ts';
import { Feed, keyOf } from './feed.ts';

const event = (position: number) => ({ shard: 's', position: String(position) }) as LiveEvent;
const run = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => event(from + n));

describe('the feed', () => {
  it('shows the newest first, each event once though it comes twice', () => {
    const feed = new Feed();
    feed.add(run(0, 3), 0);
    feed.add(run(1, 5), 2);
    feed.apply(false);
    expect(feed.state.rows.map(keyOf)).toEqual(['s/4', 's/3', 's/2', 's/1', 's/0']);
    expect(feed.state).toMatchObject({ waiting: 0, skipped: 2 });
  });

  it('holds its rows still while paused and says how many wait', () => {
    const feed = new Feed();
    feed.add(run(0, 2), 0);
    feed.apply(false);
    const { rows } = feed.state;
    feed.add(run(2, 500), 0);
    feed.apply(true);
    expect(feed.state.rows).toBe(rows);
    expect(feed.state.waiting).toBe(498);
    feed.apply(false);
    expect(feed.state.waiting).toBe(0);
    expect(feed.state.rows[0]?.position).toBe('499');
  });

  it('never keeps more than 200 rows, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(900), fc.boolean()), { maxLength: 30 }), (steps) => {
        const feed = new Feed();
        let next = 0;
        for (const [size, isPaused] of steps) {
          feed.add(run(next, next + size), 0);
          next += size;
          feed.apply(isPaused);
          expect(feed.state.rows.length).toBeLessThanOrEqual(200);
        }
      }),
    );
  });
});
