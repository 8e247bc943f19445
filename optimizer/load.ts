import { SIGNAL_NAMES } from '../core/index.ts';
import type { ColumnData, Query } from '../lake/index.ts';
import { createEvaluationSet, type EvaluationSet, type EvaluationSetOptions } from './replay/evaluation-set.ts';
import { type EventColumns, FACT_COLUMNS, type LabelRow } from './replay/event.ts';

export interface LoadOptions extends Omit<EvaluationSetOptions, 'lakeVersion'> {
  /** Version of `events`; null for the newest. */
  readonly at: number | null;
  /** Most events to read, the newest ones; 1,000,000 unless told. Labelled events are always read. */
  readonly eventsMax?: number;
  readonly signal?: AbortSignal;
}

const NAMES = [...FACT_COLUMNS, ...SIGNAL_NAMES];
const SELECTED = NAMES.join(', ');

/** Most labels that are read, and most labelled events beside the newest. */
const LABELS_MAX = 200_000;
const LABELLED_MAX = 20_000;

/**
 * Reads history and its ground truth from the lake; without labels there are no campaigns. RangeError for a wrong
 * bound; errors of the query pass through.
 */
export async function loadEvaluationSet(query: Pick<Query, 'columns'>, options: LoadOptions): Promise<EvaluationSet> {
  const { at, eventsMax = 1_000_000 } = options;
  if (!Number.isInteger(eventsMax) || eventsMax < 1) {
    throw new RangeError(`[optimizer/load] eventsMax is ${eventsMax}; give a whole number above 0`);
  }
  const signal = options.signal ? { signal: options.signal } : {};
  const where = at === null ? signal : { ...signal, at: { version: at } };
  // Labels have versions of their own: a label of an event that the set does not hold finds nothing.
  const labels = labelsOf(
    await query.columns(`SELECT event_uid, campaign, stage FROM labels ORDER BY event_uid LIMIT ${LABELS_MAX}`, signal),
  );
  const [counted] = await query.columns('SELECT count(*) AS n FROM events', where);
  const count = Number(counted?.values[0] ?? 0);
  if (count <= eventsMax) {
    const columns = eventColumnsOf([await query.columns(`SELECT ${SELECTED} FROM events`, where)]);
    return createEvaluationSet(columns, labels, { ...options, lakeVersion: at });
  }
  // event_uid after time: which of two events of the same microsecond is left out must not hang on the files.
  const newest = `SELECT ${SELECTED} FROM events ORDER BY time DESC, event_uid LIMIT ${eventsMax}`;
  const parts = [await query.columns(newest, where)];
  const held = new Set(textsOf(parts[0] ?? [], 'event_uid'));
  const missing = labels.filter((label) => !held.has(label.event_uid)).slice(0, LABELLED_MAX);
  if (missing.length > 0) {
    const uids = missing.map(({ event_uid }) => `'${event_uid.replaceAll("'", "''")}'`).join(', ');
    parts.push(await query.columns(`SELECT ${SELECTED} FROM events WHERE event_uid IN (${uids})`, where));
  }
  return createEvaluationSet(eventColumnsOf(parts), labels, { ...options, lakeVersion: at });
}

function labelsOf(columns: readonly ColumnData[]): LabelRow[] {
  const [uids, campaigns, stages] = (['event_uid', 'campaign', 'stage'] as const).map((name) => textsOf(columns, name));
  return (uids ?? []).map((event_uid, row) => ({
    event_uid,
    campaign: campaigns?.[row] ?? '',
    stage: stages?.[row] ?? '',
  }));
}

function textsOf(columns: readonly ColumnData[], name: string): string[] {
  return columnOf(columns, name).values as string[];
}

function columnOf(columns: readonly ColumnData[], name: string): ColumnData {
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    throw new TypeError(`[optimizer/load] the query gave no column ${name}; check the schema of events`);
  }
  return column;
}

/** The parts, one behind the other. Numbers stay in typed arrays, NaN for null. */
function eventColumnsOf(parts: readonly (readonly ColumnData[])[]): EventColumns {
  const joined = NAMES.map((name) => {
    const pieces = parts.map((part) => valuesOf(columnOf(part, name)));
    return [name, pieces.length === 1 ? pieces[0] : pieces.flatMap((piece) => Array.from<unknown>(piece))];
  });
  return Object.fromEntries(joined) as EventColumns;
}

function valuesOf(column: ColumnData): ArrayLike<unknown> {
  const { valid } = column;
  if (column.kind === 'boolean') {
    return Array.from(column.values, (value, row) => (valid !== null && valid[row] === 0 ? null : value === 1));
  }
  if (column.kind === 'int32' && valid !== null) {
    return Array.from(column.values, (value, row) => (valid[row] === 0 ? null : value));
  }
  return column.values;
}
