import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Log, openEmbeddedLog } from '../../log/index.ts';
import { createPartitionKeys } from '../partition-key.ts';
import { SOURCES } from '../sources/index.ts';
import { type AppendOptions, appendImport } from './append.ts';
import { type ExportFile, openExport } from './export-file.ts';
import { planImport } from './plan.ts';

let folder: string;
let log: Log;
let files: ExportFile[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-append-'));
  log = await openEmbeddedLog({ path: join(folder, 'log') });
  files = [];
});
afterEach(async () => {
  for (const file of files) await file.close();
  await log.close();
  await rm(folder, { recursive: true });
});

const registry = { keep: (_app: string, _uid: string, key: string) => key, flushed: async () => {} };
const keyOf = createPartitionKeys({ sources: SOURCES, personOf: () => null, registry });
/** A sign-in at a second of the day, or at none. */
const signIn = (n: number, second: number | null) =>
  JSON.stringify({
    uuid: `e${n}`,
    eventType: 'user.session.start',
    ...(second === null ? {} : { published: new Date(Date.UTC(2026, 1, 3) + second * 1000).toISOString() }),
  });

async function planOf(...contents: string[][]) {
  for (const lines of contents) {
    const path = join(folder, `file-${files.length}`);
    await writeFile(path, lines.join('\n'));
    files.push(await openExport(path));
  }
  return planImport({ app: 'okta', files: files.slice(-contents.length), path: [], keyOf, onProgress: () => {} });
}

const append = async (plan: AppendOptions['plan'], given: Partial<AppendOptions> = {}) => {
  await log.createStream(plan.stream, { shards: 1 });
  return appendImport({
    log,
    plan,
    app: 'okta',
    path: [],
    keyOf,
    registry,
    known: async () => new Set(),
    onProgress: () => {},
    stop: new AbortController().signal,
    ...given,
  });
};

/** What is on the stream: the numbers of the events, or the text where there is no event. */
async function onStream(stream: string): Promise<string[]> {
  const { records } = await log.read(stream, 'shardId-000000000000', { type: 'TRIM_HORIZON' });
  return records.map(({ data }) => {
    const text = Buffer.from(data).toString('utf8');
    return /"uuid":"(e\d+)"/.exec(text)?.[1] ?? text;
  });
}

describe('an import', () => {
  test('merges its files by event time; what cannot be read stands behind the line before it', async () => {
    const plan = await planOf(
      [signIn(1, 50), 'no json', signIn(2, 10)],
      [signIn(3, 30), signIn(4, 10), signIn(5, null)],
    );
    expect(plan.count).toBe(6);
    await append(plan);
    expect(await onStream(plan.stream)).toEqual(['e2', 'e4', 'e3', 'e1', 'no json', 'e5']);
  });

  test('is known by its app and its files’ content, not by their names', async () => {
    const [first, same, other] = [await planOf(['a']), await planOf(['a']), await planOf(['b'])];
    expect(same.stream).toBe(first.stream);
    expect(other.stream).not.toBe(first.stream);
  });

  test('stopped after any number of events, goes on behind the last, and begun again adds nothing', async () => {
    const plan = await planOf(Array.from({ length: 4500 }, (_, i) => signIn(i, (i * 37) % 4500)));
    const stop = new AbortController();
    await append(plan, { stop: stop.signal, onProgress: () => stop.abort() });
    const part = await onStream(plan.stream);
    expect(part).toHaveLength(2000);
    await append(plan);
    const whole = await onStream(plan.stream);
    expect(whole.slice(0, 2000)).toEqual(part);
    expect(new Set(whole).size).toBe(4500);
    expect(whole).toHaveLength(4500);
    await append(plan);
    expect(await onStream(plan.stream)).toHaveLength(4500);
  });

  test('leaves out what the lake holds from elsewhere', async () => {
    const plan = await planOf([signIn(1, 1), signIn(2, 2), signIn(3, 3)]);
    const held = new Set([1, 3].map((n) => keyOf('okta', Buffer.from(signIn(n, n))).eventUid));
    const known = async (uids: readonly string[]) => new Set(uids.filter((uid) => held.has(uid)));
    expect(await append(plan, { known })).toEqual({ known: 2 });
    expect(await onStream(plan.stream)).toEqual(['e2']);
  });

  test('refuses to go on with a stream that others have filled', async () => {
    const plan = await planOf([signIn(1, 1)]);
    await log.createStream(plan.stream, { shards: 1 });
    await log.append(plan.stream, [{ app: 'okta', source: 'import:ffff:9', key: 'k', data: Buffer.from('{}') }]);
    await expect(append(plan)).rejects.toThrow(/^\[import\] stream .* ends with import:ffff:9, .*; /);
  });
});
