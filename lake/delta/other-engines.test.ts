import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Row } from '../../core/index.ts';
import { createFileBuilder, loadZstd } from '../parquet/index.ts';
import { createLocalStore } from '../store/local.ts';
import { dataColumns } from '../tables/definition.ts';
import { QUARANTINE } from '../tables/index.ts';
import { openTable } from './create.ts';
import { addFile } from './write.ts';

const CHECK = process.env.CHECK_DELTA;
if (CHECK === undefined) {
  console.log('lake/delta: tables are not opened with other engines: CHECK_DELTA names no script that does so');
}

it.skipIf(CHECK === undefined)(
  'a table with appends, a checkpoint and an optimise is the same to other engines',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'beagle-engines-'));
    const store = createLocalStore(root);
    const clock = () => Date.now() * 1000;
    const table = await openTable(store, QUARANTINE, { clock });
    const builder = createFileBuilder(dataColumns(QUARANTINE), await loadZstd());
    for (let n = 0; n < 25; n++) {
      for (let i = 0; i < 10; i++) builder.append(rowOf(n * 10 + i));
      const add = await addFile(store, QUARANTINE, builder.finish(), {}, `${n}`, clock());
      await table.commit(() => [{ add }, { txn: { appId: 'w', version: n } }], { operation: 'WRITE' });
      if (n === 18) expect(await table.optimize({ scope: 'due' })).toMatchObject({ filesRemoved: 19 });
    }
    const folder = store.locate(QUARANTINE.name);
    const said = execFileSync(CHECK ?? '', [folder, '--key', 'log_position', '--time', 'ingested_at'], {
      encoding: 'utf8',
    });
    expect(said.trim().split('\n').at(-1)).toBe('agree');
    expect(said).toContain('"rows": 250');
    await rm(root, { recursive: true });
  },
  300_000,
);

const rowOf = (n: number): Row => ({
  event_uid: `uid-${n}`,
  log_shard: 's@i/0',
  log_position: String(n),
  ingested_at: 1_790_000_000_000_000 + n * 1_000_003,
  app: 'ökta',
  source: 'import',
  reason: 'not_json',
  detail: n % 2 === 0 ? '' : '😀',
  raw: new Uint8Array([n & 255, 0, 255]),
  mapper_version: 1,
});
