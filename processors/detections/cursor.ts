import { z } from 'zod';
import type { Store } from '../../lake/index.ts';

/** How far a rule has come: which version of `events` it has seen, and what it has said. */
const cursorSchema = z.strictObject({
  version: z.int(),
  /** By finding_uid: the evidence last reported and when its window ends. */
  reported: z.record(
    z.string(),
    z.strictObject({ evidenceHash: z.string(), windowEndUs: z.int(), closed: z.boolean() }),
  ),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** Findings of so many windows are remembered; the oldest windows go first. */
const REPORTED_MAX = 10_000;

export async function loadCursor(store: Store, detectionId: string): Promise<Cursor> {
  const bytes = await store.get(keyOf(detectionId));
  if (bytes === null) return { version: -1, reported: {} };
  return cursorSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

export async function saveCursor(store: Store, detectionId: string, cursor: Cursor): Promise<void> {
  const kept = Object.entries(cursor.reported)
    .sort(([, a], [, b]) => b.windowEndUs - a.windowEndUs)
    .slice(0, REPORTED_MAX);
  await store.put(keyOf(detectionId), Buffer.from(JSON.stringify({ ...cursor, reported: Object.fromEntries(kept) })));
}

const keyOf = (detectionId: string) => `detections/${detectionId}.json`;
