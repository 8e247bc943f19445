import { comparePositions } from '../../log.ts';
import { arrivalMsOf } from './expand.ts';
import { nameOf } from './failure.ts';
import { createPollSource, type Page, type Place, type RawStart, type Source, type SourceDeps } from './source.ts';

/** Empty pages in a row that are passed over while there are records behind them. */
const EMPTY_PAGES_MAX = 1000;

/** The next page that has records; the last one, empty, when there are none now. */
export async function nextFilled(source: Source, recordsMax: number): Promise<Page> {
  let page = await source.next(recordsMax);
  for (let i = 0; i < EMPTY_PAGES_MAX && page.records.length === 0 && page.behindMs > 0 && !page.ended; i++)
    page = await source.next(recordsMax);
  return page;
}

/** The first record from `start` on; null when there is none now. */
async function firstRecord(deps: SourceDeps, place: Place, start: RawStart) {
  try {
    return (await nextFilled(createPollSource(deps, place, start), 1)).records[0] ?? null;
  } catch (error) {
    if (start.type === 'AT_TIMESTAMP' && isOfFuture(error)) return null;
    throw error;
  }
}

/** AWS refuses times to come, by its own clock. */
export const isOfFuture = (error: unknown): boolean =>
  nameOf(error) === 'ConfigError' && /timestamp\S* .*(current|future)/i.test(String(error));

/**
 * The greatest arrival among a record and all before it, ms: approximate arrivals may step back, the port's never do.
 * Found from the log alone, wherever a reader begins: as long as the first record that arrived later lies before this
 * one, that is the better answer. With arrivals in order it takes one look.
 */
export async function floorMsOf(
  deps: SourceDeps,
  place: Place,
  record: { readonly sequenceNumber: string; readonly arrivalMs: number },
  nowMs: () => number,
): Promise<number> {
  let floorMs = record.arrivalMs;
  for (;;) {
    const timestampMs = floorMs + 1;
    if (timestampMs > nowMs()) return floorMs;
    const later = await firstRecord(deps, place, { type: 'AT_TIMESTAMP', timestampMs });
    if (later === null || comparePositions(later.SequenceNumber ?? '', record.sequenceNumber) > 0) return floorMs;
    // Anything else would never end; a service whose times are no times is taken at its word.
    if (arrivalMsOf(later) <= floorMs) return floorMs;
    floorMs = arrivalMsOf(later);
  }
}
