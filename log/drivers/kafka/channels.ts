import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Cluster, PartitionMetadata } from 'kafkajs';
import { ConfigError, messageOf, RetryableError } from '../../../core/index.ts';
import type { Client, Connected } from './client.ts';
import { faultOf, finalError } from './faults.ts';
import { type Wire, wireOf } from './wire.ts';

const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 2000;
/** Most connections that wait for records at a time; more waiters look again and again instead. */
const POLLERS_MAX = 256;
/** A broker that has just started may not know a topic yet; one that is gone for so long is gone, ms. */
const MISSING_MS = 30_000;
/** Kafka's names of faults that the caller deals with. */
export type Passed = ReadonlySet<string>;
const NONE: Passed = new Set();
const REMEDY = 'see that the brokers run, and try again';

export interface Attempts {
  /** For the error message. */
  readonly what: string;
  /** Faults that are thrown as they are. */
  readonly passed?: Passed;
  /** ms since 1970 when to give up; by default the log's patience from now. */
  readonly deadlineMs?: number;
  /** For the error message at the deadline. */
  readonly remedy?: string;
  /** Told of each failure that is going to be tried again. */
  readonly onFailure?: (fault: string) => void;
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
export function createChannels(client: Client, patienceMs: number): Channels {
  const ends = createEnds();
  const attempt = createAttempts(patienceMs);
  let isClosed = false;
  /** What goes on after the end, a read or a watch, must not connect again: nobody would close that. */
  const unlessClosed = async <T>(connect: () => Promise<T>): Promise<T> => {
    if (isClosed) throw closedError();
    return connect();
  };
  const admin = createHolder(() => unlessClosed(client.admin), ends.add);
  const holders = new Map<string, Holder<Cluster>>();
  const pollers = new Map<string, Holder<Cluster>[]>();
  let polls = 0;

  const holderFor = (topic: string) =>
    createHolder(async () => {
      const connected = await unlessClosed(client.cluster);
      await connected.client.addMultipleTargetTopics([topic]).catch((error: unknown) => {
        ends.add(connected);
        throw error;
      });
      return connected;
    }, ends.add);
  const shared = (topic: string): Holder<Cluster> => {
    const holder = holders.get(topic) ?? holderFor(topic);
    holders.set(topic, holder);
    return holder;
  };
  return {
    onCluster: (topic, attempts, run) => attempt(attempts, shared(topic), run),
    onLeader: (topic, partition, attempts, run) =>
      attempt(attempts, shared(topic), async (cluster) => run(await leaderOf(cluster, topic, partition))),
    leader: async (topic, partition) => leaderOf((await shared(topic).get()).client, topic, partition),
    partitions: async (topic) => (await shared(topic).get()).client.findTopicPartitionMetadata(topic),
    polling(topic, partition, attempts, run) {
      if (polls >= POLLERS_MAX) return null;
      polls++;
      const pool = pollers.get(topic) ?? [];
      pollers.set(topic, pool);
      const poller = pool.pop() ?? holderFor(topic);
      return attempt(attempts, poller, async (cluster) => run(await leaderOf(cluster, topic, partition))).finally(
        () => {
          polls--;
          if (pollers.get(topic) === pool) pool.push(poller);
          else poller.drop();
        },
      );
    },
    onAdmin: (attempts, run) => attempt(attempts, admin, run),
    drop(topic) {
      for (const holder of [holders.get(topic), ...(pollers.get(topic) ?? [])]) holder?.drop();
      holders.delete(topic);
      pollers.delete(topic);
    },
    async close() {
      isClosed = true;
      for (const topic of [...holders.keys(), ...pollers.keys()]) this.drop(topic);
      admin.drop();
      await ends.settled();
    },
  };
}

async function leaderOf(cluster: Cluster, topic: string, partition: number): Promise<Wire> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined || Number(nodeId) < 0)
    throw Object.assign(new Error('there is no leader'), { type: 'LEADER_NOT_AVAILABLE' });
  return wireOf(await cluster.findBroker({ nodeId }));
}

/** One connection at a time, made when it is needed and again when it is broken. */
interface Holder<T> {
  get(): Promise<Connected<T>>;
  /** Ends the current connection, or only if it is this one. */
  drop(only?: Connected<T>): void;
}

function createHolder<T>(connect: () => Promise<Connected<T>>, end: (connected: Connected<T>) => void): Holder<T> {
  let current: Promise<Connected<T>> | null = null;
  let connected: Connected<T> | null = null;
  const holder: Holder<T> = {
    get() {
      if (connected?.isBroken() === true) holder.drop(connected);
      if (current !== null) return current;
      const opening = connect().then(
        (opened) => {
          if (current === opening) connected = opened;
          return opened;
        },
        (error: unknown) => {
          if (current === opening) current = null;
          throw error;
        },
      );
      current = opening;
      return opening;
    },
    drop(only) {
      if (current === null || (only !== undefined && only !== connected)) return;
      current.then(end, () => {});
      current = null;
      connected = null;
    },
  };
  return holder;
}

/** Connections that are being closed. */
function createEnds() {
  const ending = new Set<Promise<void>>();
  return {
    add(connected: Connected<unknown>): void {
      const gone = connected.end().finally(() => ending.delete(gone));
      ending.add(gone);
    },
    async settled(): Promise<void> {
      // What is being dropped is added a turn later.
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all(ending);
    },
  };
}

/** Runs something until it succeeds, cannot succeed, or the time is over; `recover` after each failure. */
function createAttempts(patienceMs: number) {
  return async <C, T>(
    { what, passed = NONE, deadlineMs = Date.now() + patienceMs, remedy = REMEDY, onFailure }: Attempts,
    holder: Holder<C>,
    run: (client: C) => Promise<T>,
  ): Promise<T> => {
    const missingMs = Date.now() + MISSING_MS;
    for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      let connected: Connected<C> | undefined;
      try {
        connected = await holder.get();
        return await run(connected.client);
      } catch (error) {
        const fault = faultOf(error);
        if (passed.has(fault)) throw error;
        if (connected !== undefined) holder.drop(connected);
        const final = finalError(error, what);
        if (final !== null) throw final;
        if (fault === 'UNKNOWN_TOPIC_OR_PARTITION' && Date.now() > missingMs)
          throw new ConfigError(`[log/kafka] ${what}: the topic is not there any more; create the stream again`);
        onFailure?.(fault);
        if (Date.now() + pauseMs > deadlineMs) {
          throw new RetryableError(`[log/kafka] ${what}: ${messageOf(error)}; ${remedy}`);
        }
        await sleep(pauseMs);
      }
    }
  };
}

export function closedError(): ConfigError {
  return new ConfigError('[log/kafka] the log is closed; open it again');
}
