import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Cluster, Kafka, PartitionMetadata } from 'kafkajs';
import { ConfigError, messageOf, RetryableError } from '../../../core/index.ts';
import { createCluster } from './client.ts';
import { faultOf, finalError } from './faults.ts';
import { type Wire, wireOf } from './wire.ts';

const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 2000;
/** Most connections that wait for records at a time; more waiters look again and again instead. */
const POLLERS_MAX = 256;
/** Kafka's names of faults that the caller deals with. */
export type Passed = ReadonlySet<string>;
const NONE: Passed = new Set();

export interface Attempts {
  /** For the error message. */
  readonly what: string;
  /** Faults that are thrown as they are. */
  readonly passed?: Passed;
  /** ms since 1970 when to give up; by default the log's patience from now. */
  readonly deadlineMs?: number;
  /** Told of each failure that is going to be tried again. */
  readonly onFailure?: (fault: string) => void;
  /** No second attempt after this. */
  readonly signal?: AbortSignal;
}

export interface Channels {
  /**
   * Runs a request on the leader of a partition, again and again with growing pauses while brokers are away or
   * leaders move. AuthError and ConfigError at once where no attempt can succeed, RetryableError at the deadline.
   */
  onLeader<T>(topic: string, partition: number, attempts: Attempts, run: (wire: Wire) => Promise<T>): Promise<T>;
  /** As `onLeader`, over a connection that nobody else uses meanwhile: a broker answers one fetch after another. Null when all are in use. */
  polling<T>(topic: string, partition: number, attempts: Attempts, run: (wire: Wire) => Promise<T>): Promise<T> | null;
  /** The cluster itself: any request that needs its view of the topic. */
  onCluster<T>(topic: string, attempts: Attempts, run: (cluster: Cluster) => Promise<T>): Promise<T>;
  onAdmin<T>(attempts: Attempts, run: (admin: Admin) => Promise<T>): Promise<T>;
  /** The leader as far as is known; throws what kafkajs throws. */
  leader(topic: string, partition: number): Promise<Wire>;
  /** As far as is known; throws what kafkajs throws. */
  partitions(topic: string): Promise<readonly PartitionMetadata[]>;
  /** Forgets a topic's connections: the next request makes new ones. */
  drop(topic: string): void;
  close(): Promise<void>;
}

/**
 * Connections to the cluster. What fails is thrown away with its connection and its view of the cluster, and made
 * anew: one way for a broker that restarts, a leader that moves and a topic that is gone. Each topic has its own,
 * for kafkajs refreshes all topics of a connection together, and one that is deleted would fail the others.
 */
export function createChannels(kafka: Kafka, patienceMs: number): Channels {
  const clusters = new Map<string, Promise<Cluster>>();
  const idle = new Map<string, Promise<Cluster>[]>();
  const ending = new Set<Promise<unknown>>();
  let admin: Promise<Admin> | null = null;
  let polls = 0;

  const end = (open: Promise<{ disconnect(): Promise<void> }>) => {
    const gone: Promise<unknown> = open
      .then((connected) => connected.disconnect())
      .catch(() => {})
      .finally(() => ending.delete(gone));
    ending.add(gone);
  };
  const connect = async (topic: string): Promise<Cluster> => {
    const cluster = createCluster(kafka);
    try {
      await cluster.connect();
      await cluster.addMultipleTargetTopics([topic]);
      return cluster;
    } catch (error) {
      end(Promise.resolve(cluster));
      throw error;
    }
  };
  const shared = (topic: string): Promise<Cluster> => {
    const known = clusters.get(topic);
    if (known !== undefined) return known;
    const opened = connect(topic);
    clusters.set(topic, opened);
    opened.catch(() => clusters.get(topic) === opened && clusters.delete(topic));
    return opened;
  };
  const discard = (topic: string, broken: Promise<Cluster>) => {
    if (clusters.get(topic) === broken) clusters.delete(topic);
    end(broken);
  };
  const leaderOf = async (open: Promise<Cluster>, topic: string, partition: number): Promise<Wire> => {
    const cluster = await open;
    const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
    if (nodeId === undefined || Number(nodeId) < 0)
      throw Object.assign(new Error('there is no leader'), { type: 'LEADER_NOT_AVAILABLE' });
    return wireOf(await cluster.findBroker({ nodeId }));
  };
  const attempt = createAttempts(patienceMs);

  const onCluster: Channels['onCluster'] = (topic, attempts, run) => {
    let open: Promise<Cluster>;
    return attempt(
      attempts,
      async () => {
        open = shared(topic);
        return run(await open);
      },
      () => discard(topic, open),
    );
  };
  return {
    onCluster,
    leader: (topic, partition) => leaderOf(shared(topic), topic, partition),
    partitions: async (topic) => (await shared(topic)).findTopicPartitionMetadata(topic),
    onLeader(topic, partition, attempts, run) {
      return onCluster(topic, attempts, async (cluster) =>
        run(await leaderOf(Promise.resolve(cluster), topic, partition)),
      );
    },
    polling(topic, partition, attempts, run) {
      if (polls >= POLLERS_MAX) return null;
      polls++;
      const pool = idle.get(topic) ?? [];
      idle.set(topic, pool);
      let open = pool.pop();
      return attempt(
        attempts,
        async () => {
          open ??= connect(topic);
          return run(await leaderOf(open, topic, partition));
        },
        () => {
          if (open !== undefined) end(open);
          open = undefined;
        },
      ).finally(() => {
        polls--;
        if (open === undefined) return;
        if (idle.get(topic) === pool) pool.push(open);
        else end(open);
      });
    },
    onAdmin(attempts, run) {
      return attempt(
        attempts,
        async () => {
          admin ??= (async () => {
            const made = kafka.admin();
            await made.connect();
            return made;
          })();
          return run(await admin);
        },
        () => {
          if (admin !== null) end(admin);
          admin = null;
        },
      );
    },
    drop(topic) {
      const known = clusters.get(topic);
      if (known !== undefined) discard(topic, known);
      for (const open of idle.get(topic) ?? []) end(open);
      idle.delete(topic);
    },
    async close() {
      for (const open of clusters.values()) end(open);
      for (const pool of idle.values()) pool.map(end);
      if (admin !== null) end(admin);
      clusters.clear();
      idle.clear();
      admin = null;
      await Promise.all(ending);
    },
  };
}

/** Runs something until it succeeds, cannot succeed, or the time is over; `recover` after each failure. */
function createAttempts(patienceMs: number) {
  return async <T>(
    { what, passed = NONE, deadlineMs = Date.now() + patienceMs, onFailure, signal }: Attempts,
    run: () => Promise<T>,
    recover: () => void,
  ): Promise<T> => {
    for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      try {
        return await run();
      } catch (error) {
        const fault = faultOf(error);
        if (passed.has(fault)) throw error;
        recover();
        const final = finalError(error, what);
        if (final !== null) throw final;
        onFailure?.(fault);
        if (signal?.aborted === true || Date.now() + pauseMs > deadlineMs) {
          throw new RetryableError(`[log/kafka] ${what}: ${messageOf(error)}; see that the brokers run, and try again`);
        }
        await sleep(pauseMs, undefined, { ...(signal === undefined ? {} : { signal }) }).catch(() => {});
      }
    }
  };
}

export function closedError(): ConfigError {
  return new ConfigError('[log/kafka] the log is closed; open it again');
}
