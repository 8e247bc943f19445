import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import kafkajs, { type Assigner, type Cluster, type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { ConfigError, messageOf } from '../../../core/index.ts';
import type { KafkaLogOptions, KafkaSasl } from './options.ts';

/** Beyond this a broker that does not answer counts as away, ms; a produce waits as long for its replicas. */
export const REQUEST_MS = 30_000;
/** kafkajs's own attempts: few, for everything is tried again from scratch around them. */
const RETRY = { retries: 1, initialRetryTime: 50, maxRetryTime: 200 };

/** kafkajs with what the options say, silent: whatever fails is told by an error. */
export function createClient(options: KafkaLogOptions): Kafka {
  const { brokers, clientId = 'beagle', tls, sasl } = options;
  const config: KafkaConfig = {
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
  return new kafkajs.Kafka(config);
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
export function createCluster(kafka: Kafka): Cluster {
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
