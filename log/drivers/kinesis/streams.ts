import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  type Shard as NativeShard,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { ConfigError, ConflictError, RetryableError } from '../../../core/index.ts';
import type { Shard, StreamDescription } from '../../log.ts';
import { createBackOff, isPassing, nameOf, pause, present, repeated, translate } from './failure.ts';

/** What the driver knows of a stream beside its description. */
export interface KnownStream {
  readonly description: StreamDescription;
  readonly arn: string;
  /** Data and key of a record together, bytes. */
  readonly recordBytesMax: number;
  readonly shards: ReadonlyMap<string, Shard>;
}

export interface Streams {
  /** As the service has it now. ConfigError when there is none. */
  describe(stream: string): Promise<KnownStream>;
  /** As it was at most a minute ago. */
  known(stream: string): Promise<KnownStream>;
  /** The shard; asks the service again before it says, by ConfigError, that there is none. */
  shard(stream: string, shardId: string): Promise<{ readonly stream: KnownStream; readonly shard: Shard }>;
  create(stream: string, shards: number): Promise<StreamDescription>;
  delete(stream: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

const KNOWN_FOR_MS = 60_000;
const RECORD_KIB_DEFAULT = 1024;
const REPEAT_FOR_MS = 30_000;
/** AWS takes some ten seconds to make or delete a stream of a few shards. */
const CHANGE_MS_MAX = 300_000;
const LOOK_MS_MIN = 20;
const LOOK_MS_MAX = 1000;

type Repeat = <T>(what: string, run: () => Promise<T>) => Promise<T>;

/** Streams and shards of one region, as the service describes them. */
export function createStreams(client: KinesisClient, onChange: (stream: string) => void): Streams {
  const remembered = new Map<string, { readonly atMs: number; readonly stream: KnownStream }>();
  const backOff = createBackOff();
  const repeat: Repeat = (what, run) => repeated(what, REPEAT_FOR_MS, backOff, run);

  const { summaryOf, lookUp } = createLookUp(client);
  const describe = async (stream: string): Promise<KnownStream> => {
    const found = await repeat(`describe ${stream}`, () => lookUp(stream));
    if (found === null) {
      remembered.delete(stream);
      throw new ConfigError(`[log/kinesis] there is no stream ${JSON.stringify(stream)}; create it first`);
    }
    remembered.set(stream, { atMs: performance.now(), stream: found });
    return found;
  };
  /** Who asks meanwhile waits for the same answer: nobody overtakes another, and the service is asked once. */
  const asking = new Map<string, Promise<KnownStream>>();
  const known = (stream: string): Promise<KnownStream> => {
    const asked = asking.get(stream);
    if (asked !== undefined) return asked;
    const held = remembered.get(stream);
    if (held !== undefined && performance.now() - held.atMs < KNOWN_FOR_MS) return Promise.resolve(held.stream);
    const answer = describe(stream);
    asking.set(stream, answer);
    const drop = () => void asking.delete(stream);
    answer.then(drop, drop);
    return answer;
  };
  const forget = (stream: string) => {
    remembered.delete(stream);
    onChange(stream);
  };

  return {
    describe,
    known,
    async shard(stream, shardId) {
      for (const find of [known, describe]) {
        const found = await find(stream);
        const shard = found.shards.get(shardId);
        if (shard !== undefined) return { stream: found, shard };
      }
      throw new ConfigError(
        `[log/kinesis] stream ${stream} has no shard ${JSON.stringify(shardId)}; describe it for its shards`,
      );
    },
    async create(stream, shards) {
      await repeat(`create ${stream}`, async () => {
        // One that is being deleted goes soon; any other is compared below.
        if ((await summaryOf(stream))?.StreamStatus === 'DELETING') throw passing(`${stream} is being deleted`);
        try {
          await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: shards }));
        } catch (error) {
          if (nameOf(error) !== 'ResourceInUseException') throw error;
        }
      });
      forget(stream);
      await until(repeat, `create ${stream}`, async () => (await summaryOf(stream))?.StreamStatus === 'ACTIVE');
      const { description } = await describe(stream);
      const open = description.shards.filter((shard) => !shard.closed).length;
      if (open === shards) return description;
      throw new ConflictError(
        `[log/kinesis] stream ${stream} is there with ${open} open shards, not ${shards}; use that number or another name`,
      );
    },
    async delete(stream) {
      try {
        await repeatedDelete(client, stream, repeat);
      } finally {
        forget(stream);
      }
      await until(repeat, `delete ${stream}`, async () => (await summaryOf(stream)) === null);
    },
    list: () => listStreams(client, repeat),
  };
}

/** What the service says of a stream; null when it has none. */
function createLookUp(client: KinesisClient) {
  const summaryOf = async (stream: string): Promise<StreamDescriptionSummary | null> => {
    try {
      const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
      return present(answer.StreamDescriptionSummary, 'a summary');
    } catch (error) {
      if (nameOf(error) === 'ResourceNotFoundException') return null;
      throw error;
    }
  };
  const shardsOf = async (stream: string): Promise<Shard[]> => {
    const shards: Shard[] = [];
    let token: string | undefined;
    do {
      const page: { Shards?: NativeShard[] | undefined; NextToken?: string | undefined } = await client.send(
        new ListShardsCommand(token === undefined ? { StreamName: stream } : { NextToken: token }),
      );
      for (const shard of present(page.Shards, 'shards')) shards.push(shardOf(shard));
      token = page.NextToken;
    } while (token !== undefined);
    return shards.sort((a, b) => (a.shardId < b.shardId ? -1 : 1));
  };
  const lookUp = async (stream: string): Promise<KnownStream | null> => {
    const summary = await summaryOf(stream);
    if (summary === null || summary.StreamStatus === 'DELETING') return null;
    const createdMs = summary.StreamCreationTimestamp?.getTime() ?? 0;
    const shards = await shardsOf(stream);
    const description = { stream, incarnation: incarnationOf(createdMs), createdUs: createdMs * 1000, shards };
    const kib = summary.MaxRecordSizeInKiB ?? RECORD_KIB_DEFAULT;
    return {
      description,
      arn: summary.StreamARN ?? '',
      recordBytesMax: kib * 1024,
      shards: new Map(shards.map((shard) => [shard.shardId, shard])),
    };
  };
  return { summaryOf, lookUp };
}

/** Waits until `isThere` says so, looking less and less often. */
async function until(repeat: Repeat, what: string, isThere: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + CHANGE_MS_MAX;
  for (let lookMs = LOOK_MS_MIN; !(await repeat(what, isThere)); lookMs = Math.min(LOOK_MS_MAX, lookMs * 2)) {
    if (performance.now() > deadline)
      throw new RetryableError(`[log/kinesis] could not ${what} within ${CHANGE_MS_MAX / 1000} s; look at its state`);
    await pause(lookMs);
  }
}

async function listStreams(client: KinesisClient, repeat: Repeat): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const after = names.at(-1);
    const page = await repeat('list streams', async () => {
      const answer = await client.send(
        new ListStreamsCommand(after === undefined ? {} : { ExclusiveStartStreamName: after }),
      );
      return { more: answer.HasMoreStreams, found: present(answer.StreamNames, 'names') };
    });
    names.push(...page.found);
    if (page.more !== true || names.at(-1) === after) return names;
  }
}

async function repeatedDelete(client: KinesisClient, stream: string, repeat: Repeat): Promise<void> {
  await repeat(`delete ${stream}`, async () => {
    try {
      await client.send(new DeleteStreamCommand({ StreamName: stream, EnforceConsumerDeletion: true }));
    } catch (error) {
      // Being deleted or gone already: that is what was asked for.
      if (nameOf(error) === 'ResourceNotFoundException') return;
      throw isPassing(error) ? error : translate(error, `delete ${stream}`);
    }
  });
}

function passing(message: string): Error {
  return Object.assign(new Error(message), { name: 'ResourceInUseException' });
}

/** Milliseconds of the creation to the base 36: a stream made anew under a name has a later one. */
function incarnationOf(createdMs: number): string {
  return Math.floor(createdMs).toString(36).padStart(12, '0');
}

function shardOf(shard: NativeShard): Shard {
  return {
    shardId: shard.ShardId ?? '',
    hashKeyRange: { start: shard.HashKeyRange?.StartingHashKey ?? '', end: shard.HashKeyRange?.EndingHashKey ?? '' },
    parents: [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined && id !== null),
    closed: shard.SequenceNumberRange?.EndingSequenceNumber !== undefined,
  };
}
