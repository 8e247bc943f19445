import { ConfigError } from '../../../core/index.ts';

/** How the broker knows the client. Tokens of OAUTHBEARER come from a file that others renew, or as they are. */
export type KafkaSasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'oauthbearer'; readonly token: string }
  | { readonly mechanism: 'oauthbearer'; readonly tokenFile: string };

/** Paths of PEM files; none: the system's authorities and no client certificate. */
export interface KafkaTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** All of it can be handed to another thread. */
export const PATIENCE_MS = 120_000;

export interface KafkaLogOptions {
  /** `host:port` of some of the cluster's brokers. */
  readonly brokers: readonly string[];
  /** Before the name of each stream, to make its topic's: brokers are shared. Empty by default. */
  readonly topicPrefix?: string;
  readonly tls?: boolean | KafkaTls;
  readonly sasl?: KafkaSasl;
  /** How batches are compressed; zstd by default. What is read may be compressed by either. */
  readonly compression?: 'zstd' | 'gzip' | 'none';
  /** Copies of each partition of a new topic; by default three, or as many as there are brokers. */
  readonly replicationFactor?: number;
  /** How long a new topic keeps its records, ms; by default until they are trimmed. */
  readonly retentionMs?: number;
  /** How long a call goes on while brokers are away, ms; by default PATIENCE_MS. */
  readonly patienceMs?: number;
  /** How Kafka's own logs name this client. */
  readonly clientId?: string;
}

const ADDRESS = /^(?:[^\s,:/@[\]]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/;
const PORT_MAX = 65_535;
const PREFIX = /^[a-zA-Z0-9._-]{0,100}$/;
/** Kafka's own limit of a topic's name is 249; a stream's name takes up to 128. */

function isAddress(address: string): boolean {
  const port = Number(ADDRESS.exec(address)?.[1] ?? 0);
  return port >= 1 && port <= PORT_MAX;
}

/** ConfigError for what cannot be, without showing any secret. */
export function checkOptions({ brokers, topicPrefix = '', sasl, tls }: KafkaLogOptions): void {
  const wrong = brokers.find((address) => !isAddress(address));
  if (brokers.length === 0 || wrong !== undefined) {
    // Whoever writes a URL may have put a password into it.
    throw new ConfigError(
      `[log/kafka] ${wrong === undefined ? 'no broker is' : `${JSON.stringify(wrong.replace(/^.*@/s, '…@'))} cannot be a broker`}; name some as host:port`,
    );
  }
  if (!PREFIX.test(topicPrefix)) {
    throw new ConfigError(
      `[log/kafka] ${JSON.stringify(topicPrefix)} cannot begin a topic's name; use up to 100 letters, digits, '_', '.' or '-'`,
    );
  }
  if (sasl !== undefined && 'username' in sasl && (sasl.username === '' || sasl.password === '')) {
    throw new ConfigError(`[log/kafka] SASL ${sasl.mechanism} needs a user name and a password; give both`);
  }
  if (sasl?.mechanism === 'oauthbearer' && ('token' in sasl ? sasl.token : sasl.tokenFile).trim() === '') {
    throw new ConfigError('[log/kafka] SASL oauthbearer needs a token; give it, or name the file that holds it');
  }
  if (typeof tls === 'object' && (tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    throw new ConfigError('[log/kafka] a client certificate and its key come together; name both files or neither');
  }
}
