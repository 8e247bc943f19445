import { type Row, readNative } from '../../core/index.ts';
import { type GeneratedEvent, SOURCES } from '../../ingest/index.ts';
import type { AppendRecord, Log } from '../../log/index.ts';

/** How often what is due is appended, ms. */
const TICK_MS = 10;
/** At most so many records go into one append. */
const APPEND_MAX = 2000;

export interface EmitterOptions {
  readonly log: Log;
  readonly stream: string;
  readonly events: Iterator<GeneratedEvent, unknown>;
  /** Stops behind this many events. */
  readonly count: number | undefined;
  /** Stops at this time, µs. */
  readonly untilUs: number | undefined;
  readonly clock: () => number;
  readonly stop: AbortSignal;
  /** Told of every append that the log acknowledged. */
  readonly onAppended: (events: readonly GeneratedEvent[]) => void;
}

/**
 * Appends each event when it is due, until count, time or stop; resolves with the number that the log
 * acknowledged. When the log is slower than the rate, events wait and go together: none is left out.
 */
export async function emit(options: EmitterOptions): Promise<number> {
  const { log, stream, events, clock, stop } = options;
  const countMax = options.count ?? Number.POSITIVE_INFINITY;
  const untilUs = options.untilUs ?? Number.POSITIVE_INFINITY;
  let acknowledged = 0;
  let taken = 0;
  let next = take();
  function take(): GeneratedEvent | null {
    const { value, done } = events.next();
    return done === true ? null : (value as GeneratedEvent);
  }
  while (next !== null && taken < countMax && next.dueUs < untilUs && !stop.aborted) {
    const due: GeneratedEvent[] = [];
    const nowUs = clock();
    while (
      next !== null &&
      next.dueUs <= nowUs &&
      next.dueUs < untilUs &&
      taken < countMax &&
      due.length < APPEND_MAX
    ) {
      due.push(next);
      taken++;
      next = take();
    }
    if (due.length > 0) {
      await log.append(stream, due.map(recordOf));
      acknowledged += due.length;
      options.onAppended(due);
    }
    if (due.length < APPEND_MAX && next !== null && taken < countMax)
      await pause(Math.min(next.dueUs, untilUs) - clock(), stop);
  }
  return acknowledged;
}

/** Waits until something is due, in ticks, or for the stop. */
function pause(us: number, stop: AbortSignal): Promise<void> {
  const ms = Math.max(TICK_MS, Math.min(1000, us / 1000));
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    }
    stop.addEventListener('abort', done);
  });
}

export function recordOf(event: GeneratedEvent): AppendRecord {
  return { app: event.app, source: `generator@${event.dueUs}`, key: event.key, data: event.data };
}

/** The rows of `labels` for events that belong to an attack. */
export function labelRows(events: readonly GeneratedEvent[]): Row[] {
  const rows: Row[] = [];
  for (const { app, data, label } of events) {
    if (label === null) continue;
    const { eventUid } = readNative(app, data, SOURCES.get(app));
    rows.push({ event_uid: eventUid, campaign: label.campaign, stage: label.stage });
  }
  return rows;
}
