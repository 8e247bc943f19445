import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppendRecord, type Log, openEmbeddedLog, type Start } from '../log/index.ts';
import { createDataFolder } from './data-folder.ts';
import { runInProcess } from './fixture-lake.ts';
import { appendOnce, type Journal, type JournalState, type Unit } from './log-append-once.ts';
import type { Entry, EntryCodec } from './log-entry.ts';
import { framedCodec } from './log-entry-framed.ts';
import { ndjsonCodec } from './log-entry-ndjson.ts';

const CODECS: [string, EntryCodec, string[]][] = [
  ['NDJSON', ndjsonCodec, []],
  ['framed', framedCodec, ['--framed']],
];
const COUNT = 300;
let root: string;
let data: string;
let log: Log;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-copy-'));
  data = join(root, 'data');
  log = await openEmbeddedLog({ path: (await createDataFolder(data)).log });
  await log.createStream('events', { shards: 3 });
  await log.append('events', eventsOf(COUNT));
  const { shards } = await log.describeStream('events');
  const control = { app: '@control', source: 'policy:1', key: 'policy', data: Buffer.from('{"kind":"policy"}') };
  for (const { shardId } of shards) await log.appendToShard('events', shardId, [control]);
});
afterAll(async () => {
  await log.close();
  await rm(root, { recursive: true });
});

function eventsOf(count: number): AppendRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    app: 'okta',
    source: `test@${i}`,
    key: `person:${i % 17}`,
    data: i % 50 === 0 ? new Uint8Array([0xff, i, 10, 0]) : Buffer.from(`{"n":${i},"t":"ä\\n"}`),
  }));
}

async function contentOf(stream: string): Promise<unknown[][]> {
  const shards: unknown[][] = [];
  for (const { shardId } of (await log.describeStream(stream)).shards) {
    let start: Start = { type: 'TRIM_HORIZON' };
    const shard: unknown[] = [];
    for (;;) {
      const { records, next } = await log.read(stream, shardId, start);
      if (records.length === 0) break;
      for (const { app, source, key, data: bytes } of records)
        shard.push([app, source, key, Buffer.from(bytes).toString('hex')]);
      start = next;
    }
    shards.push(shard);
  }
  return shards;
}

const run = (name: string, ...words: string[]) => runInProcess(name, [...words, '--data', data]);
const json = async <T>(name: string, ...words: string[]) => JSON.parse(await run(name, ...words, '--json')) as T;

describe.each(CODECS)('an export as %s', (name, codec, flags) => {
  const path = () => join(root, `events.${name}`);

  test('is whole, says so when it is asked for again, and is the same however often it was cut', async () => {
    const first = await json('log export', 'events', '--to', path(), ...flags);
    expect(first).toMatchObject({ stream: 'events', records: COUNT + 3, written: COUNT + 3, whole: true });
    const bytes = await readFile(path());
    expect(first).toMatchObject({ bytes: bytes.length });
    expect(await json('log export', 'events', '--to', path(), ...flags)).toMatchObject({ written: 0, whole: true });
    const headerEnd = endsIn(codec, bytes)[0] as number;
    for (const at of [headerEnd, headerEnd + 1, 2000, 20_000, bytes.length - 40, bytes.length - 1]) {
      await truncate(path(), at);
      expect(await json('log export', 'events', '--to', path(), ...flags)).toMatchObject({ whole: true });
      expect((await readFile(path())).equals(bytes)).toBe(true);
    }
    // After a power cut, pages in the middle may be missing.
    const holed = Buffer.from(bytes);
    holed.fill(0, 5000, 9096);
    await writeFile(path(), holed);
    await json('log export', 'events', '--to', path(), ...flags);
    expect((await readFile(path())).equals(bytes)).toBe(true);
  });

  test('imported into a stream with as many shards gives the same shards, and nothing more the second time', async () => {
    const stream = `copy-${name}`;
    const report = await json('log import', path(), '--stream', stream);
    expect(report).toMatchObject({ records: COUNT + 3, appended: COUNT + 3, whole: true });
    expect(await contentOf(stream)).toEqual(await contentOf('events'));
    expect(await json('log import', path(), '--stream', stream)).toMatchObject({ appended: 0, whole: true });
    expect(await contentOf(stream)).toEqual(await contentOf('events'));
  });

  test('imported into other shards keeps the order of each key, and tells all shards of control records', async () => {
    const stream = `fewer-${name}`;
    await json('log import', path(), '--stream', stream, '--shards', '2');
    const shards = (await contentOf(stream)) as string[][][];
    for (const shard of shards) expect(shard.some(([app]) => app === '@control')).toBe(true);
    const ofKey = (all: string[][][], key: string) => all.flat().filter((record) => record[2] === key);
    const before = (await contentOf('events')) as string[][][];
    for (let i = 0; i < 17; i++) expect(ofKey(shards, `person:${i}`)).toEqual(ofKey(before, `person:${i}`));
  });

  test('that is damaged or not whole is refused before anything is appended', async () => {
    const bytes = await readFile(path());
    const broken = join(root, `broken.${name}`);
    await writeFile(broken, bytes.subarray(0, bytes.length - 30));
    await expect(run('log import', broken, '--stream', 'never')).rejects.toThrow(/\[log import\] .*(whole|damaged)/);
    const flipped = Buffer.from(bytes);
    flipped[4000] = 0x01;
    await writeFile(broken, flipped);
    await expect(run('log import', broken, '--stream', 'never')).rejects.toThrow(/damaged at byte/);
    expect(await log.listStreams()).not.toContain('never');
  });

  test('goes to standard output as well', async () => {
    const text = await run('log export', 'events', '--to', '-', ...flags);
    if (flags.length === 0) expect(Buffer.from(text).equals(await readFile(path()))).toBe(true);
    else expect(text.startsWith('BGLLOG1\n')).toBe(true);
  });

  test('any entry is read back as it was', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const record = fc.record({
      shardId: fc.string({ minLength: 1, maxLength: 30 }),
      position: fc.bigInt(0n, 10n ** 56n).map(String),
      arrivalUs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      app: text,
      source: text,
      key: text,
      data: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const entries: Entry[] = [
          ...records.map((value) => ({ kind: 'record', record: value }) as const),
          { kind: 'end', records: records.length },
        ];
        const bytes = Buffer.concat(entries.map((entry) => codec.encode(entry)));
        const read: Entry[] = [];
        for (let at = 0; at < bytes.length; ) {
          const next = codec.decode(bytes, at);
          if (next === null) throw new Error('not all there');
          read.push(next.entry);
          at = next.end;
        }
        expect(deserialize(serialize(read))).toEqual(deserialize(serialize(entries)));
        const last = endsIn(codec, bytes).at(-2) ?? 0;
        for (let cut = last; cut < bytes.length; cut++) expect(codec.decode(bytes.subarray(0, cut), last)).toBeNull();
      }),
    );
  });
});

/** Where each entry ends. */
function endsIn(codec: EntryCodec, bytes: Buffer): number[] {
  const ends: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    at = codec.decode(bytes, at)?.end ?? bytes.length;
    ends.push(at);
  }
  return ends;
}

describe('bad input is told in one line', () => {
  test.each([
    [['log export', 'events'], /--to is missing/],
    [['log export', 'events', '--to', '-', '--json'], /would both write/],
    [['log export', 'nothing', '--to', 'x'], /nothing/],
    [['log import', 'nowhere.ndjson', '--stream', 's'], /cannot read nowhere\.ndjson/],
    [['log import', 'nowhere.ndjson'], /--stream is missing/],
  ])('%j', async ([name = '', ...words], message) => {
    await expect(run(name, ...words)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(message),
    });
  });

  const HEADER = '{"beagle":"log-export","version":1,"stream":"s"';
  test.each([
    ['', /is no whole export/],
    ['\x1f\x8b\x1b[31m\n', /is no export: [^\p{Cc}]+; name a file of beagle log export$/u],
    [HEADER.replace('1', '2'), /is an export of version 2, and this Beagle knows version 1/],
    ['BGLLOG2\n', /is an export of version 2, and this Beagle knows version 1/],
    [HEADER, /is no export: incarnation: Invalid input/],
  ])('a file that holds %j', async (text, message) => {
    const path = join(root, 'foreign');
    await writeFile(path, text.startsWith('{') ? `${text}}\n` : text);
    const refused = { name: 'ConfigError', message: expect.stringMatching(message) };
    await expect(run('log import', path, '--stream', 'never')).rejects.toMatchObject(refused);
    await expect(run('log export', 'events', '--to', path)).rejects.toMatchObject({ name: 'ConfigError' });
  });

  test('folders, and shards that the stream has not', async () => {
    const refused = (message: RegExp) => ({ name: 'ConfigError', message: expect.stringMatching(message) });
    await expect(run('log export', 'events', '--to', root)).rejects.toMatchObject(refused(/cannot write .*EISDIR/));
    await expect(run('log import', root, '--stream', 'x')).rejects.toMatchObject(refused(/cannot read .*EISDIR/));
    const path = join(root, 'whole.ndjson');
    await run('log export', 'events', '--to', path);
    await log.createStream('four', { shards: 4 });
    await expect(run('log import', path, '--stream', 'four', '--shards', '3')).rejects.toMatchObject(
      refused(/another number of shards than 3; leave --shards out/),
    );
  });

  test('a file that is something else is left as it is', async () => {
    const path = join(root, 'other');
    await writeFile(path, 'my diary\n');
    await expect(run('log export', 'events', '--to', path)).rejects.toThrow(/is no export/);
    expect(await readFile(path, 'utf8')).toBe('my diary\n');
    await log.createStream('second', { shards: 1 });
    await run('log export', 'second', '--to', join(root, 'second'));
    await expect(run('log export', 'events', '--to', join(root, 'second'))).rejects.toThrow(/is the export of second@/);
    await expect(run('log export', 'second', '--to', join(root, 'second'), '--framed')).rejects.toThrow(/other form/);
    await expect(run('log import', join(root, 'second'), '--stream', 'second')).rejects.toThrow(/exported from/);
  });
});

describe('a file and a stream that others use too', () => {
  const path = () => join(root, 'shared.ndjson');
  const count = async (stream: string) => (await contentOf(stream)).flat().length;

  test('two imports of one file at the same moment put every record there once', async () => {
    await run('log export', 'events', '--to', path());
    await log.createStream('shared', { shards: 3 });
    const words = [path(), '--stream', 'shared'];
    const both = await Promise.allSettled([run('log import', ...words), run('log import', ...words)]);
    for (const { reason } of both.filter((one) => one.status === 'rejected'))
      expect(String(reason)).toMatch(/process \d+ imports .* into shared already; wait for it$/);
    await run('log import', ...words);
    expect(await count('shared')).toBe(COUNT + 3);
  });

  test('an export that is there already says that the stream has grown since', async () => {
    const to = join(root, 'grown.ndjson');
    expect(await json('log export', 'shared', '--to', to)).toMatchObject({ whole: true, grown: false });
    await log.append('shared', eventsOf(1));
    expect(await json('log export', 'shared', '--to', to)).toMatchObject({ written: 0, whole: true, grown: true });
    expect(await run('log export', 'shared', '--to', to)).toMatch(/whole: .* has grown since .* name another file/);
  });

  test('what retention forgot of a stretch is told, wherever it was', async () => {
    const to = join(root, 'gap.ndjson');
    await log.createStream('gap', { shards: 1 });
    await log.append('gap', eventsOf(10));
    await run('log export', 'gap', '--to', to);
    await writeFile(to, (await readFile(to, 'utf8')).split('\n').slice(0, 4).join('\n').concat('\n'));
    const { latest } = await log.bounds('gap', 'shardId-000000000000');
    await log.append('gap', eventsOf(1));
    await log.trim('gap', 'shardId-000000000000', String(BigInt(latest ?? 0) + 1n));
    const told: string[] = [];
    const warned = await runInProcess('log export', ['gap', '--to', to, '--data', data], { told });
    expect(warned).toContain('is whole: 3 records');
    expect(told.join('')).toContain('7 records of shardId-000000000000 were forgotten by retention meanwhile');
  });

  test('one that is stopped fails, says how far it came, and goes on', async () => {
    const stopped = AbortSignal.abort();
    const words = ['--data', data];
    const to = join(root, 'stopped.ndjson');
    const begin = (name: string, ...more: string[]) => runInProcess(name, [...more, ...words], { stop: stopped });
    await expect(begin('log export', 'events', '--to', to)).rejects.toThrow(/stopped before the end; .* 0 records/);
    await expect(begin('log import', path(), '--stream', 'late')).rejects.toThrow(/stopped at 0 appends/);
    expect(await json('log export', 'events', '--to', to)).toMatchObject({ whole: true, records: COUNT + 3 });
    expect(await json('log import', path(), '--stream', 'late')).toMatchObject({ appended: COUNT + 3 });
  });
});

test('an append that is killed at any moment and begun again puts every record there once', async () => {
  const units: Unit[] = eventsOf(5000).map((record) => ({ record, shardId: null }));
  const stop = new AbortController().signal;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(6), fc.constantFrom('before', 'after', 'part')), { maxLength: 4 }),
      fc.uuid(),
      async (kills, stream) => {
        await log.createStream(stream, { shards: 2 });
        let state: JournalState | null = null;
        const journal: Journal = {
          read: async () => state,
          write: async (next) => {
            state = structuredClone(next);
          },
        };
        for (const [appends, moment] of [...kills, null].map(
          (kill) => kill ?? ([Number.POSITIVE_INFINITY, 'before'] as const),
        )) {
          let left = appends;
          const mortal: Log = {
            ...log,
            append: async (name, records) => {
              if (left-- > 0) return log.append(name, records);
              if (moment === 'after') await log.append(name, records);
              if (moment === 'part')
                await log.append(
                  name,
                  records.filter((_, i) => i % 3 === 0),
                );
              // Somebody else writes there as well.
              await log.append(name, [{ app: 'other', source: '', key: `k${appends}`, data: new Uint8Array([1]) }]);
              throw new Error('killed');
            },
          };
          await appendOnce({
            log: mortal,
            stream,
            units: async function* (from) {
              yield* units.slice(from);
            },
            journal,
            stop,
            onProgress: () => {},
          }).catch((error: Error) => expect(error.message).toBe('killed'));
        }
        const held = ((await contentOf(stream)) as string[][][]).flat().filter(([app]) => app === 'okta');
        expect(held.map(([, source]) => source).sort()).toEqual(units.map(({ record }) => record.source).sort());
        await log.deleteStream(stream);
      },
    ),
    { numRuns: 12 },
  );
});
