import type { Query } from '../lake/index.ts';
import type { Log, StreamDescription } from '../log/index.ts';
import { shardName } from '../processors/index.ts';
import { type CountFrom, countInLake } from './counts.ts';

/** How many rows of the lake came of records of these streams that the log has forgotten since. */
export async function countForgotten(log: Log, query: Query, streams: readonly StreamDescription[]): Promise<number> {
  const kept: CountFrom[] = [];
  for (const description of streams) {
    for (const { shardId } of description.shards) {
      const { earliest } = await log.bounds(description.stream, shardId);
      if (earliest === null) continue;
      kept.push({ shard: shardName({ ...description, shardId }), after: String(BigInt(earliest) - 1n) });
    }
  }
  const lives = streams.map(({ stream, incarnation }) => `${stream}@${incarnation}/`);
  const { rows } = await query.sql(
    `SELECT DISTINCT log_shard FROM (SELECT log_shard FROM events
       UNION ALL SELECT log_shard FROM quarantine UNION ALL SELECT log_shard FROM redeliveries)`,
  );
  const all = rows
    .map(({ log_shard: shard }) => ({ shard: String(shard), after: null }))
    .filter(({ shard }) => lives.some((life) => shard.startsWith(life)));
  return (await rowsOf(query, all)) - (await rowsOf(query, kept));
}

async function rowsOf(query: Query, from: readonly CountFrom[]): Promise<number> {
  if (from.length === 0) return 0;
  const { events, quarantined, redelivered } = await countInLake(query, from);
  return events + quarantined + redelivered;
}
