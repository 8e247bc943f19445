import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../../core/index.ts';
import { expectMappedEvent } from './mapped-event.ts';
import { expectConsistent, expectReads, mapNative } from './reading.ts';

/** The fixtures map as expected.ndjson in the app's folder says; UPDATE_GOLDEN=1 rewrites that. */
export function describeGolden(source: Source, folder: URL, fixtures: readonly unknown[]): void {
  describe(`${source.app} fixtures`, () => {
    it('are at least 25 and map as the golden file says', () => {
      expect(fixtures.length).toBeGreaterThanOrEqual(25);
      const mapped = fixtures.map((native) => mapNative(source, native));
      const golden = new URL('expected.ndjson', folder);
      if (process.env.UPDATE_GOLDEN === '1') {
        writeFileSync(golden, `${mapped.map((event) => JSON.stringify(event)).join('\n')}\n`);
      }
      const expected = readLines(golden);
      for (const [i, event] of mapped.entries()) {
        expect(event, `fixture ${i + 1} of ${source.app}`).toEqual(expected[i]);
        if (!('fault' in event)) expectMappedEvent(event);
      }
      expect(expected).toHaveLength(mapped.length);
    });

    it('map the same when only what the source reads is parsed', () => {
      for (const native of fixtures) expectReads(source, JSON.stringify(native));
    });

    it('agree with nativeId and actor', () => {
      for (const native of fixtures) {
        const parsed = source.schema.safeParse(native);
        if (parsed.success) expectConsistent(source, parsed.data);
      }
    });
  });
}

/** The documents of an ndjson file. */
export function readLines(file: URL): unknown[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
}
