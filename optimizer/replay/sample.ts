import { createRandom } from '../../core/index.ts';
import { type LabelRow, type ReplayEvent, trustKeyOf } from './event.ts';

/**
 * At most `rowsMax` events (attacks, all of which are kept, may go beyond). Legitimate events are sampled in whole
 * sessions, a cluster sample, since prompts and re-authentications are counted per session: sessions in a seeded
 * random order while they fit. Each kept legitimate event stands for `weight` events, the ratio estimator (Cochran
 * 1977, Sampling Techniques, §9A.1). A session too large for the room left is passed over, so a history of a few
 * giant sessions is represented by its small ones.
 */
export function sampleRows(
  events: readonly ReplayEvent[],
  labelOf: ReadonlyMap<string, LabelRow>,
  rowsMax: number,
  seed: number | string,
): { rows: readonly ReplayEvent[]; weight: number } {
  if (events.length <= rowsMax) return { rows: events, weight: 1 };
  const attacks: ReplayEvent[] = [];
  const sessions = new Map<string, ReplayEvent[]>();
  for (const event of events) {
    if (labelOf.has(event.event_uid)) {
      attacks.push(event);
      continue;
    }
    const key = trustKeyOf(event);
    const session = sessions.get(key);
    if (session === undefined) sessions.set(key, [event]);
    else session.push(event);
  }
  const random = createRandom(seed).split('sessions');
  // Each session's place is drawn from its own name: the sample does not hang on the order of the rows.
  const order = [...sessions]
    .map(([key, rows]) => ({ key, rows, place: random.split(key).next() }))
    .sort((a, b) => a.place - b.place || (a.key < b.key ? -1 : 1));
  const room = Math.max(0, rowsMax - attacks.length);
  const kept: ReplayEvent[] = [];
  for (const { rows } of order) {
    if (kept.length + rows.length <= room) for (const row of rows) kept.push(row);
  }
  if (kept.length === 0) {
    const first = order[0]?.rows ?? [];
    kept.push(...[...first].sort((a, b) => a.time - b.time).slice(0, room));
  }
  const legitimate = events.length - attacks.length;
  return { rows: [...attacks, ...kept], weight: kept.length === 0 ? 1 : legitimate / kept.length };
}
