import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../core/index.ts';
import { acknowledgedOn, createTestbed, landedIn, lineCount, openLog, rowsOf, type Testbed } from './beagle.ts';
import { mutate, withHugeString } from './mutate.ts';

interface Report {
  readonly read: number;
  readonly events: number;
  readonly quarantined: number;
  readonly redelivered: number;
  readonly known: number;
}

const REASON = /^(not_json|not_utf8|not_an_object|too_large|too_deep|unknown_app|unmappable|schema:.+)$/;
const NEWLINE = Buffer.from('\n');

let bed: Testbed;
beforeEach(() => {
  bed = createTestbed();
});
afterEach(() => bed.cleanUp());

const fileOf = (name: string, content: string | Uint8Array): string => {
  const path = bed.folder('file');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, name), content);
  return join(path, name);
};
const joined = (lines: readonly Uint8Array[]) => Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));

/** Native Okta events, one a line. */
async function oktaLines(count: number, seed = 1): Promise<string[]> {
  const words = ['generate', '--apps', 'okta', '--people', '80', '--count', String(count), '--seed', String(seed)];
  const { code, stdout } = await bed.run(words);
  expect(code).toBe(0);
  return stdout.trimEnd().split('\n');
}

const importOf = (data: string, app: string, files: readonly string[], ...words: string[]) =>
  bed.json<Report>(['import', app, ...files, '--data', data, ...words]);
const sumOf = ({ events, quarantined, redelivered, known }: Report) => events + quarantined + redelivered + known;

/** The rows of an import without what differs from one folder to another: when, and where on the log. */
async function contentOf(data: string): Promise<Record<string, unknown>[][]> {
  const of = (table: string) =>
    rowsOf(
      data,
      `SELECT * EXCLUDE (ingested_at, log_shard, log_position) FROM ${table} ORDER BY lpad(log_position, 60, '0')`,
    );
  return [await of('events'), await of('quarantine'), await of('redeliveries')];
}

describe('import of an export', () => {
  test('takes lines, a JSON array and {"Records":[…]}, each packed or not, and none of it twice', async () => {
    const lines = await oktaLines(40);
    const events = lines.map((line) => JSON.parse(line) as unknown);
    const texts = { 'a.ndjson': lines.join('\n'), 'b.json': JSON.stringify(events, null, 2) };
    const all = { ...texts, 'c.json': `\ufeff{ "Records" :${JSON.stringify(events)}}` };
    const files = Object.entries(all).flatMap(([name, text]) => [
      fileOf(name, text),
      fileOf(`${name}.gz`, gzipSync(text)),
    ]);
    const data = bed.folder();
    expect(await importOf(data, 'okta', files)).toEqual({
      read: 240,
      events: 40,
      quarantined: 0,
      redelivered: 200,
      known: 0,
    });
  });

  test('ends with exit code 2 and one line when a file or an app is not there', async () => {
    const data = bed.folder();
    const good = fileOf('good.ndjson', '{"eventType":"user.session.start"}\n');
    const refused: [string[], RegExp][] = [
      [['okta', join(data, 'none.ndjson')], /\[import\] cannot read .*none\.ndjson: .*; check the file and its name/],
      [['okta', good, dirname(good)], /\[import\] cannot read /],
      [['okta', fileOf('not-packed.gz', 'plain')], /\[import\] cannot read .*not-packed\.gz/],
      [['nobody', good], /\[import\] there is no app nobody; there are .*okta/],
      [['okta'], /FILE is missing/],
    ];
    const ended = await Promise.all(refused.map(([words]) => bed.run(['import', ...words, '--data', data])));
    for (const [i, { code, stdout, stderr }] of ended.entries()) {
      expect({ code, stdout, lines: lineCount(stderr) }, stderr).toEqual({ code: 2, stdout: '', lines: 1 });
      expect(stderr).toMatch(refused[i]![1]);
    }
  });
});

test('an import killed again and again ends with the rows of one that was left alone', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = createRandom(seed);
  // Cut off, a line has no time of its own: one that keeps its members but its time would get that of its arrival.
  const lines = (await oktaLines(2950)).map((line) => (random.next() < 0.05 ? line.slice(0, 200) : line));
  const file = fileOf('okta.ndjson', [...lines, ...lines.slice(0, 50)].join('\n'));
  const [left, killed] = [bed.folder('left'), bed.folder('killed')];
  const startedMs = performance.now();
  const undisturbed = await importOf(left, 'okta', [file]);
  const durationMs = performance.now() - startedMs;
  expect(undisturbed.read).toBe(3000);
  expect(sumOf(undisturbed)).toBe(3000);
  let kills = 0;
  for (const share of [0.3, 0.6, 0.85]) {
    const running = bed.start(['import', 'okta', file, '--data', killed]);
    await Promise.race([running.finished, pause(durationMs * (share + 0.1 * (random.next() - 0.5)))]);
    if (running.child.kill('SIGKILL')) kills++;
    await running.finished;
  }
  console.log(`an import of ${durationMs.toFixed(0)} ms was killed ${kills} times, seed ${seed}`);
  expect(kills).toBeGreaterThan(0);
  expect(await importOf(killed, 'okta', [file])).toEqual(undisturbed);
  expect(await contentOf(killed)).toEqual(await contentOf(left));
  const log = await openLog(killed);
  const [stream = ''] = (await log.listStreams()).filter((name) => name.startsWith('import-okta'));
  await log.close();
  expect(await landedIn(killed, stream)).toEqual(await acknowledgedOn(killed, stream));
}, 120_000);

test('of 10,000 events, half of them damaged, the others are in events and the sums make 10,000', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = createRandom(seed);
  console.log(`damaged with seed ${seed}`);
  const whole: string[] = [];
  const lines = (await oktaLines(10_000, 2)).map((line, i) => {
    if (i % 1000 === 500) return withHugeString(line, random);
    if (i % 2 === 1) return mutate(line, random);
    whole.push(line);
    return Buffer.from(line);
  });
  const data = bed.folder();
  const report = await importOf(data, 'okta', [fileOf('damaged.ndjson', joined(lines))]);
  expect(report.read).toBe(10_000);
  expect(sumOf(report)).toBe(10_000);
  expect(report.quarantined).toBeGreaterThan(1000);
  const held = new Set((await rowsOf(data, 'SELECT raw FROM events')).map((row) => row.raw));
  expect(whole.filter((line) => !held.has(line))).toEqual([]);
  const quarantined = await rowsOf(data, 'SELECT reason, count(*) AS n FROM quarantine GROUP BY reason');
  expect(quarantined.map(({ reason }) => String(reason)).filter((reason) => !REASON.test(reason))).toEqual([]);
  const reasons = quarantined.map(({ reason }) => reason);
  expect(reasons).toEqual(expect.arrayContaining(['not_json', 'not_utf8', 'too_deep', 'too_large', 'not_an_object']));
}, 120_000);

const CORPORA = fileURLToPath(new URL('../../../shared/corpora/events/', import.meta.url));
const hasCorpora = existsSync(CORPORA);
if (!hasCorpora) console.log('skipped: events of the vendors’ products are not at ../shared/corpora/events');

describe.skipIf(!hasCorpora)('events that the vendors’ products wrote', () => {
  /** App, its files, and the least share of them that must be in events (redelivered ones aside). */
  const IMPORTS = [
    ['okta', ['okta.ndjson'], 0.95],
    ['github', ['github.ndjson'], 0.95],
    ['slack', ['slack.ndjson'], 0],
    ['aws', ['aws.ndjson', 'aws-invictus.ndjson'], 0.95],
  ] as const;

  test('each is one row, most of them in events, and importing them again adds none', async () => {
    const data = bed.folder();
    // An up has the folder: imports leave the landing to it.
    const running = bed.start(['up', '--data', data, '--port', '0', '--people', '100', '--rate', '600/min']);
    await running.shows(/the page is at/);
    const reports: Report[] = [];
    for (const [app, names, share] of IMPORTS) {
      const paths = names.map((name) => join(CORPORA, name));
      const lines = (await Promise.all(paths.map((path) => readFile(path, 'utf8')))).map(lineCount);
      const report = await importOf(data, app, paths, '--pointer', '/event');
      console.log(`${app}: ${JSON.stringify(report)}`);
      expect(report.read).toBe(lines.reduce((sum, n) => sum + n, 0));
      expect(sumOf(report)).toBe(report.read);
      // So few that each of the files by itself holds to the share.
      expect(report.quarantined).toBeLessThanOrEqual((1 - share) * Math.min(...lines));
      reports.push(report);
    }
    const reasons = await rowsOf(data, 'SELECT DISTINCT reason FROM quarantine');
    expect(reasons.map(({ reason }) => String(reason)).filter((reason) => !REASON.test(reason))).toEqual([]);
    const imported = (table: string) =>
      rowsOf(data, `SELECT * FROM ${table} WHERE starts_with(log_shard, 'import-') ORDER BY log_shard, log_position`);
    const rows = () => Promise.all(['events', 'quarantine', 'redeliveries'].map(imported));
    const before = await rows();
    const [app, names] = IMPORTS[0];
    const again = await importOf(data, app, [join(CORPORA, names[0])], '--pointer', '/event');
    expect(again).toEqual(reports[0]);
    // One of the two files that were imported together: a new selection of events that are all there.
    const one = await importOf(data, 'aws', [join(CORPORA, 'aws.ndjson')], '--pointer', '/event');
    expect(one).toMatchObject({ events: 0, quarantined: 0, redelivered: 0, known: one.read });
    expect(await rows()).toEqual(before);
    running.child.kill('SIGINT');
    expect((await running.finished).code).toBe(0);
    expect(running.stderr()).toMatch(/^beagle: the page is at \S+\n$/);
  }, 120_000);
});
