import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, createSecureContext } from 'node:tls';
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
import { oauthBearer } from './oauth.ts';
import type { KafkaLogOptions } from './options.ts';

/** Beyond this a broker that does not answer counts as away, ms; a produce waits as long for its replicas. */
export const REQUEST_MS = 30_000;
/** kafkajs's own attempts: few, for everything is tried again from scratch around them. */
const RETRY = { retries: 1, initialRetryTime: 50, maxRetryTime: 200 };

/** A broker that takes a connection and says nothing counts as away, ms. */
const CONNECT_MS = 10_000;
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
  const addresses = options.brokers.map(kafkajsAddress);
  let opened = 0;
  const open = async <T extends { connect(): Promise<void>; disconnect(): Promise<void> }>(
    make: (kafka: Kafka) => T,
  ) => {
    const sockets = trackSockets();
    // kafkajs tries two of them and gives up: each time others are the first.
    const first = opened++ % addresses.length;
    const brokers = [...addresses.slice(first), ...addresses.slice(0, first)];
    const client = make(new kafkajs.Kafka({ ...config, brokers, socketFactory: sockets.factory }));
    const connected = {
      client,
      isBroken: sockets.isBroken,
      async end() {
        const late = new Promise<void>((resolve) => setTimeout(resolve, DISCONNECT_MS).unref());
        await Promise.race([client.disconnect().catch(() => {}), late]);
        sockets.destroy('the connection was given up');
      },
    };
    const silent = setTimeout(() => sockets.destroy(`no answer within ${CONNECT_MS / 1000} s`), CONNECT_MS);
    try {
      await client.connect();
    } catch (error) {
      await connected.end();
      throw error;
    } finally {
      clearTimeout(silent);
    }
    return connected;
  };
  return { cluster: () => open(createCluster), admin: () => open((kafka) => kafka.admin()) };
}

function trackSockets() {
  const sockets = new Set<Socket>();
  let isBroken = false;
  let end: Error | null = null;
  const factory: ISocketFactory = ({ host: given, port, ssl, onConnect }) => {
    if (end !== null) throw end;
    const host = hostOf(given);
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
    /** With an error: kafkajs would wait for answers to what is under way, until their time is over. */
    destroy(why: string) {
      end ??= new Error(why);
      for (const socket of sockets) socket.destroy(end);
    },
  };
}

/** kafkajs takes what stands before the first colon for the host: those of an IPv6 address are hidden from it. */
const kafkajsAddress = (address: string): string =>
  address.replace(/^\[(.*)\]/, (_, host: string) => `[${encodeURIComponent(host)}]`);

const hostOf = (host: string): string => (host.startsWith('[') ? decodeURIComponent(host.slice(1, -1)) : host);

/** kafkajs's configuration, silent: whatever fails is told by an error. */
function configOf(options: KafkaLogOptions): Omit<KafkaConfig, 'brokers'> {
  const { clientId = 'beagle', tls, sasl } = options;
  return {
    clientId,
    connectionTimeout: 5000,
    authenticationTimeout: 10_000,
    requestTimeout: REQUEST_MS,
    retry: RETRY,
    logLevel: kafkajs.logLevel.NOTHING,
    ...(tls === undefined || tls === false ? {} : { ssl: tls === true ? true : certificates(tls) }),
    ...(sasl === undefined
      ? {}
      : { sasl: sasl.mechanism === 'oauthbearer' ? oauthBearer(sasl) : (sasl as SASLOptions) }),
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
  const files = {
    ...(tls.caFile === undefined ? {} : { ca: read(tls.caFile) }),
    ...(tls.certFile === undefined ? {} : { cert: read(tls.certFile) }),
    ...(tls.keyFile === undefined ? {} : { key: read(tls.keyFile) }),
  };
  try {
    createSecureContext(files);
  } catch (error) {
    const names = [tls.caFile, tls.certFile, tls.keyFile].filter((name) => name !== undefined).join(', ');
    throw new ConfigError(
      `[log/kafka] cannot use ${names}: ${messageOf(error)}; name PEM files, the key without a passphrase and that of the certificate`,
    );
  }
  return files;
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
