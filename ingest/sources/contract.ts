import { describe, expect, it } from 'vitest';
import type { Source } from '../../core/index.ts';
import type { Generator } from '../world/activity.ts';
import { type ContractOptions, describeGenerated } from './contract-suite/generated.ts';
import { describeGolden, readLines } from './contract-suite/golden.ts';
import { describeHostile } from './contract-suite/hostile.ts';
import { describeOcsf } from './contract-suite/ocsf.ts';

export type { ContractOptions } from './contract-suite/generated.ts';
export { expectMappedEvent } from './contract-suite/mapped-event.ts';
export { sampleActivity } from './contract-suite/people.ts';
export { mapNative } from './contract-suite/reading.ts';

/**
 * The suite that every app's folder passes: golden fixtures, what is generated maps back to what was meant,
 * determinism, unique ids, and no input that the schema accepts makes the mapper throw. `folder` is the app's
 * folder as a URL ending in `/`; UPDATE_GOLDEN=1 rewrites its expected.ndjson.
 */
export function describeSource(source: Source, generator: Generator, folder: URL, options: ContractOptions): void {
  const fixtures = readLines(new URL('fixtures.ndjson', folder));

  describe(`${source.app} declares itself`, () => {
    it('names its folder', () => {
      expect(folder.pathname.endsWith(`/${source.app}/`)).toBe(true);
      expect(generator.app).toBe(source.app);
      expect(source.title.length).toBeGreaterThan(0);
      expect(Number.isInteger(source.mapperVersion) && source.mapperVersion >= 1).toBe(true);
    });
  });

  describeGolden(source, folder, fixtures);
  describeGenerated(source, generator, options);
  describeHostile(source, fixtures);
  describeOcsf(source, fixtures);
}
