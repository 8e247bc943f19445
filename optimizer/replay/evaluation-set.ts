import { BASELINE_POLICY, eventRisk, SEGMENTS, SIGNALS, scaleSignals, segmentOf, weightsOf } from '../../core/index.ts';
import { type Attacks, attacksOf } from './attacks.ts';
import { CONSTANTS } from './constants.ts';
import { CONTROLS } from './controls.ts';
import { type EventColumns, eventAt, type LabelRow, type ReplayEvent, trustKeyAt } from './event.ts';
import { compareRows, sampleRows } from './sample.ts';

/** Bits of `flags`. */
export const FLAG = { withoutMfa: 1, legitimate: 2 } as const;

/**
 * History as a policy's evaluation needs it. Rows are ordered by trust key, then time: what the replay remembers
 * about a session are a few locals.
 */
export interface EvaluationSet extends Attacks {
  /** Version of `events` in the lake that it was made from; null when not from a lake. */
  readonly lakeVersion: number | null;
  readonly count: number;
  /** Signals above zero, row by row: those of row i are entries signalStart[i] to before signalStart[i + 1]. */
  readonly signalStart: Int32Array;
  /** Index into SIGNALS. */
  readonly signalIndex: Uint8Array;
  /** Scaled, in (0, 1]. */
  readonly signalValue: Float64Array;
  /** Index into SEGMENTS. */
  readonly segment: Uint8Array;
  /** Seconds; NaN when unknown. */
  readonly sessionAgeS: Float64Array;
  readonly flags: Uint8Array;
  /** Seconds since the first event. */
  readonly timeS: Float64Array;
  /** Session, or actor and UTC day where there is none. */
  readonly trustKey: Int32Array;
  /** Events that each legitimate row stands for; more than 1 when history was sampled. */
  readonly weight: number;
  /** Risk of each row under the baseline's weights, 0 to 1: the yardstick where nothing is labelled. */
  readonly baselineRisk: Float64Array;
  /** Rows that each of CONTROLS checks. */
  readonly controlRows: readonly Int32Array[];
  /** People (not machines) in the whole history, at least 1. */
  readonly users: number;
  /** Length of the whole history, at least CONSTANTS.weeksMin. */
  readonly weeks: number;
  /** Events in the whole history. */
  readonly events: number;
}

export interface EvaluationSetOptions {
  readonly lakeVersion?: number | null;
  /** Most rows to keep; 200,000 unless told. Attacks are always kept. */
  readonly rowsMax?: number;
  /** Seed of the sample. */
  readonly seed?: number | string;
}

/**
 * Builds the set from columns of `events` and rows of `labels`, in any order: the same events give the same set.
 * Above `rowsMax` legitimate sessions are sampled whole (see sample.ts) and stand for the others by `weight`.
 */
export function createEvaluationSet(
  columns: EventColumns,
  labels: readonly LabelRow[],
  options: EvaluationSetOptions = {},
): EvaluationSet {
  const labelOf = new Map(labels.map((label) => [label.event_uid, label]));
  const span = spanOf(columns.time);
  const sample = sampleRows(columns, labelOf, options.rowsMax ?? 200_000, options.seed ?? 0);
  const keyOf = sample.rows.map((row) => trustKeyAt(columns, row));
  const keyId = new Map([...new Set(keyOf)].sort().map((key, id) => [key, id]));
  const ordered = sample.rows
    .map((row, i) => ({ row, key: keyId.get(keyOf[i] as string) as number }))
    .sort((a, b) => a.key - b.key || compareRows(columns, a.row, b.row));
  const rows = ordered.map(({ row }) => eventAt(columns, row));
  return {
    lakeVersion: options.lakeVersion ?? null,
    count: rows.length,
    ...signalsOf(rows),
    segment: Uint8Array.from(rows, (event) => event.segment),
    sessionAgeS: Float64Array.from(rows, (event) => event.session_age_s ?? Number.NaN),
    flags: Uint8Array.from(rows, (event) => flagsOf(event, labelOf.has(event.event_uid))),
    timeS: Float64Array.from(rows, (event) => (event.time - span.first) / 1e6),
    trustKey: Int32Array.from(ordered, ({ key }) => key),
    weight: sample.weight,
    ...attacksOf(rows, labelOf),
    controlRows: controlRowsOf(rows),
    users: Math.max(1, peopleOf(columns, labelOf)),
    weeks: Math.max(CONSTANTS.weeksMin.value, (span.last - span.first) / 1e6 / 604_800),
    events: columns.event_uid.length,
  };
}

const SERVICE = SEGMENTS.indexOf('service');

function spanOf(times: ArrayLike<number>): { first: number; last: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < times.length; row++) {
    first = Math.min(first, times[row] as number);
    last = Math.max(last, times[row] as number);
  }
  return times.length === 0 ? { first: 0, last: 0 } : { first, last };
}

/** Actors that are people and did something that no campaign did in their name. */
function peopleOf(columns: EventColumns, labelOf: ReadonlyMap<string, LabelRow>): number {
  const people = new Set<string>();
  for (let row = 0; row < columns.event_uid.length; row++) {
    const actor_type = columns.actor_type[row] as ReplayEvent['actor_type'];
    if (segmentOf({ actor_type, is_privileged: false }) === 'service') continue;
    if (!labelOf.has(columns.event_uid[row] as string)) people.add(columns.actor_key[row] as string);
  }
  return people.size;
}

function flagsOf(event: ReplayEvent, labelled: boolean): number {
  return (event.mfa === false ? FLAG.withoutMfa : 0) | (labelled ? 0 : FLAG.legitimate);
}

function signalsOf(
  rows: readonly ReplayEvent[],
): Pick<EvaluationSet, 'signalStart' | 'signalIndex' | 'signalValue' | 'baselineRisk'> {
  const scaled = new Float64Array(SIGNALS.length);
  const weights = weightsOf(BASELINE_POLICY);
  const signalStart = new Int32Array(rows.length + 1);
  const baselineRisk = new Float64Array(rows.length);
  const index: number[] = [];
  const value: number[] = [];
  rows.forEach((event, i) => {
    scaleSignals(event.signals, scaled);
    baselineRisk[i] = eventRisk(scaled, weights) / 100;
    for (let s = 0; s < scaled.length; s++) {
      if (scaled[s] === 0) continue;
      index.push(s);
      value.push(scaled[s] as number);
    }
    signalStart[i + 1] = index.length;
  });
  return { signalStart, signalIndex: Uint8Array.from(index), signalValue: Float64Array.from(value), baselineRisk };
}

function controlRowsOf(rows: readonly ReplayEvent[]): Int32Array[] {
  const lists: number[][] = CONTROLS.map(() => []);
  rows.forEach((event, row) => {
    if (event.segment === SERVICE) return;
    const before = rows[row - 1];
    const sameSession = event.session_uid !== null && before?.session_uid === event.session_uid;
    const idleS = sameSession ? (event.time - before.time) / 1e6 : null;
    CONTROLS.forEach((control, c) => {
      if (control.covers?.(event, idleS)) lists[c]?.push(row);
    });
  });
  return lists.map((list) => Int32Array.from(list));
}
