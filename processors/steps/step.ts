import type { IdentityEvent, MappedEvent, Place, Policy } from '../../core/index.ts';
import type { Person } from '../person.ts';

/** The row while it is made. */
export type Draft = { -readonly [column in keyof IdentityEvent]: IdentityEvent[column] };

/** What a step may read and change. One object a worker, used again for every event. */
export interface StepContext {
  draft: Draft;
  mapped: MappedEvent;
  /** The actor's memory; null for an event without an actor. */
  person: Person | null;
  /**
   * Whether the event shows the person themselves: a failed authentication shows whoever tried, and must teach
   * nothing of the person's places and devices.
   */
  isPerson: boolean;
  /** min(event time, arrival time): where the event stands in the person's past, µs. */
  atUs: number;
  /** The shard's clock, this event included, µs. */
  clockUs: number;
  policy: Policy;
  /** The policy's weights, and each signal scaled to [0, 1], in the order of SIGNALS. */
  weights: Float64Array;
  scaled: Float64Array;
}

/** One step of the pipeline: reads the event and the person's past, writes the draft and that past. */
export type Step = (context: StepContext) => void;

/** Looks up an address. */
export type PlaceOf = (ip: string) => Place;
