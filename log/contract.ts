import { afterAll, beforeAll, describe, test } from 'vitest';
import { appending } from './contract/appending.ts';
import { reading } from './contract/reading.ts';
import { resharding } from './contract/resharding.ts';
import { streams } from './contract/streams.ts';
import type { Resharding, Subject, Suite } from './contract/suite.ts';
import { trimming } from './contract/trimming.ts';
import { watching } from './contract/watching.ts';
import type { Log } from './log.ts';

export { eventOf, eventsOf, readCount } from './contract/suite.ts';

/**
 * A log to be tested, reached through as many handles as the suite asks for. What cannot split and merge shards is left
 * without the cases of closed shards, by name.
 */
export interface LogUnderTest extends Partial<Resharding> {
  /** Another handle on the same log, as another process would have it; the suite closes it. */
  open(): Promise<Log>;
  /** After all handles are closed. */
  destroy(): Promise<void>;
}

export interface ContractOptions {
  /** Names of cases that the system behind the driver cannot do: listed, never silently left out. */
  readonly skip?: readonly string[];
  /** How long a record may take to become visible to another handle, ms. */
  readonly visibleWithinMs?: number;
}

const GROUPS = [streams, appending, reading, watching, trimming, resharding];

/** The behaviour that every driver of the port shows. */
export function describeLog(name: string, factory: () => Promise<LogUnderTest>, options: ContractOptions = {}): void {
  const { skip = [], visibleWithinMs = 5000 } = options;
  describe(`the log on ${name}`, () => {
    let under: LogUnderTest;
    let log: Log;
    const subject = (): Subject => ({ log, open: () => under.open(), visibleWithinMs });
    const it: Suite['it'] = (title, run) => {
      test.skipIf(skip.includes(title))(title, () => run(subject()));
    };
    const itReshards: Suite['itReshards'] = (title, run) => {
      test.skipIf(skip.includes(title))(title, async (context) => {
        const { split, merge } = under;
        if (split === undefined || merge === undefined) return context.skip('its shards cannot be split');
        await run({ ...subject(), split, merge });
      });
    };
    beforeAll(async () => {
      under = await factory();
      log = await under.open();
    });
    afterAll(async () => {
      await log.close();
      await under.destroy();
    });
    for (const group of GROUPS) group({ it, itReshards });
  });
}
