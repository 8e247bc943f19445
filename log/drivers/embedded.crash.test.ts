import { expect, test } from 'vitest';
import { createRandom } from '../../core/index.ts';
import { eventOf } from '../contract.ts';
import type { Log, Start } from '../log.ts';
import { createFakeDisk, type FakeDisk } from './embedded/fake-disk.ts';
import { createMemoryLock } from './embedded/lock.ts';
import { openEmbeddedLog } from './embedded.ts';

const HORIZON: Start = { type: 'TRIM_HORIZON' };
const SHARD = 'shardId-000000000000';
/** Small, so that most lives see segments begin and end. */
const SEGMENT_BYTES = 6000;

const openOn = ({ files }: FakeDisk, boot: number) =>
  openEmbeddedLog({ place: { files, lock: createMemoryLock(), boot: `boot ${boot}`, segmentBytesMax: SEGMENT_BYTES } });

/** Null before the stream was there. */
async function sourcesIn(log: Log): Promise<string[] | null> {
  if ((await log.listStreams()).length === 0) return null;
  const sources: string[] = [];
  for (let at = HORIZON; ; ) {
    const { records, next } = await log.read('s', SHARD, at);
    if (records.length === 0) return sources;
    sources.push(...records.map((record) => record.source));
    at = next;
  }
}

async function look(disk: FakeDisk, boot: number): Promise<string[]> {
  const log = await openOn(disk, boot);
  const sources = await sourcesIn(log);
  await log.close();
  return sources ?? [];
}

interface Life {
  readonly acknowledged: string[];
  /** What it was appending when it died. */
  readonly last: string | null;
}

/** Opens the log and appends one record after the other, each of one of `sizes`, until the `operations`-th change of the disk kills it. */
async function live(
  disk: FakeDisk,
  boot: number,
  operations: number,
  sources: Iterator<[string, number]>,
): Promise<Life> {
  const acknowledged: string[] = [];
  let last: string | null = null;
  let left = operations;
  disk.before = () => {
    if (left-- <= 0) throw new Error('killed');
  };
  try {
    const log = await openOn(disk, boot);
    await log.createStream('s', { shards: 1 });
    for (;;) {
      const [source, size] = sources.next().value as [string, number];
      last = source;
      await log.append('s', [{ ...eventOf(0), source, data: new Uint8Array(size) }]);
      acknowledged.push(source);
    }
  } catch (error) {
    expect(error).toMatchObject({ message: expect.stringContaining('killed') });
  }
  disk.before = () => undefined;
  return { acknowledged, last };
}

test('serves what was acknowledged or seen, once and in order, over many lives that end at any change of the disk', async () => {
  const random = createRandom('lives');
  let n = 0;
  const sources: Iterator<[string, number]> = {
    next: () => ({ value: [`test@${n++}`, random.pick([10, 500, 3000, 7000])] }),
  };
  for (let run = 0; run < 15; run++) {
    let disk = createFakeDisk();
    let expected: string[] = [];
    for (let boot = 1; boot < 8; boot++) {
      const underWay: string[] = [];
      for (let lives = 1 + random.int(3); lives > 0; lives--) {
        const { acknowledged, last } = await live(disk, boot, random.int(40), sources);
        expected.push(...acknowledged);
        const seen = await look(disk, boot);
        if (last !== null) underWay.push(last);
        const extra = seen.slice(expected.length);
        expect(seen.slice(0, expected.length)).toEqual(expected);
        expect(extra).toEqual(extra.length === 0 ? [] : [last]);
        expected = seen;
      }
      const keep = random.pick([0, 0.5, 0.9, 1]);
      disk = disk.afterPowerLoss(() => random.next() < keep);
      const left = await look(disk, boot + 1);
      const extra = left.slice(expected.length);
      expect(left.slice(0, expected.length)).toEqual(expected);
      expect(extra.length).toBeLessThanOrEqual(1);
      expect(underWay).toEqual(expect.arrayContaining(extra));
      expected = left;
    }
  }
});

test('loses nothing to a power failure when whoever began the log died before its name was on disk', async () => {
  for (let operations = 0; operations < 8; operations++) {
    const disk = createFakeDisk();
    await live(disk, 1, operations, [][Symbol.iterator]());
    const log = await openOn(disk, 1);
    await log.createStream('s', { shards: 1 });
    await log.append('s', [eventOf(1)]);
    await log.close();
    expect(
      await look(
        disk.afterPowerLoss(() => false),
        2,
      ),
    ).toEqual(['test@1']);
  }
});
