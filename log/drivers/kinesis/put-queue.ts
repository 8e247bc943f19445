import type { PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import type { Appended } from '../../log.ts';

/** Records of one PutRecords call, and bytes of their data and keys (Kinesis API Reference, PutRecords). */
const CALL_RECORDS_MAX = 500;
const CALL_BYTES_MAX = 10 * 1024 * 1024;

/** An append under way: it is answered when its last record is. */
export interface PendingAppend {
  readonly answers: Appended[];
  missing: number;
  /** Rejected: what is left of it must not be put any more. */
  dead: boolean;
  readonly resolve: (answers: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A record on its way. */
export interface Item {
  /** What must stay in order: a key, or a shard. */
  readonly lane: string;
  readonly entry: PutRecordsRequestEntry;
  readonly bytes: number;
  readonly append: PendingAppend;
  /** Its place in the append. */
  readonly index: number;
  /** The shard that it must reach; null when the key decides. */
  readonly shardId: string | null;
}

interface Lane {
  readonly items: Item[];
  isBusy: boolean;
}

/**
 * Records that wait to be put, in lanes. Kinesis may refuse any record of a call and take a later one, so a call holds
 * one record of a lane at most, and a lane with a record in flight gives none: what was refused is put again before
 * anything behind it.
 */
export interface PutQueue {
  add(item: Item): void;
  /** The records of the next call: empty when all lanes are busy or empty. */
  take(): Item[];
  /** The lane's record in flight was taken by Kinesis, or nobody wants it any more. */
  done(item: Item): void;
  /** It was not: it goes first again. */
  back(item: Item): void;
}

export function createPutQueue(): PutQueue {
  const lanes = new Map<string, Lane>();
  /** Lanes that have something to give, in the order in which they came to have it. */
  let ready: string[] = [];
  const free = (name: string, lane: Lane) => {
    lane.isBusy = false;
    if (lane.items.length > 0) ready.push(name);
    else lanes.delete(name);
  };
  /** Passes over what was rejected meanwhile. */
  const headOf = (lane: Lane): Item | undefined => {
    while (lane.items[0]?.append.dead) {
      lane.items.shift();
    }
    return lane.items[0];
  };
  return {
    add(item) {
      const lane = lanes.get(item.lane);
      if (lane !== undefined) {
        lane.items.push(item);
        return;
      }
      lanes.set(item.lane, { items: [item], isBusy: false });
      ready.push(item.lane);
    },
    take() {
      const taken: Item[] = [];
      let bytes = 0;
      let passed = 0;
      for (; passed < ready.length && taken.length < CALL_RECORDS_MAX; passed++) {
        const name = ready[passed] ?? '';
        const lane = lanes.get(name);
        const head = lane === undefined ? undefined : headOf(lane);
        if (lane === undefined || head === undefined) {
          lanes.delete(name);
          continue;
        }
        if (taken.length > 0 && bytes + head.bytes > CALL_BYTES_MAX) break;
        lane.items.shift();
        lane.isBusy = true;
        bytes += head.bytes;
        taken.push(head);
      }
      ready = ready.slice(passed);
      return taken;
    },
    done(item) {
      const lane = lanes.get(item.lane);
      if (lane !== undefined) free(item.lane, lane);
    },
    back(item) {
      const lane = lanes.get(item.lane);
      if (lane === undefined) return;
      lane.items.unshift(item);
      free(item.lane, lane);
    },
  };
}
