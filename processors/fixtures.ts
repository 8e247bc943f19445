/** For tests: an app whose native events are OCSF already, and a shard to feed them to. */
import { z } from 'zod';
import { CLASS, defineSource, type IdentityEvent, type MappedEvent, type Place, type Source } from '../core/index.ts';
import type { Codec, Store } from '../lake/index.ts';
import type { LogRecord } from '../log/index.ts';
import type { Manifest } from './manifest.ts';
import { createProcess, type Outcome } from './process.ts';
import { createShardState, type ShardState } from './state.ts';
import type { PlaceOf } from './steps/index.ts';

export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 60 * MINUTE_US;
export const DAY_US = 24 * HOUR_US;
/** A Tuesday at 10:00 UTC. */
export const START_US = Date.UTC(2026, 1, 3, 10) * 1000;

export const NOWHERE: Place = {
  src_country: null,
  src_city: null,
  src_lat: null,
  src_lon: null,
  src_asn: null,
  src_as_org: null,
  is_anonymizer: null,
};

/** What the native events of `plain` leave out. */
const DEFAULTS: MappedEvent = {
  native_uid: null,
  time: null,
  class_uid: CLASS.apiActivity,
  activity_id: 1,
  severity_id: 1,
  status: 'success',
  status_detail: null,
  action: 'read',
  actor_uid: 'u1',
  actor_email: null,
  actor_type: 'user',
  target_uid: null,
  target_type: null,
  target_name: null,
  src_ip: null,
  device_uid: null,
  device_os: null,
  device_managed: null,
  user_agent: null,
  session_uid: null,
  mfa: null,
  auth_protocol: null,
  is_privileged: false,
  changes_mfa: false,
  sensitivity: 1,
};

const plainSchema = z.looseObject({ time: z.number().nullish(), action: z.string().optional() });

/** `action: 'fail'` cannot be mapped. */
export const PLAIN: Source = defineSource<z.infer<typeof plainSchema>>({
  app: 'plain',
  title: 'Plain',
  mapperVersion: 7,
  reads: Object.keys(DEFAULTS).map((name) => `/${name}`),
  schema: plainSchema,
  nativeId: (native) => (native as Partial<MappedEvent>).native_uid ?? null,
  actor: () => null,
  map(native) {
    if (native.action === 'fail') throw new Error('this cannot\n be mapped');
    return { ...DEFAULTS, ...(native as Partial<MappedEvent>) };
  },
});

export const SHARD = 'events@abcdefghijkl/shardId-000000000000';

export interface Feed {
  readonly key?: string;
  /** µs; the event's own time when absent, and never before the record before. */
  readonly arrivalUs?: number;
}

/** One shard and its state, fed with records one by one. */
export function createTrial(placeOf: PlaceOf = () => NOWHERE, state: ShardState = createShardState()) {
  const process = createProcess({ sources: new Map([['plain', PLAIN]]), placeOf });
  let count = 0;
  let arrivedUs = 0;
  const put = (app: string, data: Uint8Array, { key = 'person:p1', arrivalUs }: Feed = {}): Outcome => {
    arrivedUs = Math.max(arrivedUs, arrivalUs ?? arrivedUs);
    const record: LogRecord = { app, source: 's', key, data, position: String(++count), arrivalUs: arrivedUs };
    return process(state, record, SHARD, 5);
  };
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  return {
    state,
    put,
    putJson: (app: string, value: unknown, feed?: Feed) => put(app, json(value), feed),
    /** The row that a native event of `plain` becomes. */
    feed(native: Partial<MappedEvent>, feed: Feed = {}): IdentityEvent {
      const arrivalUs = feed.arrivalUs ?? native.time ?? arrivedUs;
      const outcome = put('plain', json({ native_uid: `n${count}`, ...native }), { ...feed, arrivalUs });
      if (outcome.table !== 'events') throw new Error(`became a row of ${outcome.table}`);
      return outcome.row;
    },
  };
}

/** Parquet's own number of it is 0. */
export const UNCOMPRESSED: Codec = { id: 0, compress: (bytes) => bytes };

/** A store in memory, for what is no table. */
export function createMemoryStore(): Store & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    get: async (key) => objects.get(key) ?? null,
    async getRange(key, offset, length) {
      const bytes = objects.get(key);
      if (bytes === undefined) throw new Error(`[fixtures] there is no ${key}`);
      return bytes.subarray(offset, offset + length);
    },
    async *list(prefix, startAfter = '') {
      for (const key of [...objects.keys()].sort()) {
        const size = objects.get(key)?.byteLength ?? 0;
        if (key.startsWith(prefix) && key > startAfter) yield { key, size, modifiedMs: 0 };
      }
    },
    async putIfAbsent(key, bytes) {
      if (objects.has(key)) return false;
      objects.set(key, bytes);
      return true;
    },
    put: async (key, bytes) => void objects.set(key, bytes),
    delete: async (key) => void objects.delete(key),
    locate: (key) => key,
  };
}

/** A manifest of one record, without files. */
export function manifestOf(n: number, changes: Partial<Manifest> = {}): Manifest {
  return {
    nonce: `nonce-${n}`,
    n,
    after: n === 0 ? null : String(n - 1),
    last: String(n),
    adds: { quarantine: [], redeliveries: [], findings: [], events: [] },
    counts: { records: 1, events: 0, quarantine: 0, redeliveries: 0, findings: 0 },
    clockUs: START_US,
    arrivalUs: START_US,
    policyVersion: 0,
    fingerprint: 'f',
    ...changes,
  };
}
