import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRandom } from '../../core/index.ts';
import { type Log, openEmbeddedLog, type Start } from '../../log/index.ts';

const KILLS = 100;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURE = join(ROOT, 'log', 'drivers', 'embedded.fixture.mjs');
const INDEX = pathToFileURL(join(ROOT, 'dist', 'log', 'index.js')).href;

let path: string;
const children = new Set<ChildProcess>();
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'beagle-log-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(path, { recursive: true });
});

/** Appends at full speed until it has acknowledged `count` records and is killed; gives the number acknowledged. */
async function appendUntilKilled(name: string, count: number): Promise<number> {
  const child = spawn(process.execPath, [FIXTURE, 'append', INDEX, path, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  let acknowledged = 0;
  for await (const _ of createInterface({ input: child.stdout })) {
    acknowledged++;
    if (acknowledged === count) child.kill('SIGKILL');
  }
  children.delete(child);
  return acknowledged;
}

/** The numbers of the records of each writer, in the order in which they lie on their shard. */
async function numbersIn(log: Log): Promise<Map<string, number[]>> {
  const numbers = new Map<string, number[]>();
  for (const { shardId } of (await log.describeStream('s')).shards) {
    let at: Start = { type: 'TRIM_HORIZON' };
    for (;;) {
      const { records, next } = await log.read('s', shardId, at);
      if (records.length === 0) break;
      at = next;
      for (const { key, source, data } of records) {
        const n = Number(source.split(':')[1]);
        if (data.length !== 200 + (n % 900) || data[0] !== n % 256) throw new Error(`${source} has other data`);
        const found = numbers.get(key);
        if (found === undefined) numbers.set(key, [n]);
        else found.push(n);
      }
    }
  }
  return numbers;
}

test('two writers killed a hundred times leave every acknowledged record on the log once and in order', async () => {
  const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 32));
  console.log(`CRASH_SEED=${seed}`);
  const random = createRandom(seed);
  const log = await openEmbeddedLog({ path });
  await log.createStream('s', { shards: 2 });
  const acknowledged = new Map<string, number>();
  // While one is killed and begins again the other goes on, so that most deaths meet a writer that waits for its turn.
  const writer = async (who: string): Promise<void> => {
    for (let round = 0; round < KILLS / 2; round++) {
      const name = `${who}${round}`;
      acknowledged.set(name, await appendUntilKilled(name, 1 + random.int(2000)));
    }
  };
  await Promise.all(['x', 'y'].map(writer));

  const found = await numbersIn(log);
  let total = 0;
  for (const [name, count] of acknowledged) {
    const numbers = found.get(name) ?? [];
    // A writer numbers its records as it appends them: once and in order means from 0 on without a gap.
    expect(numbers.every((n, i) => n === i)).toBe(true);
    expect(numbers.length).toBeGreaterThanOrEqual(count);
    total += numbers.length;
  }
  expect(found.size).toBe(acknowledged.size);
  console.log(`${acknowledged.size} kills, ${total} records`);
  await log.close();
  const again = await openEmbeddedLog({ path });
  expect((await numbersIn(again)).size).toBe(found.size);
  await again.append('s', [{ app: 'a', source: 's', key: 'k', data: new Uint8Array(1) }]);
  await again.close();
});
