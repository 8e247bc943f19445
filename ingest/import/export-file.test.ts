import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../core/index.ts';
import { RECORD_BYTES_MAX } from '../../log/index.ts';
import { nativeBytes, openExport, pointerPath } from './export-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-export-'));
});
afterEach(() => rm(folder, { recursive: true }));

const fileOf = async (name: string, content: string | Uint8Array) => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};
const textsOf = async (path: string) => {
  const file = await openExport(path);
  const texts = [];
  for (let i = 0; i < file.slices.length; i++) texts.push(Buffer.from((await file.read(i)).bytes).toString('utf8'));
  await file.close();
  return { texts, hash: file.hash };
};

describe('an export', () => {
  test('is read event by event, packed or not, and known by its content', async () => {
    const text = '{"a":1}\n{"b":"ü"}\n';
    const plain = await textsOf(await fileOf('a.ndjson', text));
    expect(plain.texts).toEqual(['{"a":1}', '{"b":"ü"}']);
    expect(await textsOf(await fileOf('b.ndjson.gz', gzipSync(text)))).toEqual(plain);
    expect((await textsOf(await fileOf('c.ndjson', `${text} `))).hash).not.toBe(plain.hash);
  });

  test('larger than a chunk is read as a whole', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `{"i":${i},"text":"${'x'.repeat(60)}"}`);
    const { texts } = await textsOf(await fileOf('large.json', `[${lines.join(',')}]`));
    expect(texts).toEqual(lines);
  });

  test('is read in any order, with events that are larger than others by far', async () => {
    const lines = Array.from({ length: 400 }, (_, i) => `${i}${'x'.repeat(i % 50 === 7 ? 400_000 : i * 37)}`);
    const file = await openExport(await fileOf('mixed.ndjson', lines.join('\n')));
    const order = lines.map((_, i) => (i * 173 + 5) % lines.length);
    for (const i of [...order, ...order.toReversed(), lines.length - 1, 0])
      expect(Buffer.from((await file.read(i)).bytes).equals(Buffer.from(lines[i]!))).toBe(true);
    await file.close();
  });

  test('without an event is empty', async () => {
    expect((await textsOf(await fileOf('empty', ''))).texts).toEqual([]);
  });

  test('gives of an event no more than the log takes, and says so', async () => {
    const huge = Buffer.alloc(RECORD_BYTES_MAX + 5, 'x');
    const file = await openExport(await fileOf('huge', Buffer.concat([huge, Buffer.from('\nsmall')])));
    const { bytes, isCut } = await file.read(0);
    expect({ size: bytes.length, isCut }).toEqual({ size: RECORD_BYTES_MAX, isCut: true });
    expect((await file.read(1)).isCut).toBe(false);
    await file.close();
  });

  test('that cannot be read is the user’s fault, and leaves nothing behind', async () => {
    const packed = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('beagle-import-')).length;
    const before = await packed();
    for (const path of [join(folder, 'none'), folder, await fileOf('no.gz', 'plain'), join(folder, 'none.gz')]) {
      await expect(openExport(path)).rejects.toThrow(ConfigError);
      await expect(openExport(path)).rejects.toThrow(/^\[import\] cannot read .*; check the file and its name$/);
    }
    expect(await packed()).toBe(before);
  });
});

describe('a JSON pointer', () => {
  const at = (line: string | Uint8Array, pointer: string) =>
    Buffer.from(nativeBytes(Buffer.from(line as string), pointerPath(pointer))).toString('utf8');

  test('finds the native event inside a line, untouched', () => {
    expect(at('{"x":1,"event": {"a" : 1.0} }', '/event')).toBe('{"a" : 1.0}');
    expect(at('{"d":{"a/b":{"~":"ü"}}}', '/d/a~1b/~0')).toBe('"ü"');
    expect(at('{"größe":{"v":1}}', '/größe')).toBe('{"v":1}');
  });

  test('gives the whole line where there is nothing, or where the line is no JSON', () => {
    expect(at('{"a":1}', '')).toBe('{"a":1}');
    expect(at('{"a":1}', '/event')).toBe('{"a":1}');
    expect(at('{"event": {"a":', '/event')).toBe('{"event": {"a":');
  });
});
