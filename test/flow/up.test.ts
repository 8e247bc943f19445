import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { acknowledgedOn, createTestbed, landedIn, lineCount, type Testbed } from './beagle.ts';

interface Report {
  readonly generated: number;
  readonly events: number;
  readonly quarantined: number;
  readonly redelivered: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly eventsPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly lakeVersion: number;
}

let bed: Testbed;
beforeEach(() => {
  bed = createTestbed();
});
afterEach(() => bed.cleanUp());

/** Few people, so that a start takes no longer than it must. */
const up = (data: string, ...words: string[]) => ['up', '--data', data, '--port', '0', '--people', '300', ...words];
const count = (n: number) => ['--rate', '30000/min', '--count', String(n)];

const expectWhole = (report: Report, generated: number) => {
  expect(report).toMatchObject({ generated, lost: 0, duplicates: 0 });
  expect(report.events + report.quarantined + report.redelivered).toBe(generated);
};

test('up brings every event that it generated into the lake once, and goes on there at the next start', async () => {
  const data = bed.folder();
  const first = await bed.json<Report>(up(data, ...count(1500)));
  expectWhole(first, 1500);
  expect(first.latencyMs.p50).toBeLessThanOrEqual(first.latencyMs.p99);
  expect(first.latencyMs.p99).toBeLessThanOrEqual(first.latencyMs.max);
  const sql = 'select count(*) n, count(distinct event_uid) u from events';
  expect(await bed.json(['lake', 'sql', sql, '--data', data])).toEqual([{ n: first.events, u: first.events }]);
  const second = await bed.json<Report>(up(data, ...count(400)));
  expectWhole(second, 400);
  expect(second.lakeVersion).toBeGreaterThan(first.lakeVersion);
  const all = first.events + second.events;
  expect(await bed.json(['lake', 'sql', sql, '--data', data])).toEqual([{ n: all, u: all }]);
  expect(await landedIn(data)).toEqual(await acknowledgedOn(data));
});

test('a stage that fails ends up with one line that says what to do', async () => {
  const data = bed.folder();
  mkdirSync(join(data, 'state'), { recursive: true });
  writeFileSync(join(data, 'state', 'batches'), 'a file where a folder must be');
  const { code, stdout, stderr } = await bed.run(up(data, ...count(5)));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^beagle: the page is at \S+\nbeagle: \[lake\/store\] cannot write batches\/[^\n]+\n$/);
  expect(existsSync(join(data, 'lock'))).toBe(false);
});

describe('Ctrl-C', () => {
  const stop = async (running: ReturnType<Testbed['start']>) => {
    const startedMs = performance.now();
    running.child.kill('SIGINT');
    const { code, stderr } = await running.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('[') });
    expect(performance.now() - startedMs).toBeLessThan(5000);
  };

  test('exits 0 within 5 s, and what the log acknowledged is in the lake after the next start', async () => {
    const data = bed.folder();
    const running = bed.start(up(data, '--rate', '12000/min', '--shards', '2'));
    await running.shows(/the page is at/);
    await until('events are on the log', async () => (await acknowledgedOn(data)).length >= 300);
    await stop(running);
    const acknowledged = await acknowledgedOn(data);
    expectWhole(await bed.json<Report>(up(data, '--rate', '6000/min', '--count', '1')), 1);
    const landed = await landedIn(data);
    expect(landed).toHaveLength(acknowledged.length + 1);
    expect(landed).toEqual(await acknowledgedOn(data));
  });

  test('exits 0 within 5 s while the start is still under way', async () => {
    const data = bed.folder();
    const running = bed.start(up(data));
    await until('the folder is taken', () => existsSync(join(data, 'lock')));
    await stop(running);
    expect(existsSync(join(data, 'lock'))).toBe(false);
  });
});

describe('while one up runs', () => {
  test('a second on its folder, or on its port, ends with exit code 2 and one line that says what to do', async () => {
    const data = bed.folder();
    const running = bed.start(up(data, '--rate', '600/min'));
    const [, url = ''] = await running.shows(/the page is at (http:\/\/127\.0\.0\.1:\d+\/)\n/);
    expect(await (await fetch(url)).text()).toContain('<html');
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);

    const sameFolder = await bed.run(up(data, '--count', '1'));
    expect(sameFolder.code).toBe(2);
    expect(sameFolder.stderr).toBe(
      `beagle: [cli] ${data} is in use by process ${running.child.pid}; stop it or name another folder with --data\n`,
    );

    const other = bed.folder();
    const { port } = new URL(url);
    const samePort = await bed.run(['up', '--data', other, '--people', '50', '--port', port, '--count', '1']);
    expect({ code: samePort.code, lines: lineCount(samePort.stderr), stdout: samePort.stdout }).toEqual({
      code: 2,
      lines: 1,
      stdout: '',
    });
    const [, free = ''] = /port \d+ is in use; try --port (\d+)/.exec(samePort.stderr) ?? [];
    expect(free).not.toBe(port);
    expect(existsSync(join(other, 'lock'))).toBe(false);
    const taken = await bed.json<Report>(['up', '--data', other, '--people', '50', '--port', free, '--count', '5']);
    expectWhole(taken, 5);
  });
});
