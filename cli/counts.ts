import type { Query } from '../lake/index.ts';
import type { Position } from '../log/index.ts';

/** Rows of one or more shards, counted in the lake. */
export interface LakeCounts {
  readonly events: number;
  readonly quarantined: number;
  readonly redelivered: number;
  /** Positions that stand in more than one row of the three tables, and events whose uid stands twice. */
  readonly duplicates: number;
}

/** A shard by its name in the rows, and the position behind which to count (null: all). */
export interface CountFrom {
  readonly shard: string;
  readonly after: Position | null;
}

/** No log's positions are longer: those of the Kinesis driver have up to 63 digits. */
const POSITION_DIGITS = 64;

const TABLES = ['events', 'quarantine', 'redeliveries'] as const;

/** Counts what the lake holds of these shards: nothing that the pipeline says of itself is believed. */
export async function countInLake(query: Query, from: readonly CountFrom[]): Promise<LakeCounts> {
  // Positions of one log have one length or grow by digits: padded, they compare as text. Kafka's first one is 0.
  const params = from.flatMap(({ shard, after }) => [
    shard,
    after === null ? '' : after.padStart(POSITION_DIGITS, '0'),
  ]);
  const where = from
    .map((_, i) => `(log_shard = $${2 * i + 1} AND lpad(log_position, ${POSITION_DIGITS}, '0') > $${2 * i + 2})`)
    .join(' OR ');
  const part = (table: string) =>
    `SELECT '${table}' AS t, log_shard, log_position, event_uid FROM ${table} WHERE ${where}`;
  const { rows } = await query.sql(
    `WITH held AS (${TABLES.map(part).join(' UNION ALL ')})
     SELECT count(*) FILTER (WHERE t = 'events') AS events,
            count(*) FILTER (WHERE t = 'quarantine') AS quarantined,
            count(*) FILTER (WHERE t = 'redeliveries') AS redelivered,
            count(*) - count(DISTINCT (log_shard, log_position)) AS positions_doubled,
            count(*) FILTER (WHERE t = 'events') - count(DISTINCT event_uid) FILTER (WHERE t = 'events') AS uids_doubled
     FROM held`,
    { params },
  );
  const row = rows[0] ?? {};
  const number = (name: string) => Number(row[name] ?? 0);
  return {
    events: number('events'),
    quarantined: number('quarantined'),
    redelivered: number('redelivered'),
    duplicates: number('positions_doubled') + number('uids_doubled'),
  };
}
