import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Source } from '../../../core/index.ts';
import { ACTIVITY_MAX } from './mapped-event.ts';
import { mapNative } from './reading.ts';

const OCSF_BUNDLE = new URL('../../../../shared/corpora/ocsf/ocsf-1.8.0.jsonschema-bundle.json', import.meta.url);

/** Fixtures map to activities of OCSF's own schema, where that is at hand. */
export function describeOcsf(source: Source, fixtures: readonly unknown[]): void {
  const missing = !existsSync(OCSF_BUNDLE);
  if (missing)
    console.info(`[ingest/sources] ${source.app}: OCSF’s schema is not here; its activities are not compared`);
  it.skipIf(missing)(`${source.app} fixtures have activities that OCSF 1.8.0 knows`, () => {
    const bundle = JSON.parse(readFileSync(OCSF_BUNDLE, 'utf8')) as {
      classes: Record<string, { properties: { activity_id: { enum: number[] } } }>;
    };
    for (const [uid, max] of Object.entries(ACTIVITY_MAX)) {
      const known = bundle.classes[uid]?.properties.activity_id.enum ?? [];
      expect([...known].sort((a, b) => a - b)).toEqual([...Array(max + 1).keys(), 99]);
    }
    for (const native of fixtures) {
      const event = mapNative(source, native);
      if ('fault' in event) continue;
      const known = bundle.classes[String(event.class_uid)]?.properties.activity_id.enum;
      expect(known, JSON.stringify(event)).toContain(event.activity_id);
    }
  });
}
