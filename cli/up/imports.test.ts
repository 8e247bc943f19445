import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Log, openEmbeddedLog } from '../../log/index.ts';
import { type Manifests, type Pipeline, SCORED_STREAM } from '../../processors/index.ts';
import { followOthers } from './imports.ts';

let folder: string;
let log: Log;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-imports-'));
  log = await openEmbeddedLog({ path: folder });
});
afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true });
});

const append = (stream: string) =>
  log.append(stream, [{ app: 'okta', source: 's', key: 'k', data: Buffer.from('{}') }]);

test('streams that others fill are worked to their end whenever they have grown; the main one is left alone', async () => {
  for (const stream of ['events', 'import-a', 'import-b', SCORED_STREAM]) await log.createStream(stream, { shards: 1 });
  for (const stream of ['events', 'import-a', SCORED_STREAM]) await append(stream);
  const done = new Map<string, string>();
  const followed: string[] = [];
  const pipeline = {
    async follow(stream: string, until: (shardId: string) => Promise<string | null>) {
      const end = await until('shardId-000000000000');
      followed.push(stream);
      if (end !== null) done.set(stream, end);
    },
  } as unknown as Pipeline;
  const manifests = {
    newest: async (shard: string) => {
      const last = done.get(shard.split('@')[0] ?? '');
      return last === undefined ? null : { last };
    },
  } as unknown as Manifests;
  const warnings: string[] = [];
  const others = followOthers(log, 'events', pipeline, manifests, (text) => warnings.push(text));
  await vi.waitFor(() => expect(followed).toEqual(['import-a']), { timeout: 10_000 });
  await append('import-b');
  await vi.waitFor(() => expect(followed).toEqual(['import-a', 'import-b']), { timeout: 10_000 });
  await append('import-a');
  await vi.waitFor(() => expect(followed).toEqual(['import-a', 'import-b', 'import-a']), { timeout: 10_000 });
  await others.stop();
  expect(warnings).toEqual([]);
});
