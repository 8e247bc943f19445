import type { z } from 'zod';
import type { MappedEvent } from './event.ts';

/** Who acted, in the app's own terms. */
export interface NativeActor {
  /** The app's own identifier: it names the account for ever. */
  readonly uid: string;
  readonly email: string | null;
}

/** What an app's folder declares: how its native events look and what they mean. All functions are pure. */
export interface Source<Native = unknown> {
  /** Lower-case identifier, the folder's name: `okta`. */
  readonly app: string;
  /** The name people know: `Okta`. */
  readonly title: string;
  /** Raised whenever `schema` or `map` change what a row says. */
  readonly mapperVersion: number;
  /**
   * Pointers (RFC 6901) to the members that `schema` and the functions look at, with all that is in them: others are
   * never parsed. Through arrays a pointer names the members of the elements.
   */
  readonly reads: readonly string[];
  /** The native event, as far as `map` reads it; other members are let through unread. */
  readonly schema: z.ZodType<Native>;
  /** The vendor's own identifier of the event; null when it has none. */
  nativeId(native: Native): string | null;
  /** The account that acted; null when the event names none. */
  actor(native: Native): NativeActor | null;
  map(native: Native): MappedEvent;
}

/** Keeps the native type of an app's declaration while it is written; others see a `Source`. */
export function defineSource<Native>(source: Source<Native>): Source {
  return source as Source;
}
