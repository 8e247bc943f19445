/** Why an event is in `quarantine`: a closed list; `schema:` is followed by the path of the first fault. */
export type QuarantineReason =
  | 'not_json'
  | 'not_utf8'
  | 'not_an_object'
  | 'too_large'
  | 'too_deep'
  | 'unknown_app'
  | 'unmappable'
  | 'skipped'
  | `schema:${string}`;

export interface Ok<T> {
  readonly kind: 'ok';
  readonly value: T;
}

/** The event was seen before; it is noted, not kept again. */
export interface Drop {
  readonly kind: 'drop';
  readonly eventUid: string;
}

/** The event cannot become a row; it is kept as it came, with the reason. */
export interface DeadLetter {
  readonly kind: 'deadLetter';
  readonly reason: QuarantineReason;
  readonly detail: string;
}

/** What a step makes of an event. Only the worker acts on it. */
export type Result<T> = Ok<T> | Drop | DeadLetter;

export const ok = <T>(value: T): Ok<T> => ({ kind: 'ok', value });
export const drop = (eventUid: string): Drop => ({ kind: 'drop', eventUid });
export const deadLetter = (reason: QuarantineReason, detail: string): DeadLetter => ({
  kind: 'deadLetter',
  reason,
  detail,
});
