import type { DashboardDeps } from './deps.ts';

export type Row = Record<string, unknown>;

/** Rows of a query; a table that is not there yet has none. */
export async function queryLake(deps: DashboardDeps, text: string, params: readonly unknown[] = []): Promise<Row[]> {
  try {
    return (await deps.lake.sql(text, { params })).rows;
  } catch (error) {
    if (error instanceof Error && /does not exist/i.test(error.message)) return [];
    throw error;
  }
}

/** `time >= ` and its partition, as parameters: `2026-11-22T10:00:00.000Z`, `2026-11-22`. */
export function sinceParams(us: number): [string, string] {
  const iso = new Date(us / 1000).toISOString();
  return [iso, iso.slice(0, 10)];
}

/** Reads with sinceParams as $1 and $2; the partition prunes files, the time rows. */
export const SINCE = 'time >= $1::TIMESTAMPTZ AND event_date >= $2::DATE';
