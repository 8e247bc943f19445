import { describe, expect, it } from 'vitest';
import { SIGNAL_NAMES } from '../core/index.ts';
import { type ColumnQuery, loadEvaluationSet } from './load.ts';
import { createEvaluationSet } from './replay/evaluation-set.ts';
import { FACT_COLUMNS } from './replay/event.ts';
import { syntheticHistory } from './replay/synthetic-history.ts';

const { columns, labels } = syntheticHistory({ seed: 4, people: 5, days: 3, perDay: 6, campaigns: 2 });
const newestFirst = Array.from({ length: columns.event_uid.length }, (_, row) => row).sort(
  (a, b) => columns.time[b]! - columns.time[a]!,
);

/** Answers the loader's queries from arrays, times as bigint as DuckDB gives them. */
function arrays(): ColumnQuery & { asked: { sql: string; at: number | undefined }[] } {
  const asked: { sql: string; at: number | undefined }[] = [];
  const take = (rows: readonly number[]) =>
    Object.fromEntries(
      [...FACT_COLUMNS, ...SIGNAL_NAMES].map((name) => [
        name,
        rows.map((row) => (name === 'time' ? BigInt(columns.time[row]!) : columns[name][row])),
      ]),
    );
  return {
    asked,
    async columns(sql, at) {
      asked.push({ sql, at });
      if (sql.includes('FROM labels')) {
        return {
          event_uid: labels.map((label) => label.event_uid),
          campaign: labels.map((label) => label.campaign),
          stage: labels.map((label) => label.stage),
        };
      }
      const limit = /LIMIT (\d+)/.exec(sql)?.[1];
      if (limit !== undefined) return take(newestFirst.slice(0, Number(limit)));
      return take(newestFirst.filter((row) => sql.includes(`'${columns.event_uid[row]}'`)));
    },
  };
}

describe('loading history from the lake', () => {
  it('gives the set of the same events and labels at the version asked for', async () => {
    const query = arrays();
    const set = await loadEvaluationSet(query, { at: 9, hasLabels: true });
    expect(set).toEqual(createEvaluationSet(columns, labels, { lakeVersion: 9 }));
    expect(query.asked.find(({ sql }) => sql.includes('FROM events'))?.at).toBe(9);
  });

  it('without labels has no campaigns and does not ask for them', async () => {
    const query = arrays();
    const set = await loadEvaluationSet(query, { at: null, hasLabels: false });
    expect(set.campaigns).toEqual([]);
    expect(set.lakeVersion).toBeNull();
    expect(query.asked.length).toBe(1);
  });

  it('of a long history reads the newest events and all labelled ones', async () => {
    const set = await loadEvaluationSet(arrays(), { at: 9, hasLabels: true, eventsMax: 20 });
    expect(set.attackRows.length).toBe(labels.length);
    expect(set.count).toBeLessThanOrEqual(20 + labels.length);
  });

  it('says what is wrong with a bound or a schema', async () => {
    await expect(loadEvaluationSet(arrays(), { at: 1, hasLabels: false, eventsMax: 0 })).rejects.toThrow(/above 0/);
    const bare: ColumnQuery = { columns: async () => ({ event_uid: [] }) };
    await expect(loadEvaluationSet(bare, { at: 1, hasLabels: false })).rejects.toThrow(/no column time/);
  });
});
