import type { _Record as NativeRecord } from '@aws-sdk/client-kinesis';
import type { LogRecord } from '../../log.ts';
import { arrivalMsOf, expand } from './expand.ts';
import { isOfFuture } from './floor.ts';
import { createPollSource, type Place, type RawStart, type SourceDeps } from './source.ts';

/** The first look goes this far back from now; each further one ten times as far, and the last to the beginning. */
const LOOK_BACK_MS = 1000;
const LOOKS_MAX = 8;
const LOOK_FACTOR = 10;
const PAGE_RECORDS_MAX = 10_000;
const PAGES_MAX = 1_000_000;

/** The ends of shards: Kinesis has no call that tells them. */
export interface Tips {
  /** The first record that the shard still holds; null when it holds none. */
  first(place: Place): Promise<LogRecord | null>;
  /** The last one that is there now; null when there is none. */
  last(place: Place): Promise<LogRecord | null>;
  /** A record that was read on the way: the last one lies there or behind it. */
  saw(place: Place, record: NativeRecord): void;
  forget(stream: string): void;
}

const nameOf = ({ stream, shard }: Place): string => `${stream}/${shard.shardId}`;

export function createTips(deps: SourceDeps, foreignApp: string, nowMs: () => number): Tips {
  const seen = new Map<string, NativeRecord>();
  const expandIn = (place: Place, native: NativeRecord) =>
    expand(native, place.shard, foreignApp, arrivalMsOf(native) * 1000);

  /** The last record of Kinesis from `start` on that holds one for this shard. */
  const lastFrom = async (place: Place, start: RawStart): Promise<NativeRecord | null> => {
    const source = createPollSource(deps, place, start);
    let last: NativeRecord | null = null;
    for (let i = 0; i < PAGES_MAX; i++) {
      const page = await source.next(PAGE_RECORDS_MAX);
      last = page.records.findLast((native) => expandIn(place, native).length > 0) ?? last;
      if (page.ended || page.behindMs === 0) break;
    }
    return last;
  };
  /** From near to far, so that of a busy shard little is read; a record seen before bounds the way. */
  const starts = function* (place: Place): Generator<RawStart> {
    const known = seen.get(nameOf(place));
    let backMs = LOOK_BACK_MS;
    for (let i = 0; i < LOOKS_MAX; i++, backMs *= LOOK_FACTOR) {
      const timestampMs = nowMs() - backMs;
      if (known?.SequenceNumber !== undefined && timestampMs <= arrivalMsOf(known)) {
        yield { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: known.SequenceNumber };
        break;
      }
      yield { type: 'AT_TIMESTAMP', timestampMs };
    }
    yield { type: 'TRIM_HORIZON' };
  };

  return {
    async first(place) {
      const source = createPollSource(deps, place, { type: 'TRIM_HORIZON' });
      for (let i = 0; i < PAGES_MAX; i++) {
        const page = await source.next(1);
        const first = page.records.flatMap((native) => expandIn(place, native))[0];
        if (first !== undefined) return first;
        if (page.ended || (page.records.length === 0 && page.behindMs === 0)) return null;
      }
      return null;
    },
    async last(place) {
      for (const start of starts(place)) {
        const native = await lastFrom(place, start).catch((error: unknown) => {
          if (start.type === 'AT_TIMESTAMP' && isOfFuture(error)) return null;
          throw error;
        });
        if (native === null) continue;
        seen.set(nameOf(place), native);
        return expandIn(place, native).at(-1) ?? null;
      }
      return null;
    },
    saw(place, record) {
      const known = seen.get(nameOf(place));
      if (known === undefined || arrivalMsOf(known) <= arrivalMsOf(record)) seen.set(nameOf(place), record);
    },
    forget(stream) {
      for (const name of seen.keys()) if (name.startsWith(`${stream}/`)) seen.delete(name);
    },
  };
}
