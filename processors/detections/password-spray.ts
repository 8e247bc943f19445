import { z } from 'zod';
import type { Detection } from './detection.ts';

const WINDOW_US = 10 * 60_000_000;

const rowSchema = z.object({
  entity: z.string(),
  window_start_us: z.coerce.number(),
  time_us: z.coerce.number(),
  failures: z.coerce.number(),
  failed_actors: z.coerce.number(),
  signed_in_actors: z.coerce.number(),
  actors: z.array(z.string()),
  event_uids: z.array(z.string()),
});

/** One address tries one password, or few, on many people. */
export const passwordSpray: Detection = {
  id: 'password_spray',
  title: 'Password spray from one address',
  attack: ['T1110.003'],
  windowUs: WINDOW_US,
  sqlFile: 'password-spray.sql',
  toHit(given) {
    const row = rowSchema.parse(given);
    const streams = new Map<string, string[]>();
    for (const actor of row.actors) {
      // A native id may hold a line break, a stream's name cannot: the last one parts them.
      const end = actor.lastIndexOf('\n');
      const [actorKey, stream] = [actor.slice(0, end), actor.slice(end + 1)];
      streams.set(actorKey, [...(streams.get(actorKey) ?? []), stream]);
    }
    const gotIn = row.signed_in_actors > 0;
    return {
      entity: row.entity,
      windowStartUs: row.window_start_us,
      windowEndUs: row.window_start_us + WINDOW_US,
      timeUs: row.time_us,
      severityId: gotIn ? 5 : 4,
      actors: [...streams].map(([actorKey, names]) => ({ actorKey, streams: names })),
      eventUids: row.event_uids,
      reasons: [
        `${row.failures} failed sign-ins as ${row.failed_actors} people from ${row.entity} within 10 minutes`,
        gotIn ? `${row.signed_in_actors} signed in from the same address` : 'nobody signed in from the address',
      ],
    };
  },
};
