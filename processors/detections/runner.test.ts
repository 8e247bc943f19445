import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLASS, type IdentityEvent, type MappedEvent, type Row } from '../../core/index.ts';
import {
  addFile,
  createFileBuilder,
  createLocalStore,
  dataColumns,
  EVENTS,
  openQuery,
  openTable,
  type Query,
  type Store,
  type Table,
} from '../../lake/index.ts';
import { type Log, type LogRecord, openEmbeddedLog } from '../../log/index.ts';
import { isoDate } from '../batch.ts';
import { FINDING_APP, type FindingRecord, findingSchema } from '../control.ts';
import { createMemoryStore, createTrial, MINUTE_US, START_US, UNCOMPRESSED } from '../fixtures.ts';
import { createRunner, DETECTIONS } from './index.ts';
import { merged } from './runner.ts';

const WINDOW_US = 10 * MINUTE_US;
const ADDRESS = '192.0.2.7';

describe('spans', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 120 }))
    .map(([fromUs, length]) => ({ fromUs, toUs: fromUs + length }));

  test('become whole windows: each moment of a span in exactly one, none that no window of a span holds', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), (spans, windowUs) => {
        const joined = merged(spans, windowUs);
        const wanted = new Set<number>();
        for (const { fromUs, toUs } of spans) {
          for (let us = fromUs; us <= toUs; us++) wanted.add(Math.floor(us / windowUs));
        }
        const got: number[] = [];
        for (const { fromUs, toUs } of joined) {
          expect([fromUs % windowUs, toUs % windowUs]).toEqual([0, 0]);
          for (let us = fromUs; us < toUs; us += windowUs) got.push(us / windowUs);
        }
        expect(got).toEqual([...wanted].sort((a, b) => a - b));
        for (const [i, { fromUs }] of joined.entries()) {
          if (i > 0) expect(fromUs).toBeGreaterThan(joined[i - 1]!.toUs);
        }
      }),
    );
  });
});

let root: string;
let log: Log;
let store: Store;
let events: Table;
let query: Query;
let state: ReturnType<typeof createMemoryStore>;
let shardNames: string[];
let files = 0;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-detections-'));
  log = await openEmbeddedLog({ path: join(root, 'log') });
  const { incarnation, shards } = await log.createStream('events', { shards: 2 });
  shardNames = shards.map(({ shardId }) => `events@${incarnation}/${shardId}`);
  store = createLocalStore(join(root, 'lake'));
  const clock = () => Date.now() * 1000;
  events = await openTable(store, EVENTS, { clock });
  query = await openQuery({ store, tables: [EVENTS], clock });
  state = createMemoryStore();
});
afterEach(async () => {
  await query.close();
  await log.close();
  await rm(root, { recursive: true });
});

const runnerOf = (given: Store = state) =>
  createRunner({
    log,
    events,
    sql: async (text, params) => (await query.sql(text, { params })).rows,
    state: given,
    detections: DETECTIONS,
    sqlFolder: new URL('./', import.meta.url),
  });

let made = 0;
/** A sign-in from the address, as a row of events. */
function attempt(person: number, changes: Partial<MappedEvent> & { shard?: string; key?: string } = {}): IdentityEvent {
  const { shard = shardNames[person % 2]!, key = `person:p${person}`, ...mapped } = changes;
  const row = createTrial().feed(
    {
      native_uid: `a${made++}`,
      class_uid: CLASS.authentication,
      activity_id: 1,
      status: 'failure',
      src_ip: ADDRESS,
      time: START_US + person * 1000,
      ...mapped,
    },
    { key },
  );
  return { ...row, log_shard: shard, log_position: String(made) };
}
const failures = (from: number, to: number, changes?: Parameters<typeof attempt>[1]) =>
  Array.from({ length: to - from }, (_, i) => attempt(from + i, changes));

/** Commits rows as the committer does; gives their uids. */
async function commit(rows: readonly IdentityEvent[], dataChange = true): Promise<string[]> {
  const builder = createFileBuilder(dataColumns(EVENTS), UNCOMPRESSED, { withoutBounds: ['raw', 'reasons'] });
  for (const row of rows) builder.append(row as unknown as Row);
  const date = isoDate(rows[0]!.event_date);
  const add = await addFile(store, EVENTS, builder.finish(), { event_date: date }, `f${files++}`, 0);
  await events.commit(() => [{ add: { ...add, dataChange } }], { operation: 'WRITE' });
  return rows.map((row) => row.event_uid);
}

/** The findings on the log, in the order of each shard. */
async function found(stream = 'events'): Promise<(FindingRecord & { record: LogRecord })[]> {
  const { shards } = await log.describeStream(stream);
  const all: LogRecord[] = [];
  for (const { shardId } of shards) all.push(...(await log.read(stream, shardId, { type: 'TRIM_HORIZON' })).records);
  all.sort((a, b) => a.arrivalUs - b.arrivalUs);
  return all
    .filter(({ app }) => app === FINDING_APP)
    .map((record) => ({ ...findingSchema.parse(JSON.parse(Buffer.from(record.data).toString())), record }));
}
const rowsFound = async () => (await found()).flatMap((finding) => (finding.kind === 'row' ? [finding] : []));

describe('password spray', () => {
  test('ten people who fail from one address within ten minutes are one finding: actors first, the row last', async () => {
    const uids = await commit(failures(0, 10));
    const runner = runnerOf();
    expect(await runner.run(0)).toBe(1);
    const all = await found();
    expect(
      all
        .filter(({ kind }) => kind === 'actor')
        .map(({ record }) => record.key)
        .sort(),
    ).toEqual(Array.from({ length: 10 }, (_, i) => `person:p${i}`));
    const [row] = await rowsFound();
    expect(row).toMatchObject({
      detectionId: 'password_spray',
      severityId: 4,
      timeUs: START_US + 9000,
      windowStartUs: START_US,
      windowEndUs: START_US + WINDOW_US,
      attack: ['T1110.003'],
      eventUids: [...uids].sort(),
      status: 'new',
      reasons: [
        `10 failed sign-ins as 10 people from ${ADDRESS} within 10 minutes`,
        'nobody signed in from the address',
      ],
    });
    expect(row!.entities).toHaveLength(11);
    expect(row!.record).toMatchObject({ key: row!.findingUid, source: 'detection:password_spray' });
    for (const finding of all) {
      expect(finding.findingUid).toBe(row!.findingUid);
      expect(finding.evidenceHash).toBe(row!.evidenceHash);
      expect(finding.record.arrivalUs).toBeLessThanOrEqual(row!.record.arrivalUs);
    }
    expect(await runner.run(0)).toBe(0);
    expect(await runnerOf().run(0)).toBe(0);
  });

  test('nine people, ten tries of one person, other addresses and other events are none', async () => {
    await commit([
      ...failures(0, 9),
      ...Array.from({ length: 10 }, () => attempt(1)),
      ...failures(10, 20, { src_ip: null }),
      ...failures(20, 30, { status: 'success' }),
      ...failures(30, 40, { class_uid: CLASS.apiActivity }),
      ...failures(40, 50, { activity_id: 2 }),
      attempt(9, { src_ip: '192.0.2.8' }),
    ]);
    expect(await runnerOf().run(0)).toBe(0);
    expect(await found()).toEqual([]);
  });

  test('people of two windows are not counted together', async () => {
    await commit([...failures(0, 5), ...failures(5, 10, { time: START_US + WINDOW_US })]);
    expect(await runnerOf().run(0)).toBe(0);
  });

  test('is found across commits, and is critical when somebody got in', async () => {
    const runner = runnerOf();
    await commit(failures(0, 6));
    expect(await runner.run(0)).toBe(0);
    await commit([...failures(6, 10), attempt(50, { status: 'success' })]);
    expect(await runner.run(0)).toBe(1);
    const [row] = await rowsFound();
    expect(row).toMatchObject({
      severityId: 5,
      reasons: [expect.stringMatching('10 people'), expect.stringMatching('^1 signed in')],
    });
    expect(row!.entities).toContain('person:p50');
  });

  test('is told at the first crossing, and again with all evidence once its window has closed', async () => {
    const runner = runnerOf();
    await commit(failures(0, 10));
    await runner.run(START_US);
    await commit(failures(10, 15));
    expect(await runner.run(START_US + 1)).toBe(0);
    expect(await runner.run(START_US + WINDOW_US)).toBe(1);
    const rows = await rowsFound();
    expect(rows.map(({ status, eventUids }) => [status, eventUids.length])).toEqual([
      ['new', 10],
      ['updated', 15],
    ]);
    expect(rows[0]!.findingUid).toBe(rows[1]!.findingUid);
    expect(rows[0]!.evidenceHash).not.toBe(rows[1]!.evidenceHash);
    expect(await runner.run(START_US + 2 * WINDOW_US)).toBe(0);
  });

  test('whose window closes without further evidence is not told again', async () => {
    const runner = runnerOf();
    await commit(failures(0, 10));
    await runner.run(START_US);
    expect(await runner.run(START_US + WINDOW_US)).toBe(0);
    expect(await rowsFound()).toHaveLength(1);
  });

  test('that gets evidence after its window has closed is told again', async () => {
    const runner = runnerOf();
    await commit(failures(0, 10));
    await runner.run(START_US + WINDOW_US);
    await commit(failures(10, 11));
    expect(await runner.run(START_US + WINDOW_US)).toBe(1);
    expect((await rowsFound()).map(({ status }) => status)).toEqual(['new', 'updated']);
  });

  test('is appended again, the same, after a crash between append and cursor: hence once in every state', async () => {
    await commit(failures(0, 10));
    const crashing: Store = {
      ...state,
      put: async () => {
        throw new Error('crash');
      },
    };
    await expect(runnerOf(crashing).run(0)).rejects.toThrow('crash');
    expect(await runnerOf().run(0)).toBe(1);
    const all = await found();
    expect(all).toHaveLength(22);
    expect(new Set(all.map(({ findingUid, evidenceHash }) => `${findingUid} ${evidenceHash}`)).size).toBe(1);
  });

  test('is not looked for in files that hold no new rows', async () => {
    await commit(failures(0, 10), false);
    expect(await runnerOf().run(0)).toBe(0);
  });

  test('raises an actor on every stream that its events came on', async () => {
    const { incarnation, shards } = await log.createStream('import-1', { shards: 1 });
    const shard = `import-1@${incarnation}/${shards[0]!.shardId}`;
    await commit([...failures(0, 10), attempt(3, { shard })]);
    expect(await runnerOf().run(0)).toBe(1);
    expect((await found('import-1')).map(({ kind, record }) => [kind, record.key])).toEqual([['actor', 'person:p3']]);
    expect(await found()).toHaveLength(11);
  });

  test('of a stream that is gone is passed over', async () => {
    await commit(failures(0, 10, { shard: 'gone@abcdefghijkl/shardId-000000000000' }));
    expect(await runnerOf().run(0)).toBe(0);
    await commit(failures(0, 10, { shard: 'gone@abcdefghijkl/shardId-000000000000' }).slice(0, 1));
    await commit(failures(20, 21));
    expect(await runnerOf().run(0)).toBe(1);
    expect((await found()).map(({ record, kind }) => kind === 'row' || record.key)).toEqual(['person:p20', true]);
  });

  test('takes keys as they are, line breaks and quotes included', async () => {
    const key = "okta:a'b\nevents\n";
    await commit([...failures(0, 9), attempt(9, { key })]);
    expect(await runnerOf().run(0)).toBe(1);
    expect((await found()).map(({ record }) => record.key)).toContain(key);
  });
});
