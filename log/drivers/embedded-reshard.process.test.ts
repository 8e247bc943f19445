import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Start } from '../log.ts';
import { openEmbeddedLog } from './embedded.ts';
import type { EmbeddedLog, ShardDetails } from './embedded-log.ts';

const FIXTURE = fileURLToPath(new URL('./embedded.fixture.mjs', import.meta.url));
/** Other processes run what `npm run build` made. */
const BUILT = new URL('../../dist/log/index.js', import.meta.url);
const built = existsSync(BUILT);

const width = ({ hashKeyRange: { start, end } }: ShardDetails): bigint => BigInt(end) - BigInt(start);

function byHashKey(a: ShardDetails, b: ShardDetails): number {
  return BigInt(a.hashKeyRange.start) < BigInt(b.hashKeyRange.start) ? -1 : 1;
}

/** Splits the widest open shard, or merges its first two neighbours when there are more than five. */
async function reshard(log: EmbeddedLog): Promise<void> {
  const open = log
    .shards('s')
    .filter((shard) => !shard.closed)
    .sort(byHashKey);
  const [first, second] = open;
  if (open.length > 5) await log.mergeShards('s', first!.shardId, second!.shardId);
  else {
    const { shardId, hashKeyRange } = open.reduce((widest, shard) => (width(shard) > width(widest) ? shard : widest));
    await log.splitShard('s', shardId, String((BigInt(hashKeyRange.start) + BigInt(hashKeyRange.end) + 1n) / 2n));
  }
}

/** The sources of all records by key, parents read to their end before their children. */
async function readAll(log: EmbeddedLog): Promise<Map<string, number[]>> {
  const numbers = new Map<string, number[]>();
  for (const { shardId, closed } of log.shards('s')) {
    for (let at: Start = { type: 'TRIM_HORIZON' }; ; ) {
      const { records, next, ended } = await log.read('s', shardId, at);
      for (const { key, source } of records) {
        const known = numbers.get(key) ?? [];
        known.push(Number(source.split(':')[1]));
        numbers.set(key, known);
      }
      at = next;
      if (closed ? ended : records.length === 0) break;
    }
  }
  return numbers;
}

const title = built ? 'shards split among processes' : 'shards split among processes (skipped: npm run build first)';
describe.skipIf(!built)(title, () => {
  let path: string;
  let log: EmbeddedLog;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'beagle-log-'));
    log = await openEmbeddedLog({ path });
    await log.createStream('s', { shards: 1 });
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await log.close();
    await rm(path, { recursive: true });
  });

  test('keep every acknowledged record once and in order, however the appending processes end', async () => {
    const acknowledged = new Map<string, number[]>();
    for (const name of ['one', 'two']) {
      const child = spawn(process.execPath, [FIXTURE, 'append', BUILT.href, path, name], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const numbers: number[] = [];
      acknowledged.set(name, numbers);
      createInterface({ input: child.stdout! }).on('line', (line) => numbers.push(Number(line)));
    }
    const deadline = Date.now() + 20_000;
    const enough = (): boolean => [...acknowledged.values()].every((numbers) => numbers.length > 1000);
    let steps = 0;
    for (; steps < 40 || !enough(); steps++) {
      if (Date.now() > deadline) throw new Error(`after ${steps} steps too little was appended within 20 s`);
      await reshard(log);
    }
    const gone = children.map((child) => once(child, 'close'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(gone);
    expect(log.shards('s').length).toBeGreaterThan(steps);
    const found = await readAll(log);
    for (const [name, numbers] of acknowledged) {
      const all = found.get(name) ?? [];
      // Each once, in order, without a gap: what was acknowledged is at most all of it.
      expect(all).toEqual(all.map((_, i) => i));
      expect(all.length).toBeGreaterThan(Math.max(...numbers));
    }
  }, 40_000);
});
