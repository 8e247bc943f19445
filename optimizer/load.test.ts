import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_COLUMNS, type Row, SIGNAL_NAMES } from '../core/index.ts';
import {
  addFile,
  createFileBuilder,
  createLocalStore,
  dataColumns,
  EVENTS,
  LABELS,
  loadZstd,
  openQuery,
  openTable,
  type Query,
  type Store,
  TABLES,
} from '../lake/index.ts';
import { loadEvaluationSet } from './load.ts';
import { createEvaluationSet } from './replay/evaluation-set.ts';
import { FACT_COLUMNS } from './replay/event.ts';
import { syntheticHistory } from './replay/synthetic-history.ts';

const { columns, labels } = syntheticHistory({ seed: 4, people: 25, days: 3, perDay: 6, campaigns: 2 });
const clock = () => 1_800_000_000_000_000;
const NAMES: readonly string[] = [...FACT_COLUMNS, ...SIGNAL_NAMES];
let folder: string;
let store: Store;
let query: Query;

/** A row of `events`: what the history says, and something valid elsewhere. */
function eventRow(row: number): Row {
  const filler = { string: '', int: 0, long: 0, double: 0, boolean: false, timestamp: 0, date: 20_458, binary: '' };
  const value = ({ name, type, nullable }: (typeof EVENT_COLUMNS)[number]) => {
    if (NAMES.includes(name)) return columns[name as keyof typeof columns][row];
    if (nullable) return null;
    return type === 'list<string>' ? [] : filler[type as keyof typeof filler];
  };
  return Object.fromEntries(EVENT_COLUMNS.map((column) => [column.name, value(column)])) as Row;
}

/** Commits rows to a table of the lake; gives the version. */
async function append(
  definition: typeof EVENTS,
  rows: readonly Row[],
  partition: Record<string, string>,
  name: string,
) {
  const table = await openTable(store, definition, { clock });
  const builder = createFileBuilder(dataColumns(definition), await loadZstd());
  for (const row of rows) builder.append(row);
  const file = await addFile(store, definition, builder.finish(), partition, name, clock());
  await table.commit(() => [{ add: file }], { operation: 'WRITE' });
}

const all = Array.from({ length: columns.event_uid.length }, (_, row) => row);
const half = Math.floor(all.length / 2);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-load-'));
  store = createLocalStore(folder);
  await append(EVENTS, all.slice(half).map(eventRow), { event_date: '2026-01-05' }, 'a');
  await append(EVENTS, all.slice(0, half).map(eventRow), { event_date: '2026-01-05' }, 'b');
  query = await openQuery({ store, tables: TABLES, clock });
});

afterAll(async () => {
  await query?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('loading history from a lake', () => {
  it('without labels has no campaigns', async () => {
    const set = await loadEvaluationSet(query, { at: null });
    expect(set).toEqual(createEvaluationSet(columns, []));
  });

  it('gives the same set as the events themselves, with the labels, at the version asked for', async () => {
    await append(LABELS, labels as unknown as Row[], {}, 'l');
    const newest = await loadEvaluationSet(query, { at: 2 });
    expect(newest).toEqual(createEvaluationSet(columns, labels, { lakeVersion: 2 }));
    const before = await loadEvaluationSet(query, { at: 1 });
    expect(before.count).toBe(all.length - half);
    expect(before.lakeVersion).toBe(1);
  });

  it('of a long history reads the newest events and all labelled ones', async () => {
    const set = await loadEvaluationSet(query, { at: 2, eventsMax: 20 });
    expect(set.attackRows.length).toBe(labels.length);
    expect(set.events).toBeGreaterThanOrEqual(20);
    expect(set.events).toBeLessThanOrEqual(20 + labels.length);
  });

  it('says what is wrong with a bound or a schema', async () => {
    await expect(loadEvaluationSet(query, { at: 1, eventsMax: 0 })).rejects.toThrow(/above 0/);
    await expect(loadEvaluationSet({ columns: async () => [] }, { at: 1 })).rejects.toThrow(/no column event_uid/);
  });
});
