import { z } from 'zod';

/**
 * Schemas of members that decorate an event and do not decide what it is: a wrong type counts as missing, so that
 * an odd device name never costs the event. What decides (who, what, when, with which outcome) takes zod's own.
 */
export const softText = z.string().nullish().catch(null);
export const softBoolean = z.boolean().nullish().catch(null);

/** An object that decorates: anything else counts as missing. */
export function softObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape).nullish().catch(null);
}
