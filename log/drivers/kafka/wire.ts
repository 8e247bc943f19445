import type { Broker, CompressionTypes, IHeaders, Message } from 'kafkajs';

/** A record as a fetch gives it, with the batch that it came in. Numbers of 64 bits are decimal text. */
export interface FetchedMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  /** Written by Kafka itself: the end of a transaction. */
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  /** What is committed ends here. */
  readonly lastStableOffset: string;
  readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[];
  readonly messages: readonly FetchedMessage[];
}

export interface ProducedPartition {
  readonly partition: number;
  readonly baseOffset: string;
  /** ms since 1970; -1 where the topic keeps the writer's time. */
  readonly logAppendTime: string;
}

export interface Produce {
  readonly topicData: {
    readonly topic: string;
    readonly partitions: {
      readonly partition: number;
      readonly firstSequence: number;
      readonly messages: Message[];
    }[];
  }[];
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly acks: -1;
  readonly timeout: number;
  readonly compression: CompressionTypes;
}

/** Requests of one broker: kafkajs 2.2.4 leaves two of them out of its types, and gives the answers as `any`. */
export interface Wire {
  fetch(request: Parameters<Broker['fetch']>[0]): Promise<{
    readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
  }>;
  produce(request: Produce): Promise<{
    readonly topics: readonly { readonly topicName: string; readonly partitions: readonly ProducedPartition[] }[];
  }>;
  initProducerId(request: { readonly transactionTimeout: number }): Promise<{
    readonly producerId: string;
    readonly producerEpoch: number;
  }>;
  deleteRecords(request: {
    readonly topics: { readonly topic: string; readonly partitions: { partition: number; offset: string }[] }[];
  }): Promise<unknown>;
}

const wires = new WeakMap<Broker, Wire>();

/**
 * Goes round kafkajs's types, not its methods: all four are public in its source. The first fetch goes alone: kafkajs
 * opens the connection for fetches with it, and would open two for two.
 */
export function wireOf(broker: Broker): Wire {
  const known = wires.get(broker);
  if (known !== undefined) return known;
  const raw = broker as unknown as Wire;
  let first: Promise<unknown> | null = null;
  const wire: Wire = {
    produce: (request) => raw.produce(request),
    initProducerId: (request) => raw.initProducerId(request),
    deleteRecords: (request) => raw.deleteRecords(request),
    async fetch(request) {
      if (first !== null) {
        await first;
        return raw.fetch(request);
      }
      const answer = raw.fetch(request);
      first = answer.catch(() => {});
      return answer;
    },
  };
  wires.set(broker, wire);
  return wire;
}
