import { openEmbeddedLog } from '../../drivers/embedded.ts';
import type { EmbeddedLog } from '../../drivers/embedded-log.ts';
import type { Call } from '../operation.ts';
import { createOperations, type OperationName, type OperationOptions } from './index.ts';

export const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/** Calls an operation by name, as the wire would. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads any member of an answer, and sends what no type allows.
export type Client = (name: OperationName, input: object, signal?: AbortSignal) => Promise<any>;

export interface Endpoint {
  readonly log: EmbeddedLog;
  readonly call: Client;
  /** Moves the clock of log and operations on, ms. */
  advance(ms: number): void;
  nowMs(): number;
  /** Another process on the same log would see this. */
  again(options?: OperationOptions): Client;
  close(): Promise<void>;
}

/** The operations over a real log of their own, with a clock that a test moves. */
export async function openEndpoint(options: OperationOptions = {}): Promise<Endpoint> {
  let nowUs = 1_750_000_000_123_456;
  const clock = (): number => nowUs;
  const log = await openEmbeddedLog({ ephemeral: true, clock });
  const connect = (over: OperationOptions = {}): Client => {
    const operations = createOperations(log, { clock, ...options, ...over });
    return (name, input, signal = new AbortController().signal) => {
      const call: Call = { accountId: ACCOUNT, region: REGION, signal };
      return operations[name](input as never, call);
    };
  };
  return {
    log,
    call: connect(),
    advance(ms) {
      nowUs += ms * 1000;
    },
    nowMs: () => Math.floor(nowUs / 1000),
    again: connect,
    close: () => log.close(),
  };
}

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const arnOf = (stream: string): string => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${stream}`;

/** All records of a shard from the horizon on, and the children where it ends. */
export async function drain(call: Client, StreamName: string, ShardId: string) {
  const { ShardIterator } = await call('GetShardIterator', { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  const records: { readonly data: string; readonly key: string; readonly sequenceNumber: string }[] = [];
  let iterator: string | undefined = ShardIterator;
  for (;;) {
    const page = await call('GetRecords', { ShardIterator: iterator });
    for (const record of page.Records) {
      records.push({
        data: Buffer.from(record.Data).toString(),
        key: record.PartitionKey,
        sequenceNumber: record.SequenceNumber,
      });
    }
    iterator = page.NextShardIterator;
    if (iterator === undefined) return { records, children: page.ChildShards };
    if (page.Records.length === 0) return { records, children: null };
  }
}
