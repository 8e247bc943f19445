import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCompany, createWorldStream, GENERATORS, type GeneratedEvent } from '../../ingest/index.ts';
import type { AppendRecord, Log } from '../../log/index.ts';
import { emit, labelRows, recordOf } from './emitter.ts';

const START_US = 1_767_603_600_000_000;
const clock = () => Date.now() * 1000;

/** The events of a company, so many a minute from START_US on. */
const events = (perMinute: number) =>
  createWorldStream({
    company: createCompany({ people: 30, seed: 1, startUs: START_US }),
    generators: GENERATORS,
    seed: 1,
    startUs: START_US,
    perMinute,
  });

/** A log that keeps what it was given, when, and answers after so many ms. */
function fakeLog(delayMs = 0) {
  const appends: { atMs: number; records: readonly AppendRecord[] }[] = [];
  const log = {
    append: async (_stream: string, records: readonly AppendRecord[]) => {
      appends.push({ atMs: Date.now() - START_US / 1000, records });
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      return [];
    },
  } as unknown as Log;
  return { log, appends, records: () => appends.flatMap(({ records }) => records) };
}

const dueUs = ({ source }: AppendRecord) => Number(source.slice('generator@'.length));

beforeEach(() => {
  vi.useFakeTimers({ now: START_US / 1000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function start(log: Log, given: Partial<Parameters<typeof emit>[0]> = {}) {
  const told: GeneratedEvent[] = [];
  const done = emit({
    log,
    stream: 'events',
    events: events(6000),
    count: undefined,
    untilUs: undefined,
    clock,
    stop: new AbortController().signal,
    onAppended: (appended) => told.push(...appended),
    ...given,
  });
  return { done, told };
}

describe('the emitter', () => {
  test('appends each event when it is due, never before, in order', async () => {
    const { log, appends, records } = fakeLog();
    const { done, told } = start(log, { untilUs: START_US + 2_000_000 });
    await vi.advanceTimersByTimeAsync(3000);
    expect(await done).toBe(200);
    expect(told).toHaveLength(200);
    for (const { atMs, records: batch } of appends)
      for (const record of batch) {
        expect(dueUs(record)).toBeLessThanOrEqual(START_US + atMs * 1000);
        expect(dueUs(record)).toBeGreaterThan(START_US + (atMs - 30) * 1000);
      }
    const times = records().map(dueUs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('stops behind the count', async () => {
    const { log, records } = fakeLog();
    const { done } = start(log, { count: 37 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(await done).toBe(37);
    expect(records()).toHaveLength(37);
  });

  test('leaves nothing out when the log is slower than the rate', async () => {
    const { log, records, appends } = fakeLog(500);
    const { done } = start(log, { untilUs: START_US + 2_000_000 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await done).toBe(200);
    expect(new Set(records().map(dueUs)).size).toBe(200);
    expect(appends.length).toBeLessThan(10);
  });

  test('ends at the stop with what was acknowledged', async () => {
    const { log, records } = fakeLog();
    const stop = new AbortController();
    const { done } = start(log, { stop: stop.signal });
    await vi.advanceTimersByTimeAsync(1000);
    stop.abort();
    expect(await done).toBe(records().length);
    expect(records().length).toBeGreaterThan(90);
  });

  test('rejects when the log fails', async () => {
    const { log } = fakeLog();
    const failing = { ...log, append: async () => Promise.reject(new Error('the disk is full')) } as unknown as Log;
    const { done } = start(failing);
    const failed = expect(done).rejects.toThrow('the disk is full');
    await vi.advanceTimersByTimeAsync(1000);
    await failed;
  });
});

test('a record says when its event was due, and keeps its bytes and key', () => {
  const event = events(60).next().value;
  expect(recordOf(event)).toEqual({
    app: event.app,
    source: `generator@${event.dueUs}`,
    key: event.key,
    data: event.data,
  });
});

test('labels name attacks by the uid that the events get in the lake', () => {
  const stream = events(6000);
  const some = Array.from({ length: 6000 }, () => stream.next().value);
  const rows = labelRows(some);
  expect(rows.length).toBe(some.filter(({ label }) => label !== null).length);
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) expect(row.event_uid).toMatch(/^[0-9a-f]{32}$/);
});
