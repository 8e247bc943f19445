import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../core/index.ts';
import { openEmbeddedLog } from '../log/index.ts';
import { fillLake, runInProcess } from './fixture-lake.ts';

let root: string;
let data: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-commands-'));
  data = join(root, 'data');
  await fillLake(data);
});
afterAll(() => rm(root, { recursive: true }));

const run = (name: string, ...words: string[]) => runInProcess(name, [...words, '--data', data]);
const json = async <T>(name: string, ...words: string[]) => JSON.parse(await run(name, ...words, '--json')) as T;

describe('lake sql', () => {
  test('answers as a table, as JSON and as CSV', async () => {
    const query = 'select app, count(*) n from events group by app order by app limit 1';
    const [row] = await json<{ app: string; n: number }[]>('lake sql', query);
    expect(row).toEqual({ app: 'aws', n: expect.any(Number) });
    expect(await run('lake sql', query, '--format', 'json')).toBe(`${JSON.stringify([row])}\n`);
    expect(await run('lake sql', query, '--format', 'csv')).toBe(`app,n\r\naws,${row?.n}\r\n`);
    expect(await run('lake sql', query)).toMatch(/^app +n\n─+ {2}─+\naws +\d+\n$/);
  });

  test('reads a table as it was, by version or by time', async () => {
    const query = 'select count(*) n from events';
    const at = (...words: string[]) => json('lake sql', query, ...words);
    expect(await at()).toEqual([{ n: 800 }]);
    expect(await at('--version', '1')).toEqual([{ n: 400 }]);
    expect(await at('--version', '0')).toEqual([{ n: 0 }]);
    expect(await at('--timestamp', '2099-01-01T00:00:00Z')).toEqual([{ n: 800 }]);
    await expect(at('--version', '99')).rejects.toThrow(ConfigError);
    await expect(at('--timestamp', '1999-01-01T00:00:00Z')).rejects.toThrow(ConfigError);
  });
});

test('lake tables lists every table with its rows', async () => {
  const tables = await json<{ table: string; rows: number; version: number }[]>('lake tables');
  expect(tables.find(({ table }) => table === 'events')).toMatchObject({ rows: 800, version: 2, files: 2 });
  expect(tables.map(({ table }) => table)).toEqual(expect.arrayContaining(['quarantine', 'findings', 'policies']));
  expect(await run('lake tables')).toMatch(/^table +version +rows +files +bytes/);
});

test('lake history lists versions, the newest first', async () => {
  const history = await json<{ version: number; operation: string }[]>('lake history');
  expect(history.map(({ version }) => version)).toEqual([2, 1, 0]);
  expect(await json('lake history', 'events', '--limit', '1')).toHaveLength(1);
  expect(await run('lake history', 'directory')).toContain('WRITE');
});

describe('evolve and policy', () => {
  const evolve = (...words: string[]) =>
    json<{ generations: number; front: { policyId: string }[]; hypervolume: number[]; kneeId: string }>(
      'evolve',
      ...['--population', '8', '--seed', '7', '--version', '2', ...words],
    );

  test('the same version and seed give the same front, in one go or resumed', async () => {
    const whole = await evolve('--generations', '4');
    await evolve('--generations', '2');
    expect(await evolve('--generations', '4', '--resume')).toEqual(whole);
    expect(whole.hypervolume.at(-1)).toBeGreaterThanOrEqual(whole.hypervolume[0] ?? 1);
    // Two runs of 4 and 2 generations, each with generation 0; the resumed one adds what it made, and no more.
    expect(await json('lake sql', 'select count(*) n from generations')).toEqual([{ n: 5 + 3 + 2 }]);
    const text = await run('evolve', '--population', '8', '--generations', '1', '--version', '2');
    expect(text).toMatch(
      /policies on the front, hypervolume 0\.\d+; beagle policy show [0-9a-f]+ explains the knee\n$/,
    );
  });

  test('what cannot be evolved is refused', async () => {
    await expect(evolve('--population', '7')).rejects.toThrow('--population must be even');
    await expect(json('evolve', '--version', '0')).rejects.toThrow('the lake holds no events at this version');
    await expect(json('evolve', '--version', '1', '--population', '8', '--resume')).rejects.toThrow(
      /was measured on version 2, not 1/,
    );
  });

  test('a policy is shown, approved and listed, and every shard of the log is told', async () => {
    const { kneeId } = await evolve('--generations', '2');
    expect(await run('policy show')).toContain('attack impact left');
    expect(await run('policy show', 'v0')).toMatch(/^Policy [0-9a-f]+ \(baseline, version 0\)/);
    const shown = await json<{ objectives: object; explanation: object }>('policy show', kneeId);
    expect(shown).toMatchObject({ policyId: kneeId, lakeVersion: 2, objectives: { security: expect.any(Number) } });

    const approved = await json('policy approve', kneeId.slice(0, 6), '--by', 'Ada', '--comment', 'why not');
    expect(approved).toMatchObject({ policyId: kneeId, version: 1 });
    expect(await run('policy approve', kneeId, '--effective', '2030-01-01T00:00:00Z')).toBe(
      `policy ${kneeId} is version 2, in force from 2030-01-01T00:00:00.000Z\n`,
    );
    const log = await openEmbeddedLog({ path: join(data, 'log') });
    const { records } = await log.read('events', 'shardId-000000000000', { type: 'TRIM_HORIZON' });
    await log.close();
    const told = records.map((record) => JSON.parse(Buffer.from(record.data).toString('utf8')));
    expect(told).toMatchObject([
      { kind: 'policy', policy: { version: 1, parent: 0 } },
      { kind: 'policy', policy: { version: 2, parent: 1, effectiveFrom: Date.UTC(2030, 0) * 1000 } },
    ]);
    const listed = await json<{ version: number | null; comment?: string }[]>('policy list', '--limit', '3');
    expect(listed.map(({ version }) => version).slice(0, 2)).toEqual([2, 1]);
    expect(await run('policy list')).toContain('Ada');
    expect(await run('policy show', 'v1')).toContain('version 1');
  });

  test('an id that is none, or none of a policy, is refused', async () => {
    await expect(run('policy approve', 'abc')).rejects.toThrow('abc is no policy id');
    await expect(run('policy approve', 'ffffffff')).rejects.toThrow('there is no policy ffffffff');
    await expect(run('policy show', 'v77')).rejects.toThrow('there is no policy v77');
  });
});

describe('generate', () => {
  const generate = (...words: string[]) => runInProcess('generate', ['--people', '40', '--count', '120', ...words]);

  test('writes lines, the same for the same seed, of the apps that were asked for', async () => {
    const text = await generate('--seed', '9', '--apps', 'github,slack');
    expect(text.trimEnd().split('\n')).toHaveLength(120);
    expect(await generate('--seed', '9', '--apps', 'github,slack', '--rate', '1000/s')).toBe(text);
    expect(await generate('--seed', '10', '--apps', 'github,slack')).not.toBe(text);
  });

  test('ends after a time of the company’s own clock', async () => {
    const text = await runInProcess('generate', ['--people', '60', '--duration', '2m']);
    expect(text.trimEnd().split('\n')).toHaveLength(120);
  });

  test('writes the labels of attacks beside, and events onto a log', async () => {
    const truth = join(root, 'truth.ndjson');
    const to = join(root, 'filled');
    await runInProcess('generate', [
      ...['--people', '2000', '--count', '1500', '--truth', truth, '--to', to, '--shards', '2'],
    ]);
    const labels = (await readFile(truth, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(labels[0]).toEqual({
      event_uid: expect.stringMatching(/^[0-9a-f]{32}$/),
      campaign: expect.stringMatching(/-\d{4}$/),
      stage: expect.any(String),
    });
    const log = await openEmbeddedLog({ path: join(to, 'log') });
    const { shards } = await log.describeStream('events');
    let count = 0;
    for (const { shardId } of shards)
      count += (await log.read('events', shardId, { type: 'TRIM_HORIZON' })).records.length;
    await log.close();
    expect({ shards: shards.length, count }).toEqual({ shards: 2, count: 1500 });
    await expect(runInProcess('generate', ['--to', to, '--shards', '3'])).rejects.toThrow(
      'the log has 2 shards, not 3',
    );
  });
});
