import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import kafkajs, {
  type Admin,
  type Assigner,
  type Cluster,
  type ISocketFactory,
  type Kafka,
  type KafkaConfig,
  type SASLOptions,
} from 'kafkajs';
import { ConfigError, messageOf } from '../../../core/index.ts';
import type { KafkaLogOptions, KafkaSasl } from './options.ts';

/** Beyond this a broker that does not answer counts as away, ms; a produce waits as long for its replicas. */
export const REQUEST_MS = 30_000;
/** kafkajs's own attempts: few, for everything is tried again from scratch around them. */
const RETRY = { retries: 1, initialRetryTime: 50, maxRetryTime: 200 };

const KEEP_ALIVE_MS = 60_000;
/** A broker that hangs does not hold who wants to be rid of it. */
const DISCONNECT_MS = 2000;

/** Part of kafkajs with sockets of its own. */
export interface Connected<T> {
  readonly client: T;
  /** A socket was closed: kafkajs would open another, and two when two requests come, one of which it forgets. */
  isBroken(): boolean;
  /** Finishes what is under way and closes all sockets; never rejects. */
  end(): Promise<void>;
}

export interface Client {
  cluster(): Promise<Connected<Cluster>>;
  admin(): Promise<Connected<Admin>>;
}

/** Connects as the options say. ConfigError when a file of certificates cannot be read. */
export function createClient(options: KafkaLogOptions): Client {
  const config = configOf(options);
  const open = async <T extends { connect(): Promise<void>; disconnect(): Promise<void> }>(
    make: (kafka: Kafka) => T,
  ) => {
    const sockets = trackSockets();
    const client = make(new kafkajs.Kafka({ ...config, socketFactory: sockets.factory }));
    const connected = {
      client,
      isBroken: sockets.isBroken,
      async end() {
        const late = new Promise<void>((resolve) => setTimeout(resolve, DISCONNECT_MS).unref());
        await Promise.race([client.disconnect().catch(() => {}), late]);
        sockets.destroy();
      },
    };
    await client.connect().catch(async (error: unknown) => {
      await connected.end();
      throw error;
    });
    return connected;
  };
  return { cluster: () => open(createCluster), admin: () => open((kafka) => kafka.admin()) };
}

function trackSockets() {
  const sockets = new Set<Socket>();
  let isBroken = false;
  const factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = ssl
      ? connectTls({ host, port, ...servername, ...ssl }, onConnect)
      : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    sockets.add(socket);
    socket.once('close', () => {
      isBroken = true;
      sockets.delete(socket);
    });
    return socket;
  };
  return {
    factory,
    isBroken: () => isBroken,
    destroy() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** kafkajs's configuration, silent: whatever fails is told by an error. */
function configOf(options: KafkaLogOptions): KafkaConfig {
  const { brokers, clientId = 'beagle', tls, sasl } = options;
  return {
    brokers: [...brokers],
    clientId,
    connectionTimeout: 5000,
    authenticationTimeout: 10_000,
    requestTimeout: REQUEST_MS,
    retry: RETRY,
    logLevel: kafkajs.logLevel.NOTHING,
    ...(tls === undefined || tls === false ? {} : { ssl: tls === true ? true : certificates(tls) }),
    ...(sasl === undefined ? {} : { sasl: saslOf(sasl) }),
  };
}

function certificates(tls: Exclude<KafkaLogOptions['tls'], boolean | undefined>): ConnectionOptions {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw new ConfigError(`[log/kafka] cannot read ${path}: ${messageOf(error)}; name a readable PEM file`);
    }
  };
  return {
    ...(tls.caFile === undefined ? {} : { ca: read(tls.caFile) }),
    ...(tls.certFile === undefined ? {} : { cert: read(tls.certFile) }),
    ...(tls.keyFile === undefined ? {} : { key: read(tls.keyFile) }),
  };
}

function saslOf(sasl: KafkaSasl): SASLOptions {
  if (sasl.mechanism !== 'oauthbearer') return sasl as SASLOptions;
  // Asked for at each authentication: a file may hold a new token by then.
  const oauthBearerProvider = async () => ({
    value: 'token' in sasl ? sasl.token : (await readFile(sasl.tokenFile, 'utf8')).trim(),
  });
  return { mechanism: 'oauthbearer', oauthBearerProvider };
}

/**
 * A connection of its own to the cluster, below kafkajs's consumer and producer. Those two cannot serve a log that
 * is read at given positions: the consumer joins a group and is rebalanced; the producer forgets partitions, or
 * sends them twice, when a leader moves while one call goes to several brokers, and after a failed request it gives
 * the same sequence numbers to the next one, which the broker then takes for the first. kafkajs hands `Cluster`,
 * with its brokers' requests, to whoever writes an assigner of partitions: this assigner keeps it and never assigns.
 */
function createCluster(kafka: Kafka): Cluster {
  let captured: Cluster | undefined;
  const keep = ({ cluster }: { readonly cluster: Cluster }): Assigner => {
    captured = cluster;
    return { name: 'none', version: 0, assign: async () => [], protocol: () => ({ name: 'none', metadata: NOTHING }) };
  };
  kafka.consumer({ groupId: 'beagle-none', partitionAssigners: [keep], allowAutoTopicCreation: false, retry: RETRY });
  if (captured === undefined)
    throw new Error('[log/kafka] kafkajs does not hand over its cluster; install version 2.2.4');
  return captured;
}

const NOTHING = Buffer.alloc(0);
