import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRandom, type Random } from '../../core/index.ts';
import { openLog } from '../../log/index.ts';
import { acknowledgedBy, createTestbed, landedIn, type Running, rowsOf, type Testbed } from '../flow/beagle.ts';
import { until } from '../until.ts';
import { type LogUnderTest, logUnderTest } from './log-under-test.ts';
import { startProducer } from './producer.ts';

/** A run on a log that must be reached over the network begins more slowly. */
const KILLS_DEFAULT = { embedded: 20, kafka: 8, kinesis: 8 };
const TABLES = ['events', 'quarantine', 'redeliveries', 'findings'] as const;

let bed: Testbed;
let under: LogUnderTest;
beforeEach(() => {
  bed = createTestbed();
  under = logUnderTest();
});
afterEach(async () => {
  await bed.cleanUp();
  await under.remove();
});

/** How many manifests the data folder holds. */
async function manifestsIn(data: string): Promise<number> {
  const names = await readdir(join(data, 'state', 'batches'), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.json')).length;
}

/**
 * A moment to kill at. Three of five lie anywhere in the start or while a batch fills; the others follow on a
 * new manifest, so that commits are hit too: batches close seconds apart, a random moment would seldom meet one.
 */
async function momentToKill(round: number, data: string, running: Running, random: Random): Promise<string> {
  if (round % 5 < 3) {
    const ms = random.int(6000);
    await pause(ms);
    return `${ms} ms after the start`;
  }
  const before = await manifestsIn(data);
  await until('a batch is closed', async () => running.child.exitCode !== null || (await manifestsIn(data)) > before);
  const ms = random.int(400);
  await pause(ms);
  return `${ms} ms after a manifest`;
}

const contentOf = (data: string, table: string) =>
  rowsOf(data, `SELECT * EXCLUDE (ingested_at) FROM ${table} ORDER BY log_shard, log_position`);

test('killed at random moments, beagle loses nothing that was acknowledged and keeps nothing twice', async () => {
  const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 32));
  console.log(`CRASH_SEED=${seed}`);
  const random = createRandom(seed);
  const data = bed.folder();
  const kills = Number(process.env.CRASH_KILLS ?? KILLS_DEFAULT[under.name]);
  const up = [
    ...['up', '--data', data, '--port', '0', '--people', '200', '--shards', '2', '--workers', '2'],
    ...under.words,
  ];
  const log = await openLog(under.config(data));
  const { incarnation } = await log.createStream('events', { shards: 2 });
  const producer = startProducer(log, 'events', random.split('producer'));

  for (let round = 0; round < kills; round++) {
    const running = bed.start([...up, '--rate', '3000/min'], { env: under.env });
    const moment = await momentToKill(round, data, running, random);
    expect(running.child.exitCode, running.stderr()).toBe(null);
    running.child.kill('SIGKILL');
    const { stderr } = await running.finished;
    // It says nothing but where the page is: no fault, no warning.
    expect(stderr).toMatch(/^(beagle: the page is at \S+\n)?$/);
    console.log(`kill ${round + 1}: ${moment}, ${producer.acknowledged.length} acknowledged`);
  }
  await producer.stop();
  expect(await bed.json([...up, '--rate', '6000/min', '--count', '1'])).toMatchObject({
    generated: 1,
    lost: 0,
    duplicates: 0,
  });

  // Each place on the log that was acknowledged is one row; the generator's, inside the killed process, too.
  const landed = await landedIn(data);
  expect(new Set(landed).size).toBe(landed.length);
  const held = new Set(landed);
  const { acknowledged } = producer;
  expect(acknowledged.filter((at) => !held.has(`events@${incarnation}/${at.shardId} ${at.position}`))).toEqual([]);
  expect(landed).toEqual(await acknowledgedBy(log));
  await log.close();

  // Each event is one row of events or of quarantine; delivered again, it is noted.
  const kept = await rowsOf(data, 'SELECT event_uid FROM events UNION ALL SELECT event_uid FROM quarantine');
  const uids = kept.map(({ event_uid }) => String(event_uid));
  expect(new Set(uids).size).toBe(uids.length);
  const uidsHeld = new Set(uids);
  expect(acknowledged.filter(({ eventUid }) => !uidsHeld.has(eventUid))).toEqual([]);
  const [counts] = await rowsOf(
    data,
    `SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM quarantine) AS quarantined,
            (SELECT count(*) FROM redeliveries) AS redelivered, (SELECT count(*) FROM findings) AS findings`,
  );
  expect(Number(counts?.redelivered)).toBeGreaterThan(0);
  expect(Number(counts?.quarantined)).toBeGreaterThan(0);
  console.log(
    `${kills} kills on ${under.name}, ${acknowledged.length} acknowledged to the other process, ${landed.length} in all: ${JSON.stringify(counts)}, manifests ${await manifestsIn(data)}`,
  );

  const again = bed.folder('rebuilt');
  await bed.json(['rebuild', '--data', data, '--to', again, '--workers', '1', '--batch', '700', ...under.words]);
  for (const table of TABLES) expect(await contentOf(again, table), table).toEqual(await contentOf(data, table));
});
