import type { Log, Retention } from '../log/index.ts';
import { defineCommand } from './command.ts';
import { LOG_OPTIONS, withLog } from './log-access.ts';
import { ageMs, ageText, arrivalAt, recordsBetween, sumOf, timeText } from './log-facts.ts';
import { tableText } from './table-text.ts';

export const logStreams = defineCommand({
  name: 'log streams',
  summary: 'Lists the streams of the log: shards, records kept, the age of the oldest, and how much is to be kept.',
  options: [...LOG_OPTIONS, 'json'],
  async run(config, _args, { stdout, clock }) {
    await withLog(config, async (log) => {
      const rows = [];
      for (const stream of [...(await log.listStreams())].sort()) rows.push(await factsOf(log, stream, clock()));
      if (config.json) stdout.write(`${JSON.stringify(rows)}\n`);
      else {
        stdout.write(
          tableText(
            ['stream', 'open', 'closed', 'records', 'oldest', 'to keep', 'created'],
            rows.map((row) => [
              row.stream,
              row.shards.open,
              row.shards.closed,
              row.records,
              ageText(row.oldestAgeMs),
              keepText(row.retention),
              timeText(row.createdUs),
            ]),
          ),
        );
      }
    });
  },
});

async function factsOf(log: Log, name: string, nowUs: number) {
  const { stream, incarnation, createdUs, shards } = await log.describeStream(name);
  const counts: (number | null)[] = [];
  const oldest: number[] = [];
  for (const { shardId } of shards) {
    counts.push(recordsBetween(log, null, await log.bounds(stream, shardId)));
    const arrivalUs = await arrivalAt(log, stream, shardId, { type: 'TRIM_HORIZON' });
    if (arrivalUs !== null) oldest.push(arrivalUs);
  }
  const closed = shards.filter((shard) => shard.closed).length;
  const oldestUs = oldest.length === 0 ? null : Math.min(...oldest);
  return {
    stream,
    incarnation,
    createdUs,
    shards: { open: shards.length - closed, closed },
    records: sumOf(counts),
    oldestAgeMs: ageMs(oldestUs, nowUs),
    // Null where it is set elsewhere: the topic's or stream's own retention.
    retention: (await log.retention?.(stream)) ?? null,
  };
}

function keepText(retention: Retention | null): string | null {
  if (retention === null) return null;
  const { ageMs: age, shardBytes } = retention;
  const parts = [ageText(age), shardBytes === null ? null : `${shardBytes} B a shard`].filter((part) => part !== null);
  return parts.length === 0 ? 'all' : parts.join(', ');
}
