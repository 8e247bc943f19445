import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalStore } from '../store/local.ts';
import { snapshotSelect } from './scan.ts';
import { tableAt } from './table.ts';

/** Tables that Spark wrote (delta-io's golden tables), with the rows that it reads in them. */
const CORPUS = resolve(import.meta.dirname, '../../../shared/corpora/delta');
const reason = missing();
if (reason !== null) console.log(`lake/delta: tables written by Spark are not compared: ${reason}`);

function missing(): string | null {
  if (!existsSync(CORPUS)) return `${CORPUS} is absent`;
  try {
    execFileSync('tar', ['--version'], { stdio: 'ignore' });
    execFileSync('zstd', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'tar or zstd is missing';
  }
}

/** What cannot be read, and what must be said of it. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'cdf-column-mapping-id-mode': /columnMapping/,
  'cdf-column-mapping-name-mode-3-7': /columnMapping/,
  'cdf-column-mapping-name-mode': /columnMapping/,
  'cdf-table-with-cdc-and-dvs': /deletionVectors/,
  'cdf-table-with-dv': /deletionVectors/,
  'compacted-log-files-table': /deletionVectors/,
  'data-skipping-basic-stats-all-types-columnmapping-id': /columnMapping/,
  'data-skipping-basic-stats-all-types-columnmapping-name': /columnMapping/,
  'dv-partitioned-with-checkpoint': /deletionVectors/,
  'log-replay-dv-key-cases': /deletionVectors/,
  'table-with-columnmapping-mode-id': /columnMapping/,
  'table-with-columnmapping-mode-name': /columnMapping/,
  'v2-checkpoints-json-without-sidecars': /v2Checkpoint/,
  'v2-checkpoints-parquet-with-sidecars': /v2Checkpoint/,
  'v2-classic-checkpoint-parquet': /v2Checkpoint/,
  'deltalog-commit-info': /metaData.schemaString is no string/,
  'update-deleted-directory': /metaData.schemaString is no string/,
  'versions-not-contiguous': /lacks version 1 /,
  'deltalog-state-reconstruction-from-checkpoint-missing-metadata': /no metaData/,
};

describe.skipIf(reason !== null)('tables written by Spark', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'beagle-spark-'));
  });
  afterAll(() => rm(root, { recursive: true }));
  const names = existsSync(CORPUS)
    ? readdirSync(CORPUS)
        .filter((file) => file.endsWith('.tar.zst'))
        .map((file) => file.slice(0, -'.tar.zst'.length))
    : [];
  const open = (name: string) => {
    if (!existsSync(join(root, name))) {
      execFileSync('tar', ['--use-compress-program=zstd', '-xf', join(CORPUS, `${name}.tar.zst`), '-C', root]);
    }
    // Some archives hold the table itself, others a folder `delta` beside the expected rows.
    const atRoot = existsSync(join(root, name, '_delta_log'));
    const store = createLocalStore(atRoot ? root : join(root, name));
    const definition = { name: atRoot ? name : 'delta', columns: [], partitionBy: [] };
    return { store, table: tableAt(store, definition, { clock: () => 0 }) };
  };

  it.each(Object.keys(REFUSED).filter((name) => names.includes(name)))('%s is refused by name', async (name) => {
    await expect(open(name).table.snapshot()).rejects.toThrow(REFUSED[name]);
  });

  it.each(names.filter((name) => !(name in REFUSED) && name !== 'hive'))(
    '%s has the rows that Spark reads',
    async (name) => {
      const { store, table } = open(name);
      const snapshot = await table.snapshot();
      const expected = join(root, name, 'expected');
      if (!existsSync(expected) || !readdirSync(expected).some((file) => file.endsWith('.parquet'))) return;
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      await connection.run("SET TimeZone = 'UTC'");
      const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
      const ours = snapshotSelect('delta', snapshot, store.locate);
      const columns = await rows(`DESCRIBE ${ours}`);
      const list = columns.map((c) => `CAST("${c.column_name}" AS ${c.column_type}) AS "${c.column_name}"`).join(', ');
      const theirs = `SELECT ${list} FROM read_parquet('${join(expected, '*.parquet').replaceAll("'", "''")}')`;
      expect(await rows(`(${ours}) EXCEPT ALL (${theirs}) LIMIT 3`)).toEqual([]);
      expect(await rows(`(${theirs}) EXCEPT ALL (${ours}) LIMIT 3`)).toEqual([]);
      connection.closeSync();
    },
  );
});
