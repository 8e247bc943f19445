import { z } from 'zod';
import { EVENTS, FINDINGS, QUARANTINE, REDELIVERIES, type Store, type TableDefinition } from '../lake/index.ts';

/** The tables that a batch writes to, in the order of their commits: `events` last says how far the lake is. */
export const BATCH_TABLES = ['quarantine', 'redeliveries', 'findings', 'events'] as const;
export type BatchTable = (typeof BATCH_TABLES)[number];

export const BATCH_DEFINITIONS: Readonly<Record<BatchTable, TableDefinition>> = {
  quarantine: QUARANTINE,
  redeliveries: REDELIVERIES,
  findings: FINDINGS,
  events: EVENTS,
};

const addSchema = z.object({
  path: z.string(),
  partitionValues: z.record(z.string(), z.string().nullable()),
  size: z.int(),
  modificationTime: z.int(),
  dataChange: z.boolean(),
  stats: z.exactOptional(z.string()),
});

const count = z.int().min(0);

/**
 * What one batch of one shard is, for good: written once, put if absent. Only files that a manifest names are
 * ever committed.
 */
export const manifestSchema = z.strictObject({
  /** Tells one attempt at this batch from another. */
  nonce: z.string(),
  n: count,
  /** The last position of the batch before (null: none), and of this one. */
  after: z.string().nullable(),
  last: z.string(),
  adds: z.record(z.enum(BATCH_TABLES), z.array(addSchema)),
  counts: z.strictObject({ records: count, events: count, quarantine: count, redeliveries: count, findings: count }),
  /** The shard's clock behind the batch, and the newest arrival in it, µs. */
  clockUs: count,
  arrivalUs: count,
  /** The highest policy version that the shard knows of. */
  policyVersion: count,
  /** Of code and configuration. */
  fingerprint: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** One shard of one life of a stream. */
export interface ShardRef {
  readonly stream: string;
  readonly incarnation: string;
  readonly shardId: string;
}

/** `<stream>@<incarnation>/<shard>`: names a shard's batches, its rows and its transactions. */
export function shardName({ stream, incarnation, shardId }: ShardRef): string {
  return `${stream}@${incarnation}/${shardId}`;
}

/** The end of a closed shard, all of whose batches have their manifests and whose last snapshot is written. */
export const finalSchema = z.strictObject({
  /** Number and end of the last manifest; −1 and null when the shard never held a record. */
  n: z.int().min(-1),
  last: z.string().nullable(),
});
export type Final = z.infer<typeof finalSchema>;

/** Records that the log forgot before they were processed. */
export interface Gap {
  readonly shard: string;
  /** The last position that was processed, and the first one that is left. */
  readonly after: string;
  readonly earliest: string;
  /** How many records there may have been at most; null where positions do not tell. */
  readonly recordsMax: number | null;
}

const DIGITS = 12;
const finalKey = (shard: string) => `finals/${shard}.json`;
const folder = (shard: string) => `batches/${shard}/`;
const keyOf = (shard: string, n: number) => `${folder(shard)}${String(n).padStart(DIGITS, '0')}.json`;

const numberOf = (shard: string, key: string) => Number(key.slice(folder(shard).length, -'.json'.length));

export interface Manifests {
  /**
   * Puts the manifest if its number is free; true when it is this attempt's that stands there. A put whose
   * answer was lost is settled by reading: my nonce means that I won.
   */
  put(shard: string, manifest: Manifest): Promise<boolean>;
  /** The manifest with this number; null when there is none. */
  read(shard: string, n: number): Promise<Manifest | null>;
  /** The manifest with the highest number; null when the shard has none. */
  newest(shard: string): Promise<Manifest | null>;
  /** Manifests with numbers above `n`, ascending and without a gap, at most `max`. Throws when one is missing. */
  behind(shard: string, n: number, max: number): Promise<Manifest[]>;
  /** Notes that a closed shard is worked to its end; again does nothing. */
  finish(shard: string, final: Final): Promise<void>;
  /** What was noted; null while the shard is not at its end. */
  final(shard: string): Promise<Final | null>;
  /** Notes what the log has forgotten; again does nothing. */
  noteGap(gap: Gap): Promise<void>;
  /** Deletes those with numbers below `n` that were written before `beforeMs` (ms since 1970). */
  sweep(shard: string, n: number, beforeMs: number): Promise<void>;
}

/** Manifests in a store. */
export function createManifests(store: Store): Manifests {
  const read = async (shard: string, n: number): Promise<Manifest | null> => {
    const bytes = await store.get(keyOf(shard, n));
    return bytes === null ? null : manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  };
  /** That the next one is not there yet, rather than gone: then one behind it is there already. */
  const assertEnd = async (shard: string, n: number) => {
    if ((await read(shard, n + 1)) === null || (await read(shard, n)) !== null) return;
    throw new Error(
      `[processors/manifest] ${shard}: manifest ${n} is missing, ${n + 1} is there; restore ${keyOf(shard, n)} in the state folder`,
    );
  };
  return {
    read,
    async put(shard, manifest) {
      const key = keyOf(shard, manifest.n);
      try {
        if (await store.putIfAbsent(key, Buffer.from(JSON.stringify(manifest)))) return true;
      } catch (error) {
        const standing = await read(shard, manifest.n);
        if (standing === null) throw error;
        return standing.nonce === manifest.nonce;
      }
      return (await read(shard, manifest.n))?.nonce === manifest.nonce;
    },
    async newest(shard) {
      let key: string | null = null;
      for await (const object of store.list(folder(shard))) key = object.key;
      return key === null ? null : read(shard, numberOf(shard, key));
    },
    async finish(shard, final) {
      await store.putIfAbsent(finalKey(shard), Buffer.from(JSON.stringify(final)));
    },
    async final(shard) {
      const bytes = await store.get(finalKey(shard));
      return bytes === null ? null : finalSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    },
    async noteGap(gap) {
      await store.putIfAbsent(`gaps/${gap.shard}/${gap.after}.json`, Buffer.from(JSON.stringify(gap)));
    },
    async sweep(shard, n, beforeMs) {
      for await (const { key, modifiedMs } of store.list(folder(shard))) {
        if (numberOf(shard, key) >= n || modifiedMs >= beforeMs) return;
        await store.delete(key);
      }
    },
    async behind(shard, n, max) {
      const found: Manifest[] = [];
      for (let next = n + 1; found.length < max; next++) {
        const manifest = await read(shard, next);
        if (manifest === null) {
          await assertEnd(shard, next);
          break;
        }
        found.push(manifest);
      }
      return found;
    },
  };
}
