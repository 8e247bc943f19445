import type { ListShardsInput, ListShardsOutput, ShardFilter } from '@aws-sdk/client-kinesis';
import type { ShardDetails } from '../../drivers/embedded-log.ts';
import type { Call, Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { invalidArgument, notUsable, streamNotFound } from './faults.ts';
import { openPage, sealPage } from './page.ts';
import { listedShards, toShard, trimHorizonUs } from './shard.ts';
import { readShardId } from './shard-id.ts';
import { checkSettled, demandStream, type Stream } from './stream.ts';

/** The API Reference, ListShards: the default, and the most given whatever the limit. */
const SHARDS_MAX = 1000;

interface Page {
  readonly stream: string;
  readonly incarnation: string;
  readonly after: string;
  readonly filter: SerialFilter | null;
}

/** A filter as a token carries it. */
interface SerialFilter {
  readonly type: string;
  readonly timestampMs?: number;
}

export function createListShards(context: Context): Operation<ListShardsInput, ListShardsOutput> {
  return async (input, call) => {
    const { page, stream } = await begin(context, call, input);
    checkSettled(call, stream, notUsable);
    const listed = listedShards(context, stream);
    const left = filtered(context, stream, listed, page.filter).filter(({ shardId }) => shardId > page.after);
    const given = left.slice(0, Math.min(input.MaxResults ?? SHARDS_MAX, SHARDS_MAX));
    const after = given.at(-1)?.shardId ?? '';
    return {
      Shards: given.map(toShard),
      ...(given.length < left.length ? { NextToken: await sealPage(context, 'ListShards', { ...page, after }) } : {}),
    };
  };
}

async function begin(context: Context, call: Call, input: ListShardsInput): Promise<{ page: Page; stream: Stream }> {
  const { NextToken, StreamName, StreamARN, ExclusiveStartShardId, StreamCreationTimestamp, ShardFilter } = input;
  if (NextToken === undefined) {
    if (StreamName === undefined && StreamARN === undefined) {
      throw invalidArgument('Either NextToken or StreamName should be provided.');
    }
    const filter = ShardFilter === undefined ? null : readFilter(ShardFilter);
    const stream = demandStream(context, call, input);
    checkCreation(stream, call, StreamCreationTimestamp);
    const after = ShardFilter?.Type === 'AFTER_SHARD_ID' ? ShardFilter.ShardId : ExclusiveStartShardId;
    const shardId = after === undefined ? '' : (readShardId(after) ?? after);
    return {
      page: { stream: stream.name, incarnation: stream.description.incarnation, after: shardId, filter },
      stream,
    };
  }
  const excluded = { StreamName, StreamARN, ExclusiveStartShardId, StreamCreationTimestamp, ShardFilter };
  for (const [name, value] of Object.entries(excluded)) {
    if (value !== undefined) throw invalidArgument(`NextToken and ${name} cannot be provided together.`);
  }
  const page = await openPage<Page>(context, 'ListShards', NextToken);
  const stream = demandStream(context, call, { StreamName: page.stream, StreamId: input.StreamId });
  if (stream.description.incarnation !== page.incarnation) throw streamNotFound(page.stream, call.accountId);
  return { page, stream };
}

/** ResourceNotFoundException when the stream is another than the one created then; a second's part does not count. */
export function checkCreation(stream: Stream, call: Call, createdAt: Date | undefined): void {
  if (createdAt === undefined) return;
  const createdS = Math.floor(stream.description.createdUs / 1_000_000);
  if (Math.floor(createdAt.getTime() / 1000) !== createdS) throw streamNotFound(stream.name, call.accountId);
}

function readFilter({ Type, ShardId, Timestamp }: ShardFilter): SerialFilter {
  const type = Type ?? '';
  if (type === 'AFTER_SHARD_ID' ? ShardId === undefined : ShardId !== undefined) {
    throw invalidArgument(
      type === 'AFTER_SHARD_ID'
        ? 'ShardId must be specified in the ShardFilter of type AFTER_SHARD_ID.'
        : `ShardId cannot be specified in the ShardFilter of type ${type}.`,
    );
  }
  const timed = type === 'AT_TIMESTAMP' || type === 'FROM_TIMESTAMP';
  if (timed ? Timestamp === undefined : Timestamp !== undefined) {
    throw invalidArgument(
      timed
        ? `Timestamp must be specified in the ShardFilter of type ${type}.`
        : `Timestamp cannot be specified in the ShardFilter of type ${type}.`,
    );
  }
  return { type, ...(Timestamp === undefined ? {} : { timestampMs: Timestamp.getTime() }) };
}

/**
 * The shards that a filter lets through. Times are compared in milliseconds, as clients have them, and a shard counts
 * as open from its creation until just before its children's, so that at any time every hash key is in one shard.
 */
function filtered(
  context: Context,
  stream: Stream,
  shards: readonly ShardDetails[],
  filter: SerialFilter | null,
): readonly ShardDetails[] {
  const horizonMs = Math.floor(trimHorizonUs(context, stream) / 1000);
  const fromMs = Math.max(filter?.timestampMs ?? horizonMs, horizonMs);
  const endedBy = ({ closedUs }: ShardDetails): boolean => closedUs !== null && Math.floor(closedUs / 1000) <= fromMs;
  switch (filter?.type) {
    case 'AT_LATEST':
      return shards.filter((shard) => !shard.closed);
    case 'AT_TRIM_HORIZON':
    case 'AT_TIMESTAMP':
      return shards.filter((shard) => Math.floor(shard.createdUs / 1000) <= fromMs && !endedBy(shard));
    case 'FROM_TIMESTAMP':
      return shards.filter(({ closedUs }) => closedUs === null || Math.floor(closedUs / 1000) >= fromMs);
    default:
      return shards;
  }
}
