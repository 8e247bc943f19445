/** What the endpoint keeps about a stream beside what the log knows: one JSON document that dies with the stream. */
export interface StreamDocument {
  /** Passing states end by themselves. */
  readonly status?: { readonly state: 'CREATING' | 'UPDATING' | 'DELETING'; readonly untilMs: number };
  /** PROVISIONED when it is not there. */
  readonly mode?: 'PROVISIONED' | 'ON_DEMAND';
  /** Times of changes within the last 24 hours, ms. */
  readonly modeChangesMs?: readonly number[];
  readonly scalingsMs?: readonly number[];
  /** 1024 when it is not there. */
  readonly maxRecordKiB?: number;
  readonly tags?: Readonly<Record<string, string>>;
  /** Names of the shard-level metrics asked for. */
  readonly metrics?: readonly string[];
  /** The key that encryption was started with; the log itself does not encrypt. */
  readonly encryptionKeyId?: string;
  readonly policy?: string;
  readonly consumers?: readonly StoredConsumer[];
}

export interface StoredConsumer {
  readonly name: string;
  readonly createdMs: number;
  readonly status?: { readonly state: 'CREATING' | 'DELETING'; readonly untilMs: number };
  readonly tags?: Readonly<Record<string, string>>;
  readonly policy?: string;
}

export const RECORD_KIB_DEFAULT = 1024;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const RETENTION_HOURS_DEFAULT = 24;
/** What is told of a stream that keeps everything: the service's longest. */
export const RETENTION_HOURS_MAX = 8760;
