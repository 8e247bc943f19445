/**
 * Readers of members that decorate an event and do not decide what it is: a wrong type counts as missing, so that an
 * odd device name never costs the event. What decides (who, what, when, with which outcome) is zod's to check; these
 * are plain reads because a zod schema of every decoration costs more than mapping the event.
 */
export type Decoration = Readonly<Record<string, unknown>>;

const NOTHING: Decoration = Object.freeze(Object.create(null) as Decoration);

/** The object, or one without members when it is anything else. */
export function objectOr(value: unknown): Decoration {
  return typeof value === 'object' && value !== null ? (value as Decoration) : NOTHING;
}

/** The boolean, or null when it is anything else. */
export function booleanOr(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** The list, or an empty one when it is anything else. */
export function listOr(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
