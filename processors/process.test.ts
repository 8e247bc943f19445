import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { BASELINE_POLICY, type Policy } from '../core/index.ts';
// biome-ignore lint/style/noRestrictedImports: the test takes its events from the generators, the code may not
import { createCompany, createWorldStream, GENERATORS } from '../ingest/index.ts';
import { SOURCES } from '../ingest/sources/index.ts';
import type { LogRecord } from '../log/index.ts';
import { CONTROL_APP, FINDING_APP } from './control.ts';
import { createTrial, DAY_US, HOUR_US, MINUTE_US, NOWHERE, SHARD, START_US } from './fixtures.ts';
import { createProcess, type Outcome } from './process.ts';
import { createShardState, decodeState, encodeState, FINDINGS_MAX, type ShardState } from './state.ts';

/** A state as a snapshot gives it back. */
function restored(state: ShardState): ShardState {
  const copy = decodeState(encodeState(state));
  for (const { hour } of state.recentUids.hours()) copy.recentUids.restore(hour, state.recentUids.bytesOf(hour));
  return copy;
}

const policyOf = (version: number, changes: Partial<Policy> = {}): Policy => ({
  ...BASELINE_POLICY,
  version,
  parent: 0,
  ...changes,
});
const control = (policy: Policy) => ({ kind: 'policy', policy });
const actorFinding = (changes: object = {}) => ({
  kind: 'actor',
  findingUid: 'f1',
  evidenceHash: 'e1',
  detectionId: 'password_spray',
  actorKey: 'person:p1',
  severityId: 4,
  timeUs: START_US,
  ...changes,
});
const rowFinding = (changes: object = {}) => ({
  kind: 'row',
  findingUid: 'f1',
  evidenceHash: 'e1',
  detectionId: 'password_spray',
  severityId: 4,
  timeUs: START_US,
  windowStartUs: START_US,
  windowEndUs: START_US + 10 * MINUTE_US,
  attack: ['T1110.003'],
  entities: ['192.0.2.1', 'person:p1'],
  eventUids: ['a'],
  reasons: ['because'],
  status: 'new',
  ...changes,
});

describe('the same log', () => {
  const records: LogRecord[] = [];
  let rows: string[] = [];
  const process = createProcess({
    sources: SOURCES,
    // Few places, so that people move, come back and share networks.
    placeOf: (ip) => {
      const last = Number(/(\d+)$/.exec(ip)?.[1] ?? 0);
      return {
        ...NOWHERE,
        src_country: ['GH', 'GB', 'US'][last % 3]!,
        src_lat: last % 50,
        src_lon: last % 90,
        src_asn: 64500 + (last % 4),
      };
    },
  });
  /** Without the bytes, which are the record's. */
  const textOf = (outcome: Outcome) => JSON.stringify(outcome, (name, value) => (name === 'raw' ? undefined : value));

  beforeAll(() => {
    const company = createCompany({ people: 20, seed: 1, startUs: START_US });
    const stream = createWorldStream({ company, generators: GENERATORS, seed: 1, campaignEveryS: 600, perMinute: 2 });
    const data = (value: unknown) => Buffer.from(JSON.stringify(value));
    const own = (app: string, value: unknown, arrivalUs: number): Omit<LogRecord, 'position'> => ({
      app,
      source: '',
      key: 'k',
      data: data(value),
      arrivalUs,
    });
    const list: Omit<LogRecord, 'position'>[] = [];
    while (list.length < 900) {
      const event = stream.next().value;
      const record = { app: event.app, source: 'g', key: event.key, data: event.data, arrivalUs: event.dueUs };
      list.push(record);
      const n = list.length;
      if (n % 37 === 0) list.push({ ...(list[Math.floor(n / 2)] as LogRecord), arrivalUs: event.dueUs });
      if (n % 51 === 0) list.push({ ...record, data: Buffer.from(`{"broken${n}`) });
      if (n === 300) list.push(own(CONTROL_APP, control(policyOf(2, { sessionLifetimeS: 3600 })), event.dueUs));
      if (n % 200 === 0) {
        list.push(own(FINDING_APP, actorFinding({ actorKey: event.key, findingUid: `f${n}` }), event.dueUs));
        list.push(own(FINDING_APP, rowFinding({ findingUid: `f${n}` }), event.dueUs));
      }
    }
    records.push(...list.map((record, index) => ({ ...record, position: String(index) })));
    const state = createShardState();
    rows = records.map((record) => textOf(process(state, record, SHARD, 0)));
  });

  test('makes rows of all apps, signals, redeliveries, quarantine and findings', () => {
    const outcomes = rows.map((row) => JSON.parse(row));
    expect(new Set(outcomes.map(({ table }) => table))).toEqual(
      new Set(['events', 'quarantine', 'redeliveries', 'findings', null]),
    );
    const events = outcomes.filter(({ table }) => table === 'events').map(({ row }) => row);
    expect(new Set(events.map(({ app }) => app)).size).toBe(4);
    expect(new Set(events.map((row) => row.policy_version))).toEqual(new Set([0, 2]));
    expect(events.some((row) => row.risk > 40)).toBe(true);
  });

  test('gives the same rows, wherever a worker ends and another goes on from a snapshot', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 899 }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (positions) => {
        let state = createShardState();
        const differing = records.findIndex((record, index) => {
          if (positions.includes(index)) state = restored(state);
          return textOf(process(state, record, SHARD, 0)) !== rows[index];
        });
        expect(differing).toBe(-1);
      }),
      { numRuns: 12 },
    );
  });

  test('gives each person the same rows on a shard of their own: no step looks outside its key', () => {
    const byKey = new Map<string, ShardState>();
    const alone = createProcess({ sources: SOURCES, placeOf: () => NOWHERE });
    const together = createShardState();
    const differing = records.filter((record) => {
      if (record.app.startsWith('@')) return false;
      const own = byKey.get(record.key) ?? createShardState();
      byKey.set(record.key, own);
      const expected = textOf(alone(together, record, SHARD, 0));
      return textOf(alone(own, record, SHARD, 0)) !== expected;
    });
    expect(differing).toEqual([]);
  });
});

describe('a redelivery', () => {
  const event = { native_uid: 'n', time: START_US };

  test('within 24 hours is noted with its uid, and changes no memory', () => {
    const { feed, putJson, state } = createTrial();
    const { event_uid } = feed(event);
    const before = structuredClone(state.people);
    const again = putJson('plain', event, { arrivalUs: START_US + DAY_US });
    expect(again).toEqual({
      table: 'redeliveries',
      row: { log_shard: SHARD, log_position: '2', event_uid, ingested_at: 5 },
    });
    expect(state.people).toEqual(before);
  });

  test('is judged by arrival, not by the time of the event', () => {
    const { feed, putJson } = createTrial();
    feed({ ...event, time: START_US - 300 * DAY_US }, { arrivalUs: START_US });
    const again = { ...event, time: START_US - 300 * DAY_US };
    expect(putJson('plain', again, { arrivalUs: START_US + DAY_US }).table).toBe('redeliveries');
  });

  test('25 hours later is a row again', () => {
    const { feed, putJson } = createTrial();
    feed(event);
    expect(putJson('plain', event, { arrivalUs: START_US + 25 * HOUR_US }).table).toBe('events');
  });

  test('of what was put aside is noted too', () => {
    const { put } = createTrial();
    const broken = Buffer.from('{');
    expect(put('plain', broken)).toMatchObject({
      table: 'quarantine',
      row: { reason: 'not_json', raw: broken, app: 'plain', source: 's', mapper_version: 7, log_position: '1' },
    });
    expect(put('plain', broken).table).toBe('redeliveries');
    expect(put('nobody', broken)).toMatchObject({ table: 'quarantine', row: { mapper_version: 0 } });
  });
});

describe('a policy', () => {
  test('holds for the records after it whose time has come; the highest version wins', () => {
    const { feed, putJson } = createTrial();
    const versionAt = (atUs: number) => feed({ time: atUs }, { arrivalUs: START_US + HOUR_US }).policy_version;
    expect(versionAt(START_US)).toBe(0);
    expect(putJson(CONTROL_APP, control(policyOf(5, { effectiveFrom: START_US + MINUTE_US })))).toEqual({
      table: null,
    });
    putJson(CONTROL_APP, control(policyOf(3)));
    expect(versionAt(START_US)).toBe(3);
    expect(versionAt(START_US + MINUTE_US - 1)).toBe(3);
    expect(versionAt(START_US + MINUTE_US)).toBe(5);
    putJson(CONTROL_APP, control(policyOf(4)));
    expect(versionAt(START_US + MINUTE_US)).toBe(5);
    expect(versionAt(START_US)).toBe(4);
  });

  test('that comes again changes nothing', () => {
    const { state, putJson } = createTrial();
    putJson(CONTROL_APP, control(policyOf(1)));
    const before = structuredClone(state.policies);
    putJson(CONTROL_APP, control(policyOf(1, { sessionLifetimeS: 99 })));
    expect(state.policies).toEqual(before);
  });

  test('that cannot be read stops nothing and changes nothing', () => {
    const { state, put, putJson, feed } = createTrial();
    expect(putJson(CONTROL_APP, { kind: 'else' })).toMatchObject({ table: 'quarantine' });
    expect(put(CONTROL_APP, Buffer.from('{'))).toMatchObject({ table: 'quarantine', row: { reason: 'not_json' } });
    expect(putJson(FINDING_APP, { kind: 'actor' })).toMatchObject({ table: 'quarantine' });
    expect(state.policies).toEqual([BASELINE_POLICY]);
    expect(feed({ time: START_US }).policy_version).toBe(0);
  });
});

describe('a finding', () => {
  test('raises the risk of the person it concerns, once, whatever evidence comes later', () => {
    const { feed, putJson, state } = createTrial();
    feed({ time: START_US });
    feed({ time: START_US }, { key: 'person:p2' });
    const riskOf = (key: string) => state.people.get(key)!.risk;
    expect(putJson(FINDING_APP, actorFinding())).toEqual({ table: null });
    expect(riskOf('person:p1')).toBe(50);
    putJson(FINDING_APP, actorFinding());
    putJson(FINDING_APP, actorFinding({ evidenceHash: 'e2' }));
    expect(riskOf('person:p1')).toBe(50);
    expect(riskOf('person:p2')).toBe(0);
    putJson(FINDING_APP, actorFinding({ findingUid: 'f2' }));
    expect(riskOf('person:p1')).toBe(75);
    expect(feed({ time: START_US }).s_user_risk).toBe(75);
  });

  test('about somebody unknown makes no person', () => {
    const { putJson, state } = createTrial();
    putJson(FINDING_APP, actorFinding());
    expect(state.people.size).toBe(0);
  });

  test('becomes a row, once for the same evidence', () => {
    const { putJson } = createTrial();
    expect(putJson(FINDING_APP, rowFinding())).toEqual({
      table: 'findings',
      row: {
        finding_uid: 'f1',
        detection_id: 'password_spray',
        time: START_US,
        severity_id: 4,
        attack: ['T1110.003'],
        entities: ['192.0.2.1', 'person:p1'],
        event_uids: ['a'],
        reasons: ['because'],
        status: 'new',
        evidence_hash: 'e1',
        window_start: START_US,
        window_end: START_US + 10 * MINUTE_US,
        log_shard: SHARD,
        log_position: '1',
        ingested_at: 5,
      },
    });
    expect(putJson(FINDING_APP, rowFinding())).toEqual({ table: null });
    expect(putJson(FINDING_APP, rowFinding({ evidenceHash: 'e2', status: 'updated' })).table).toBe('findings');
  });

  test(`is remembered among the last ${FINDINGS_MAX}: memory does not grow with findings`, () => {
    const { putJson, state } = createTrial();
    for (let i = 0; i < FINDINGS_MAX * 0.6; i++) putJson(FINDING_APP, actorFinding({ findingUid: `f${i}` }));
    expect(state.findings.size).toBeLessThanOrEqual(FINDINGS_MAX);
  });
});

describe('time', () => {
  test('of an event dated 2099 does not move the shard’s clock beyond its arrival', () => {
    const { feed, state } = createTrial();
    const far = Date.UTC(2099, 0) * 1000;
    feed({ time: START_US });
    const row = feed({ time: far }, { arrivalUs: START_US + MINUTE_US });
    expect(state.clockUs).toBe(START_US + MINUTE_US);
    expect(row.time).toBe(far);
    expect(feed({ time: START_US + 2 * MINUTE_US }).s_failures_10m).toBe(0);
  });

  test('more than a day behind the clock gives a row without signals and changes nothing', () => {
    const { feed, state } = createTrial(() => ({ ...NOWHERE, src_country: 'GH', src_lat: 1, src_lon: 1 }));
    feed({ time: START_US, device_uid: 'd', session_uid: 's', src_ip: '1.1.1.1' });
    const before = structuredClone({ people: state.people, clockUs: state.clockUs });
    const risky = { device_uid: 'e', session_uid: 't', src_ip: '2.2.2.2', is_privileged: true, changes_mfa: true };
    const row = feed({ ...risky, time: START_US - DAY_US - 1 }, { arrivalUs: START_US });
    for (const [name, value] of Object.entries(row)) if (name.startsWith('s_')) expect(value).toBeNull();
    expect(row).toMatchObject({ session_age_s: null, risk: 0, user_risk: 0, reasons: [], decision: 'allow' });
    expect(row.src_country).toBe('GH');
    expect({ people: state.people, clockUs: state.clockUs }).toEqual(before);
    expect(feed({ ...risky, time: START_US - DAY_US }, { arrivalUs: START_US }).s_new_device).toBe(1);
  });

  test('behind by months is none behind on a stream that holds nothing newer: history is scored as history', () => {
    const { feed } = createTrial();
    feed({ time: START_US - 300 * DAY_US, device_uid: 'd' }, { arrivalUs: START_US });
    const row = feed({ time: START_US - 299 * DAY_US, device_uid: 'e' }, { arrivalUs: START_US });
    expect(row.s_new_device).toBe(1);
  });
});

describe('events without an actor', () => {
  test('are remembered of nobody: memory grows with people, not with events', () => {
    const { feed, state } = createTrial();
    for (let i = 0; i < 100; i++) feed({ actor_uid: null, time: START_US + i }, { key: `e${i}` });
    expect(state.people.size).toBe(0);
  });
});

describe('a state', () => {
  test('of another format is refused with what to do', () => {
    const bytes = Buffer.from(encodeState(createShardState()));
    const at = bytes.indexOf('format') + 'format'.length + 1;
    bytes[at] = 4;
    expect(() => decodeState(bytes)).toThrow(/\[processors\/state\] a snapshot has format 2, known is 1; use/);
  });
});
