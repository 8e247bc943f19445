import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runInProcess } from './fixture-lake.ts';
import { stopped } from './stopped.ts';

test('resolves when the signal aborts, and where it had aborted before', async () => {
  await stopped(AbortSignal.abort());
  const stop = new AbortController();
  const heard = stopped(stop.signal);
  stop.abort();
  await heard;
});

test('an import that is stopped fails: its counts are not those of the whole', async () => {
  const root = await mkdtemp(join(tmpdir(), 'beagle-stopped-'));
  const file = join(root, 'github.ndjson');
  await writeFile(file, '{}\n');
  const words = ['github', file, '--data', join(root, 'data')];
  await expect(runInProcess('import', words, { stop: AbortSignal.abort() })).rejects.toThrow(
    /^\[import\] stopped before the end; run the same command again to go on$/,
  );
  expect(await readdir(join(root, 'data'))).not.toContain('lock');
  await rm(root, { recursive: true });
});
