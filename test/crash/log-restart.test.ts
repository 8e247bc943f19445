import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLog } from '../../log/index.ts';
import { acknowledgedBy, createTestbed, landedIn, type Testbed } from '../flow/beagle.ts';
import { until } from '../until.ts';
import { type LogUnderTest, logUnderTest } from './log-under-test.ts';

/** `KAFKA_KILL` kills a broker (kill -9), `KAFKA_UP` starts what is missing and returns once it answers. */
const { KAFKA_BROKERS, KAFKA_KILL, KAFKA_UP } = process.env;
const hasBroker = KAFKA_BROKERS !== undefined && KAFKA_KILL !== undefined && KAFKA_UP !== undefined;
const shell = (command = '') => promisify(execFile)('/bin/sh', ['-c', command]);

interface Report {
  readonly generated: number;
  readonly lost: number;
  readonly duplicates: number;
}

let bed: Testbed;
beforeEach(() => {
  bed = createTestbed();
});
afterEach(() => bed.cleanUp());

/** A run of 40 s under which the log is killed and started again. */
async function runThrough(under: LogUnderTest, restart: () => Promise<void>): Promise<void> {
  const data = bed.folder();
  const up = ['up', '--data', data, '--port', '0', '--people', '200', '--shards', '2', '--workers', '2', '--json'];
  const running = bed.start([...up, '--rate', '3000/min', '--duration', '40s', ...under.words], { env: under.env });
  await running.shows(/the page is at/);
  const log = await openLog(under.config(data));
  try {
    await until('events are on the log', async () => (await log.listStreams()).includes('events'));
    await until('some are acknowledged', async () => (await acknowledgedBy(log)).length > 200);
    await restart();
    const { code, stdout, stderr } = await running.finished;
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ lost: 0, duplicates: 0 });
    expect(report.generated).toBeGreaterThan(1500);
    expect(await landedIn(data)).toEqual(await acknowledgedBy(log));
  } finally {
    await log.close();
  }
}

describe.skipIf(!hasBroker)(
  hasBroker ? 'Kafka' : 'Kafka (needs KAFKA_BROKERS, and the commands KAFKA_KILL and KAFKA_UP)',
  () => {
    test('a broker killed in mid-run costs no row and doubles none', async () => {
      const under = logUnderTest('kafka');
      await runThrough(under, async () => {
        await shell(KAFKA_KILL);
        await shell(KAFKA_UP);
      }).finally(() => under.remove());
    });
  },
);

describe('a Kinesis endpoint', () => {
  test('killed in mid-run it costs no row and doubles none', async () => {
    const folder = bed.folder('kinesis');
    const serve = (port: string) => bed.start(['kinesis', '--port', port, '--data', folder, '--json']);
    const first = serve('0');
    const printed = await until('it tells its address', () => /"url":"([^"]+)"/.exec(first.stdout()));
    const endpoint = printed[1] ?? '';
    await runThrough(logUnderTest('kinesis', endpoint), async () => {
      first.child.kill('SIGKILL');
      await first.finished;
      serve(new URL(endpoint).port);
    });
  });
});
