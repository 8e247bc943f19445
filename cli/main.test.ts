import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS } from './commands.ts';
import { main } from './main.ts';

let folder: string;
let stdout: string;
let stderr: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-main-'));
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('BEAGLE_'))) vi.stubEnv(name, undefined);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.stdout.removeAllListeners('error');
});

/** Runs and gives what was written to standard error. */
async function refused(words: readonly string[]): Promise<string> {
  expect(await main(words)).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^beagle: \[[^\n]+\n$/);
  return stderr;
}

describe('--help', () => {
  test.each([...COMMANDS.keys()])('%s tells its usage and its options', async (name) => {
    expect(await main([...name.split(' '), '--help'])).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain(`Usage: beagle ${name}`);
    const command = await COMMANDS.get(name)?.load();
    for (const option of command?.options ?? []) expect(stdout).toContain(`--${option}`);
    for (const example of command?.examples ?? []) expect(stdout).toContain(example);
  });

  test.each([[[]], [['--help']], [['-h']], [['help']]])('%j tells every command', async (words) => {
    expect(await main(words)).toBe(0);
    for (const name of COMMANDS.keys()) expect(stdout).toContain(`  ${name} `);
  });

  test.each([[['lake']], [['lake', '--help']]])('%j tells the commands of the family', async (words) => {
    expect(await main(words)).toBe(0);
    expect(stdout).toContain('  lake sql ');
    expect(stdout).not.toContain('  policy list');
  });
});

describe('what cannot be is refused in one line', () => {
  test.each([
    [['fly'], 'there is no command fly; there are up'],
    [['lake', 'drain'], 'there is no command lake drain; there are lake sql, lake tables, lake history'],
    [['up', '--fast'], "Unknown option '--fast'; see beagle up --help"],
    [['up', 'now'], 'now is one argument too many; see beagle up --help'],
    [['up', '--rate', '10'], '--rate must be a rate such as 10000/min or 200/s, not "10"'],
    [['up', '--rate', '0/s'], '--rate must be a rate'],
    [['up', '--duration', 'soon'], '--duration must be a time such as 60s, 5m or 2h, not "soon"'],
    [['up', '--port', '70000'], '--port must be at most 65535'],
    [['up', '--count', '1.5'], '--count must be a whole number'],
    [['up', '--count', ''], '--count must be'],
    [['up', '--log', 'pulsar'], '--log must be embedded, kafka or kinesis'],
    [['up', '--log', 'kafka'], '--log kafka needs brokers; set --brokers host:port'],
    [['up', '--host', '0.0.0.0'], 'set --token'],
    [['up', '--host', '0.0.0.0', '--token', 'short'], '--token must have at least 16 characters'],
    [['up', '--rate'], "'--rate <value>' argument missing"],
    [['up', '--data', '/dev/null/data'], 'cannot create the data folder /dev/null/data'],
    [['generate', '--start', 'yesterday'], '--start must be a time such as'],
    [['generate', '--apps', 'okta,nobody'], 'there is no app nobody; there are '],
    [['generate', '--truth', 'no/such/folder/truth'], 'cannot write no/such/folder/truth'],
    [['import'], 'APP is missing'],
    [['import', 'nobody', 'f'], 'there is no app nobody; there are '],
    [['import', 'okta', 'f', '--pointer', 'event'], '--pointer must be a JSON pointer such as /event'],
    [['rebuild'], '--to is missing'],
    [['rebuild', '--data', 'd', '--to', './d'], '--to must be another folder'],
    [['rebuild', '--data', '/nowhere', '--to', '/nowhere/2'], 'there is no lake in /nowhere'],
    [['lake', 'sql'], 'QUERY is missing'],
    [['lake', 'sql', 'select 1', '--data', '/nowhere'], 'there is no lake in /nowhere'],
    [['lake', 'sql', 'select 1', '--format', 'xml'], '--format must be table, json or csv'],
    [['lake', 'sql', 'x', '--version', '1', '--timestamp', '2026-01-01'], 'exclude each other'],
    [['lake', 'tables', '--data', '/nowhere'], 'there is no lake in /nowhere'],
    [['lake', 'history', '--data', '/nowhere'], 'there is no lake in /nowhere'],
    [['evolve', '--data', '/nowhere'], 'there is no lake in /nowhere'],
    [['evolve', '--population', '3'], '--population must be at least 4'],
    [['policy', 'approve'], 'ID is missing'],
    [['policy', 'list', '--data', '/nowhere'], 'there is no lake in /nowhere'],
    [['policy', 'show', 'v1', '--data', '/nowhere'], 'there is no lake in /nowhere'],
    [['bench', 'speed'], 'there is no bench speed; there are log, pipeline'],
  ])('%j', async (words, says) => {
    expect(await refused(words)).toContain(says);
  });

  test.each([
    ['selec 1'],
    ['select * from nowhere'],
    ['drop table events'],
    ["copy (select 1) to 'x'"],
    ["select * from read_text('/etc/hostname')"],
  ])('the query %s', async (query) => {
    await mkdir(join(folder, 'lake'), { recursive: true });
    await refused(['lake', 'sql', query, '--data', folder]);
  });
});

test.each([
  [
    ['up', '--brokers', '127.0.0.1:9092'],
    '--brokers says nothing of the embedded log; add --log kafka, or leave it out',
  ],
  [
    ['log', 'lag', '--endpoint', 'http://127.0.0.1:4567'],
    '--endpoint says nothing of the embedded log; add --log kinesis',
  ],
  [
    ['process', '--stream-prefix', 'a.'],
    '--stream-prefix says nothing of the embedded log; add --log kafka or --log kinesis',
  ],
  [['process', '--log', 'kinesis', '--tls'], '--tls says nothing of the kinesis log; add --log kafka'],
])('an option of another engine is not passed over: %j', async (words, message) => {
  expect(await refused(words)).toContain(message);
});

test('options of other engines may stand in the environment', async () => {
  vi.stubEnv('BEAGLE_BROKERS', '127.0.0.1:9092');
  try {
    expect(await main(['log', 'streams', '--data', join(folder, 'absent')])).toBe(2);
    expect(stderr).not.toContain('brokers');
  } finally {
    vi.stubEnv('BEAGLE_BROKERS', undefined);
  }
});

test('a fault of the program itself is told in one line with exit code 1', async () => {
  const entry = COMMANDS.get('bench');
  vi.spyOn(entry as NonNullable<typeof entry>, 'load').mockRejectedValue(new Error('it\n  broke'));
  expect(await main(['bench', 'pipeline'])).toBe(1);
  expect(stderr).toBe('beagle: it broke\n');
});
