import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../core/index.ts';
import type { Log, Start } from '../log.ts';
import { openEmbeddedLog } from './embedded.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURE = fileURLToPath(new URL('./embedded.fixture.mjs', import.meta.url));
const HORIZON: Start = { type: 'TRIM_HORIZON' };
/** Beside the packages, so that the compiled files find them. */
const BUILD = join(ROOT, 'node_modules', '.cache', `beagle-log-${process.pid}`);

function newest(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(...times);
}

/** The compiled log: what `npm run build` made when it is up to date, else made here. */
async function compiledIndex(): Promise<string> {
  const built = join(ROOT, 'dist', 'log', 'index.js');
  const sources = Math.max(newest(join(ROOT, 'log')), newest(join(ROOT, 'core')));
  if (existsSync(built) && statSync(built).mtimeMs > sources) return pathToFileURL(built).href;
  mkdirSync(BUILD, { recursive: true });
  writeFileSync(join(BUILD, 'package.json'), '{"type":"module"}');
  const configuration = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { rootDir: ROOT, outDir: BUILD, noCheck: true, sourceMap: false },
    files: [join(ROOT, 'log', 'index.ts')],
    include: [],
  };
  writeFileSync(join(BUILD, 'tsconfig.json'), JSON.stringify(configuration));
  execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', BUILD], { cwd: ROOT });
  return pathToFileURL(join(BUILD, 'log', 'index.js')).href;
}

let index: string;
beforeAll(async () => {
  index = await compiledIndex();
});
afterAll(() => rmSync(BUILD, { recursive: true, force: true }));

describe('the embedded log among processes and threads', () => {
  let path: string;
  let children: ChildProcess[];
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'beagle-log-'));
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(path, { recursive: true });
  });

  const start = (mode: string, name = ''): ChildProcess => {
    const child = spawn(process.execPath, [FIXTURE, mode, index, path, name], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  };
  const exitOf = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  /** Kills the child after it has acknowledged `count` records; gives all that it acknowledged. */
  const killAfter = async (child: ChildProcess, count: number): Promise<number[]> => {
    const acknowledged: number[] = [];
    const exited = exitOf(child);
    for await (const line of createInterface({ input: child.stdout! })) {
      acknowledged.push(Number(line));
      if (acknowledged.length === count) child.kill('SIGKILL');
    }
    await exited;
    return acknowledged;
  };
  const readAll = async (log: Log, stream: string): Promise<Map<string, number[]>> => {
    const numbers = new Map<string, number[]>();
    for (const { shardId } of (await log.describeStream(stream)).shards) {
      for (let at: Start = HORIZON; ; ) {
        const { records, next } = await log.read(stream, shardId, at);
        if (records.length === 0) break;
        for (const { key, source, data } of records) {
          const n = Number(source.split(':')[1]);
          expect([data.length, data[0]]).toEqual([200 + (n % 900), n % 256]);
          numbers.set(key, [...(numbers.get(key) ?? []), n]);
        }
        at = next;
      }
    }
    return numbers;
  };

  test('keeps every acknowledged record once and in order over kill -9 of two writers at random moments', async () => {
    const random = createRandom('kill');
    let log = await openEmbeddedLog({ path });
    await log.createStream('s', { shards: 2 });
    await log.close();
    const acknowledged = new Map<string, number[]>();
    for (let round = 0; round < 4; round++) {
      await Promise.all(
        ['x', 'y'].map(async (who) => {
          const name = `${who}${round}`;
          acknowledged.set(name, await killAfter(start('append', name), 1 + random.int(1500)));
        }),
      );
    }
    log = await openEmbeddedLog({ path });
    const found = await readAll(log, 's');
    for (const [name, numbers] of acknowledged) {
      const kept = found.get(name) ?? [];
      // A writer numbers its records as it appends them: in order and once means strictly ascending, without a gap.
      expect(kept).toEqual(kept.map((_, i) => i));
      expect(Math.max(...numbers)).toBeLessThan(kept.length);
    }
    await log.append('s', [{ app: 'a', source: 's', key: 'k', data: new Uint8Array(1) }]);
    await log.close();
  });

  test('passes records between processes within milliseconds', async () => {
    const log = await openEmbeddedLog({ path });
    for (const stream of ['ping', 'pong']) await log.createStream(stream, { shards: 1 });
    const echo = start('echo');
    const exited = exitOf(echo);
    const roundTrips: number[] = [];
    let at: Start = HORIZON;
    for (let i = 0; i <= 30; i++) {
      const begun = performance.now();
      await log.append('ping', [
        { app: 'a', source: i === 30 ? 'stop' : String(i), key: 'k', data: new Uint8Array(9) },
      ]);
      await log.watch('pong', 'shardId-000000000000', at, 20_000);
      const { records, next } = await log.read('pong', 'shardId-000000000000', at);
      expect(records).toHaveLength(1);
      at = next;
      if (i > 0) roundTrips.push(performance.now() - begun);
    }
    expect(await exited).toBe(0);
    await log.close();
    roundTrips.sort((a, b) => a - b);
    expect(roundTrips[15]).toBeLessThan(100);
  });

  // A limit on the size of files stands for a full disk: it needs no mount, and prlimit makes room while it runs.
  test.skipIf(spawnSync('prlimit', ['--version']).status !== 0)(
    'outlives a disk that fills up: what was acknowledged is readable, and appends go on once there is room',
    async () => {
      const command = `trap '' XFSZ; ulimit -Sf 4096; exec "$@"`;
      const node = [process.execPath, FIXTURE, 'full', index, path];
      const child = spawn('bash', ['-c', command, 'bash', ...node], { stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      const exited = exitOf(child);
      const lines: Record<string, unknown>[] = [];
      for await (const line of createInterface({ input: child.stdout! })) {
        if (lines.push(JSON.parse(line)) > 1) continue;
        execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=1000000000']);
        child.stdin!.end('there is room\n');
      }
      expect(await exited).toBe(0);
      expect(lines[0]).toMatchObject({
        error: { name: 'RetryableError', message: expect.stringMatching(/^\[log\/embedded\] writing failed: [^\n]+$/) },
      });
      const { acknowledged, read, after } = lines[1] as { acknowledged: number; read: number; after: string };
      expect(acknowledged).toBeGreaterThan(10);
      expect(read).toBe(acknowledged);
      expect(after.endsWith(String(acknowledged).padStart(16, '0'))).toBe(true);
    },
  );

  test('serves worker threads of one process, which ends by itself once all have closed', async () => {
    const child = start('threads');
    const exited = exitOf(child);
    let output = '';
    for await (const chunk of child.stdout!) output += chunk;
    expect(await exited).toBe(0);
    const seen = JSON.parse(output) as string[];
    for (const who of ['main', 'a', 'b']) {
      expect(seen.filter((source) => source.startsWith(`${who}:`))).toEqual(
        Array.from({ length: 200 }, (_, i) => `${who}:${i}`),
      );
    }
  });

  test('goes on when threads are ended in the middle of their appends, and exits in the middle of its own', async () => {
    const child = start('terminate');
    const exited = exitOf(child);
    let output = '';
    for await (const chunk of child.stdout!) output += chunk;
    expect(output).toBe('fine');
    expect(await exited).toBe(0);
    const log = await openEmbeddedLog({ path });
    const found = await readAll(log, 's');
    expect(found.get('main')).toEqual([0, 1, 2, 3, 4]);
    for (const numbers of found.values()) expect(numbers).toEqual(numbers.map((_, i) => i));
    await log.close();
  });
});
