import { describe, expect, test } from 'vitest';
import { createBatch, isoDate, manifestOf, newNonce, policyVersionOf, writeBatchFiles } from './batch.ts';
import { createMemoryStore, createTrial, DAY_US, HOUR_US, START_US, UNCOMPRESSED } from './fixtures.ts';
import { manifestSchema } from './manifest.ts';

/** A batch of events on three dates, one broken record and one control record. */
function filled(batch = createBatch(UNCOMPRESSED)) {
  const { feed, put, putJson } = createTrial();
  for (let i = 0; i < 6; i++) {
    const time = START_US + (i % 3) * DAY_US;
    batch.add({ table: 'events', row: feed({ time }) }, String(i), START_US + i);
  }
  batch.add(put('plain', Buffer.from('{')), '6', START_US);
  batch.add(putJson('@control', { kind: 'policy' }), '7', START_US + HOUR_US);
  batch.add({ table: null }, '8', START_US);
  return batch;
}

describe('a batch', () => {
  test('counts its records, the bytes of their events and the dates that hold them', () => {
    const batch = filled();
    expect(batch).toMatchObject({ records: 9, dates: 3 });
    expect(batch.bytes).toBeGreaterThan(100);
  });

  test('becomes one file a table and date, with the newest arrival and the last position', () => {
    const closed = filled().close();
    expect(closed).toMatchObject({
      last: '8',
      arrivalUs: START_US + HOUR_US,
      counts: { records: 9, events: 6, quarantine: 2, redeliveries: 0, findings: 0 },
    });
    expect(closed.files.map(({ table, date, statistics }) => [table, date, statistics.numRecords])).toEqual([
      ['quarantine', null, 2],
      ['events', '2026-02-03', 2],
      ['events', '2026-02-04', 2],
      ['events', '2026-02-05', 2],
    ]);
  });

  test('is empty once it is closed, and can be filled again with the same outcome', () => {
    const batch = filled();
    const first = batch.close();
    expect(batch).toMatchObject({ records: 0, bytes: 0, dates: 0 });
    expect(() => batch.close()).toThrow(/\[processors\/batch\] an empty batch/);
    const second = filled(batch).close();
    expect(second.counts).toEqual(first.counts);
    expect(second.files.map(({ bytes }) => bytes)).toEqual(first.files.map(({ bytes }) => bytes));
  });

  test('is a manifest whose adds name files that lie in the lake', async () => {
    const lake = createMemoryStore();
    const closed = filled().close();
    const nonce = newNonce();
    const adds = await writeBatchFiles(lake, closed, nonce, START_US);
    const context = { nonce, n: 3, after: '0', clockUs: START_US, policyVersion: 0, fingerprint: 'f' };
    const manifest = manifestSchema.parse(JSON.parse(JSON.stringify(manifestOf(closed, adds, context))));
    expect(manifest.adds.events.map(({ partitionValues }) => partitionValues)).toEqual([
      { event_date: '2026-02-03' },
      { event_date: '2026-02-04' },
      { event_date: '2026-02-05' },
    ]);
    const named = [
      ...manifest.adds.events.map(({ path }) => `events/${path}`),
      ...manifest.adds.quarantine.map(({ path }) => `quarantine/${path}`),
    ];
    expect(named.sort()).toEqual([...lake.objects.keys()].sort());
    expect(named.every((name) => name.includes(nonce))).toBe(true);
  });
});

test('a date is written as Delta writes partition values', () => {
  expect([isoDate(0), isoDate(-1), isoDate(20_000)]).toEqual(['1970-01-01', '1969-12-31', '2024-10-04']);
});

test('a state’s policy version is the highest that it knows', () => {
  const { state } = createTrial();
  expect(policyVersionOf(state)).toBe(0);
  expect(policyVersionOf({ ...state, policies: [] })).toBe(0);
});
