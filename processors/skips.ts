import { z } from 'zod';
import { eventUid } from '../core/index.ts';
import type { Store } from '../lake/index.ts';
import type { Position } from '../log/index.ts';
import type { Process } from './process.ts';

const skipSchema = z.strictObject({
  /** Why, in words: the `detail` of the row in quarantine. */
  detail: z.string(),
  /** When it was asked for, µs since 1970. */
  notedUs: z.int(),
});
export type Skip = z.infer<typeof skipSchema>;

/** The note on a record, if there is one. */
export type SkipOf = (shard: string, position: Position) => Skip | undefined;

/**
 * Notes on records that must be passed over, since working on them ends the worker: kept for ever beside the manifests,
 * because whoever replays the log must pass over the same ones.
 */
export interface Skips {
  /** True when this call noted it, false when it had been noted before. */
  note(shard: string, position: Position, skip: Skip): Promise<boolean>;
  /** All notes as they are now: a worker that runs already knows nothing of a new one. */
  load(): Promise<SkipOf>;
  /** Notes them in another store as well. */
  copyTo(other: Store): Promise<void>;
}

const FOLDER = 'skips/';
const SUFFIX = '.json';

export function createSkips(store: Store): Skips {
  return {
    note: (shard, position, skip) =>
      store.putIfAbsent(`${FOLDER}${shard}/${position}${SUFFIX}`, Buffer.from(JSON.stringify(skip))),
    async load() {
      const notes = new Map<string, Skip>();
      for await (const { key } of store.list(FOLDER)) {
        const bytes = await store.get(key);
        if (bytes === null) continue;
        notes.set(
          key.slice(FOLDER.length, -SUFFIX.length),
          skipSchema.parse(JSON.parse(Buffer.from(bytes).toString())),
        );
      }
      return (shard, position) => (notes.size === 0 ? undefined : notes.get(`${shard}/${position}`));
    },
    async copyTo(other) {
      for await (const { key } of store.list(FOLDER)) {
        const bytes = await store.get(key);
        if (bytes !== null) await other.putIfAbsent(key, bytes);
      }
    },
  };
}

/**
 * Passes over the records that are noted: each becomes a row of quarantine, its bytes as they came, with the reason
 * `skipped`; it changes no state. Its uid is that of bytes which nobody could parse.
 */
export function passingOver(process: Process, skipOf: SkipOf): Process {
  return (state, record, logShard, ingestedAtUs) => {
    const skip = skipOf(logShard, record.position);
    if (skip === undefined) return process(state, record, logShard, ingestedAtUs);
    const { app, source, data: raw, position } = record;
    return {
      table: 'quarantine',
      row: {
        event_uid: eventUid(app, null, raw),
        log_shard: logShard,
        log_position: position,
        ingested_at: ingestedAtUs,
        app,
        source,
        reason: 'skipped',
        detail: skip.detail,
        raw,
        mapper_version: 0,
      },
    };
  };
}
