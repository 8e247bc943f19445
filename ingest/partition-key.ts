import { readNative, type Source } from '../core/index.ts';

/** Kinesis's limit; longer names are cut, which can only join two actors that share 256 characters. */
const KEY_LENGTH_MAX = 256;

/**
 * The key first used for a native actor, for ever: a port that cli supplies. What the directory learns later
 * must not move a person to another shard in mid-history.
 */
export interface KeyRegistry {
  /** The key on record for this actor; records `key` and gives it back when there is none. */
  keep(app: string, actorUid: string, key: string): string;
  /** Resolves when everything recorded is durable: before the events that use it are appended. */
  flushed(): Promise<void>;
}

export interface Keyed {
  readonly key: string;
  readonly eventUid: string;
  /** Event time, µs; null when the event has none or cannot be read. */
  readonly timeUs: number | null;
  /** Whether it can be read: it becomes an event, with or without a time. */
  readonly isEvent: boolean;
}

export interface PartitionKeyDeps {
  readonly sources: ReadonlyMap<string, Source>;
  /** The person behind an account, as a key; null when the directory does not know. */
  readonly personOf: (app: string, actorUid: string) => string | null;
  readonly registry: KeyRegistry;
}

/**
 * Partition keys for native events: the person behind the actor, else the native actor, else the event's uid.
 * What cannot be read gets its uid too: it goes on the log all the same, and to quarantine from there.
 */
export function createPartitionKeys(deps: PartitionKeyDeps): (app: string, data: Uint8Array) => Keyed {
  return (app, data) => {
    const { eventUid, result } = readNative(app, data, deps.sources.get(app));
    if (result.kind !== 'ok') return { key: eventUid, eventUid, timeUs: null, isEvent: false };
    const { source, native } = result.value;
    const actor = source.actor(native);
    const timeUs = timeOf(source, native);
    if (actor === null || actor.uid === '') return { key: eventUid, eventUid, timeUs, isEvent: true };
    const resolved = deps.personOf(app, actor.uid) ?? `${app}:${actor.uid}`;
    return {
      key: deps.registry.keep(app, actor.uid, resolved.slice(0, KEY_LENGTH_MAX)),
      eventUid,
      timeUs,
      isEvent: true,
    };
  };
}

/** A mapper that throws is the processors' business (quarantine); here the event only has no time. */
function timeOf(source: Source, native: unknown): number | null {
  try {
    return source.map(native).time;
  } catch {
    return null;
  }
}
