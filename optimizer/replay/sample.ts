import { createRandom } from '../../core/index.ts';
import { type EventColumns, type LabelRow, trustKeyAt } from './event.ts';

/**
 * At most `rowsMax` events (attacks, all of which are kept, may go beyond). Legitimate events are sampled in whole
 * sessions, a cluster sample, since prompts and re-authentications are counted per session: sessions in a seeded
 * random order while they fit. Each kept legitimate event stands for `weight` events, the ratio estimator (Cochran
 * 1977, Sampling Techniques, §9A.1). A session too large for the room left is passed over, so a history of a few
 * giant sessions is represented by its small ones.
 */
export function sampleRows(
  columns: EventColumns,
  labelOf: ReadonlyMap<string, LabelRow>,
  rowsMax: number,
  seed: number | string,
): { rows: readonly number[]; weight: number } {
  const count = columns.event_uid.length;
  if (count <= rowsMax) return { rows: Array.from({ length: count }, (_, row) => row), weight: 1 };
  const attacks: number[] = [];
  const sessions = new Map<string, number[]>();
  for (let row = 0; row < count; row++) {
    if (labelOf.has(columns.event_uid[row] as string)) {
      attacks.push(row);
      continue;
    }
    const key = trustKeyAt(columns, row);
    const session = sessions.get(key);
    if (session === undefined) sessions.set(key, [row]);
    else session.push(row);
  }
  const random = createRandom(seed).split('sessions');
  // Each session's place is drawn from its own name: the sample does not hang on the order of the rows.
  const order = [...sessions]
    .map(([key, rows]) => ({ key, rows, place: random.split(key).next() }))
    .sort((a, b) => a.place - b.place || (a.key < b.key ? -1 : 1));
  const room = Math.max(0, rowsMax - attacks.length);
  const kept: number[] = [];
  for (const { rows } of order) {
    if (kept.length + rows.length <= room) for (const row of rows) kept.push(row);
  }
  if (kept.length === 0) {
    const first = order[0]?.rows ?? [];
    for (const row of [...first].sort((a, b) => compareRows(columns, a, b)).slice(0, room)) kept.push(row);
  }
  const legitimate = count - attacks.length;
  return { rows: [...attacks, ...kept], weight: kept.length === 0 ? 1 : legitimate / kept.length };
}

/** By time; of the same time by uid, so that the order does not hang on the files of the lake. */
export function compareRows(columns: EventColumns, a: number, b: number): number {
  const byTime = (columns.time[a] as number) - (columns.time[b] as number);
  return byTime || ((columns.event_uid[a] as string) < (columns.event_uid[b] as string) ? -1 : 1);
}
