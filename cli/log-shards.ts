import { defineCommand } from './command.ts';
import { LOG_OPTIONS, shardsOf, withLog } from './log-access.ts';
import { arrivalAt, recordsBetween, timeText } from './log-facts.ts';
import { POSITION_CELL_MAX, tableText } from './table-text.ts';

export const logShards = defineCommand({
  name: 'log shards',
  summary: 'Lists the shards of a stream: hash keys, parents, positions, the newest arrival.',
  args: ['STREAM'],
  options: [...LOG_OPTIONS, 'shard', 'json'],
  async run(config, [name = ''], { stdout }) {
    await withLog(config, async (log) => {
      const rows = [];
      const description = await log.describeStream(name);
      for (const { shardId, hashKeyRange, parents, closed } of shardsOf(description, config.shard)) {
        const bounds = await log.bounds(name, shardId);
        const { earliest, latest } = bounds;
        const newestUs =
          latest === null
            ? null
            : await arrivalAt(log, name, shardId, { type: 'AT_SEQUENCE_NUMBER', position: latest });
        const records = recordsBetween(log, null, bounds);
        rows.push({ shardId, hashKeyRange, parents, closed, earliest, latest, records, newestArrivalUs: newestUs });
      }
      if (config.json) stdout.write(`${JSON.stringify(rows)}\n`);
      else {
        stdout.write(
          tableText(
            ['shard', 'state', 'parents', 'hash keys from', 'to', 'earliest', 'latest', 'records', 'newest arrival'],
            rows.map((row) => [
              row.shardId,
              row.closed ? 'closed' : 'open',
              row.parents.join(' '),
              row.hashKeyRange.start,
              row.hashKeyRange.end,
              row.earliest,
              row.latest,
              row.records,
              timeText(row.newestArrivalUs),
            ]),
            POSITION_CELL_MAX,
          ),
        );
      }
    });
  },
});
