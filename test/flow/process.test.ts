import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Log, openEmbeddedLog, openKinesisEndpoint, openLog } from '../../log/index.ts';
import { until } from '../until.ts';
import { acknowledgedBy, createTestbed, landedIn, type Running, type Testbed } from './beagle.ts';

const SHARDS = 4;

let bed: Testbed;
let closing: (() => Promise<void>)[];
beforeEach(() => {
  bed = createTestbed();
  closing = [];
});
afterEach(async () => {
  await bed.cleanUp();
  for (const close of closing.reverse()) await close();
});

const CONTENT = (n: number, nowMs: number) =>
  JSON.stringify({ type: 'team_join', event_ts: String(nowMs / 1000), n, user: { id: `U${n % 60}` } });

/** Appends events, with time to breathe in between, until it is told to stop. */
async function produce(log: Log, isOver: () => boolean): Promise<void> {
  for (let n = 0; !isOver(); ) {
    const records = Array.from({ length: 10 }, () => {
      const data = Buffer.from(CONTENT(n, Date.now()));
      return { app: 'slack', source: 'test', key: `slack:U${n++ % 60}`, data };
    });
    await log.append('events', records);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const worked = (running: Running) => running.stderr().match(/ works /g)?.length ?? 0;

test('two processes share the shards of a Kinesis stream; one is killed, one shard split: nothing is lost or doubled', async () => {
  const embedded = await openEmbeddedLog({ ephemeral: true });
  closing.push(() => embedded.close());
  const endpoint = await openKinesisEndpoint(embedded, { host: '127.0.0.1', port: 0 });
  closing.push(() => endpoint.close());
  const log = await openLog({ driver: 'kinesis', region: 'us-east-1', endpoint: endpoint.url, streamPrefix: 't-' });
  closing.push(() => log.close());
  await log.createStream('events', { shards: SHARDS });
  const data = bed.folder();
  const words = ['process', '--data', data, '--log', 'kinesis', '--endpoint', endpoint.url, '--stream-prefix', 't-'];
  let isOver = false;
  const first = bed.start(words);
  await first.shows(/ commits/);
  // Whatever fails first tells; the end of the log that follows is no news.
  const producing = produce(log, () => isOver);
  producing.catch(() => {});
  const second = bed.start(words);
  await until('they share the shards', () => worked(second) >= SHARDS / 2);
  await until('some is in the lake', async () => (await landedIn(data)).length > 0);
  first.child.kill('SIGKILL');
  const [shard] = (await log.describeStream('events')).shards;
  await embedded.splitShard('t-events', shard?.shardId ?? '', String(BigInt(shard?.hashKeyRange.end ?? 0) / 2n));
  await second.shows(/ commits/);
  await until('the other has all', () => worked(second) >= SHARDS + 2);
  isOver = true;
  await producing;
  const acknowledged = await acknowledgedBy(log);
  await until('all is in the lake', async () => (await landedIn(data)).length >= acknowledged.length);
  expect(await landedIn(data)).toEqual(acknowledged);
  second.child.kill('SIGINT');
  expect((await second.finished).code).toBe(0);
  expect(await landedIn(data)).toEqual(acknowledged);
});
