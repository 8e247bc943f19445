import { SIGNAL_NAMES } from '../core/index.ts';
import { createEvaluationSet, type EvaluationSet, type EvaluationSetOptions } from './replay/evaluation-set.ts';
import { type EventColumns, FACT_COLUMNS, type LabelRow } from './replay/event.ts';

/** What the loader needs of the lake: SQL in, columns out, at a version of the tables. */
export interface ColumnQuery {
  /** The columns of the result by name, null where SQL says NULL. `at` is a version of `events`; newest without. */
  columns(sql: string, at?: number): Promise<Readonly<Record<string, ArrayLike<unknown>>>>;
}

export interface LoadOptions extends Omit<EvaluationSetOptions, 'lakeVersion'> {
  /** Version of `events`; null for the newest. */
  readonly at: number | null;
  /** Most events to read, the newest ones; 1,000,000 unless told. Labelled events are always read. */
  readonly eventsMax?: number;
  /** Whether the lake holds the table `labels`; without it there are no campaigns. */
  readonly hasLabels: boolean;
}

/**
 * Reads history from the lake. Only plain columns are asked for; times as µs. Errors of the query pass through.
 */
export async function loadEvaluationSet(query: ColumnQuery, options: LoadOptions): Promise<EvaluationSet> {
  const eventsMax = options.eventsMax ?? 1_000_000;
  if (!Number.isInteger(eventsMax) || eventsMax < 1) {
    throw new RangeError(`[optimizer/load] eventsMax is ${eventsMax}; give a whole number above 0`);
  }
  const at = options.at ?? undefined;
  const labels = options.hasLabels ? await loadLabels(query) : [];
  const facts = FACT_COLUMNS.map((name) => (name === 'time' ? 'epoch_us(time) AS time' : name));
  const selected = [...facts, ...SIGNAL_NAMES].join(', ');
  // event_uid after time: which of two events of the same microsecond is left out must not hang on the files.
  const newest = `SELECT ${selected} FROM events ORDER BY events.time DESC, event_uid LIMIT ${eventsMax}`;
  const columns = numbered(await query.columns(newest, at));
  const rest =
    labels.length > 0 && columns.event_uid.length === eventsMax
      ? await loadLabelled(query, selected, labels, columns, at)
      : null;
  return createEvaluationSet(rest === null ? columns : joined(columns, rest), labels, {
    ...options,
    lakeVersion: options.at,
  });
}

async function loadLabels(query: ColumnQuery): Promise<LabelRow[]> {
  // Labels have versions of their own: an event that the set does not hold is simply not found.
  const found = await query.columns('SELECT event_uid, campaign, stage FROM labels ORDER BY event_uid LIMIT 200000');
  return Array.from({ length: found.event_uid?.length ?? 0 }, (_, row) => ({
    event_uid: String(found.event_uid?.[row]),
    campaign: String(found.campaign?.[row]),
    stage: String(found.stage?.[row]),
  }));
}

/** Labelled events older than the newest ones that were read. */
async function loadLabelled(
  query: ColumnQuery,
  selected: string,
  labels: readonly LabelRow[],
  newest: EventColumns,
  at: number | undefined,
): Promise<EventColumns | null> {
  const held = new Set(Array.from(newest.event_uid));
  const missing = labels.filter((label) => !held.has(label.event_uid)).slice(0, 50_000);
  if (missing.length === 0) return null;
  const uids = missing.map(({ event_uid }) => `'${event_uid.replaceAll("'", "''")}'`).join(', ');
  return numbered(await query.columns(`SELECT ${selected} FROM events WHERE event_uid IN (${uids})`, at));
}

/** DuckDB gives BIGINT as bigint; µs since 1970 fit a number until the year 2255. */
function numbered(columns: Readonly<Record<string, ArrayLike<unknown>>>): EventColumns {
  const names = [...FACT_COLUMNS, ...SIGNAL_NAMES];
  const read = names.map((name) => {
    const column = columns[name];
    if (column === undefined) {
      throw new TypeError(`[optimizer/load] the query gave no column ${name}; check the schema of events`);
    }
    return [name, Array.from(column, (value) => (typeof value === 'bigint' ? Number(value) : value))];
  });
  return Object.fromEntries(read) as EventColumns;
}

function joined(a: EventColumns, b: EventColumns): EventColumns {
  const names = [...FACT_COLUMNS, ...SIGNAL_NAMES];
  return Object.fromEntries(
    names.map((name) => [name, [...Array.from<unknown>(a[name]), ...Array.from<unknown>(b[name])]]),
  ) as unknown as EventColumns;
}
