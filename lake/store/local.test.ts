import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../core/index.ts';
import { storeContract } from './contract.ts';
import { createLocalStore } from './local.ts';

storeContract('local', async () => {
  const root = await mkdtemp(join(tmpdir(), 'beagle-store-'));
  return { store: createLocalStore(root), dispose: () => rm(root, { recursive: true }) };
});

describe('local store', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'beagle-store-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('creates its folder on the first write and lists an absent one as empty', async () => {
    const store = createLocalStore(join(root, 'not/yet'));
    for await (const _ of store.list('')) throw new Error('nothing to list');
    await store.put('a/b', new Uint8Array([1]));
    expect(await store.get('a/b')).toEqual(Buffer.from([1]));
    expect(store.locate('a/b')).toBe(join(root, 'not/yet/a/b'));
  });

  it('ignores temporary files in lists, leaves none behind and sweeps those of dead processes', async () => {
    await mkdir(join(root, '.tmp'));
    await writeFile(join(root, '.tmp/dead'), 'half');
    await writeFile(join(root, '.tmp/young'), 'half');
    await utimes(join(root, '.tmp/dead'), new Date(0), new Date(0));
    const store = createLocalStore(root);
    await store.put('a', new Uint8Array([1]));
    await store.putIfAbsent('a', new Uint8Array([2]));
    const keys: string[] = [];
    for await (const object of store.list('')) keys.push(object.key);
    expect(keys).toEqual(['a']);
    expect(await readdir(join(root, '.tmp'))).toEqual(['young']);
  });

  it('goes on when its temporary folder was removed', async () => {
    const store = createLocalStore(root);
    await store.put('a', new Uint8Array([1]));
    await rm(join(root, '.tmp'), { recursive: true });
    await store.put('b', new Uint8Array([2]));
    expect(await store.get('b')).toEqual(Buffer.from([2]));
  });

  it('says in one line that rights are missing', async () => {
    await writeFile(join(root, 'file'), '');
    const store = createLocalStore(join(root, 'file'));
    await expect(store.put('a', new Uint8Array(1))).rejects.toThrow(ConfigError);
    await expect(store.put('a', new Uint8Array(1))).rejects.toThrow(
      /^\[lake\/store\] cannot write a in .*choose another folder$/,
    );
    if (process.getuid?.() === 0) return;
    await chmod(root, 0o500);
    await expect(createLocalStore(root).put('a', new Uint8Array(1))).rejects.toThrow(/permission denied/);
    await chmod(root, 0o700);
  });
});
