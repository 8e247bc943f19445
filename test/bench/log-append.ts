import type { Log } from '../../log/index.ts';
import { STREAM } from './log-reading.ts';
import type { takeFrom } from './log-records.ts';

const APPENDERS = 64;

/** Gives the next records to append. */
export type Take = ReturnType<typeof takeFrom>;

/** Durable records per second of 64 appenders that each wait for their append before the next. */
export async function appendFor(log: Log, batch: number, forMs: number, take: Take): Promise<number> {
  const startedMs = performance.now();
  const untilMs = startedMs + forMs;
  let appended = 0;
  const appender = async () => {
    while (performance.now() < untilMs) {
      const { length } = await log.append(STREAM, take(batch));
      appended += length;
    }
  };
  await Promise.all(Array.from({ length: APPENDERS }, appender));
  return appended / ((performance.now() - startedMs) / 1000);
}
