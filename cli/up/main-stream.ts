import { ConfigError } from '../../core/index.ts';
import type { Log, StreamDescription } from '../../log/index.ts';
import { shardName } from '../../processors/index.ts';
import type { CountFrom } from '../counts.ts';
import { openShards } from '../policies.ts';

/** The stream that generators and collectors fill. */
const MAIN_STREAM = 'events';

/** Opens the main stream with as many open shards as asked for; one, or as many as it has, when not asked. */
export async function openMainStream(log: Log, shards: number | undefined): Promise<StreamDescription> {
  if (!(await log.listStreams()).includes(MAIN_STREAM)) return log.createStream(MAIN_STREAM, { shards: shards ?? 1 });
  const stream = await log.describeStream(MAIN_STREAM);
  const open = openShards(stream).length;
  if (shards === undefined || shards === open) return stream;
  throw new ConfigError(
    `[cli] the log has ${open} shards, not ${shards}; leave --shards out, or start a new log with --data or --stream-prefix`,
  );
}

/** Where each shard ends now: what comes behind is this run's. */
export async function positionsNow(log: Log, { stream, incarnation, shards }: StreamDescription): Promise<CountFrom[]> {
  const from: CountFrom[] = [];
  for (const { shardId } of shards) {
    const { latest } = await log.bounds(stream, shardId);
    from.push({ shard: shardName({ stream, incarnation, shardId }), after: latest });
  }
  return from;
}

/** The same, with the shards that came to be since: all of theirs is this run's. */
export async function sinceThen(log: Log, stream: string, from: readonly CountFrom[]): Promise<CountFrom[]> {
  const all = await log.describeStream(stream);
  const names = all.shards.map(({ shardId }) => shardName({ ...all, shardId }));
  const known = new Set(from.map(({ shard }) => shard));
  return [...from, ...names.filter((shard) => !known.has(shard)).map((shard) => ({ shard, after: null }))];
}
