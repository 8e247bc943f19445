import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDataFolder, type DataFolder, demandLock, existingDataFolder, takeLock } from './data-folder.ts';

let root: string;
let folder: DataFolder;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-folder-'));
  folder = await createDataFolder(join(root, 'data'));
});
afterEach(() => rm(root, { recursive: true }));

describe('a data folder', () => {
  test('is created with its parts, and found again', async () => {
    for (const part of [folder.log, folder.lake, folder.state]) expect(existsSync(part)).toBe(true);
    expect(await existingDataFolder(folder.root)).toEqual(folder);
  });

  test('that is not there, or cannot be, is refused', async () => {
    await expect(existingDataFolder(join(root, 'none'))).rejects.toThrow(/^\[cli\] there is no lake in .*none; start/);
    await writeFile(join(root, 'file'), '');
    await expect(createDataFolder(join(root, 'file'))).rejects.toThrow(/^\[cli\] cannot create the data folder/);
  });
});

describe('the lock of a data folder', () => {
  test('is held by one at a time', async () => {
    const lock = await demandLock(folder);
    expect(await takeLock(folder)).toEqual({ holder: process.pid });
    await expect(demandLock(folder)).rejects.toThrow(`is in use by process ${process.pid}; stop it or name another`);
    await lock.release();
    await (await demandLock(folder)).release();
    expect(existsSync(folder.lock)).toBe(false);
  });

  test.each([null, '999999999 1', ''])(
    'is one’s when many reach for it at the same moment, before them %j',
    async (held) => {
      for (let i = 0; i < 30; i++) {
        if (held !== null) await writeFile(folder.lock, held);
        const all = await Promise.all(Array.from({ length: 6 }, () => takeLock(folder)));
        const taken = all.filter((lock) => 'release' in lock);
        expect(taken).toHaveLength(1);
        for (const lock of taken) await lock.release();
        expect(await readdir(folder.root)).toEqual(['lake', 'log', 'state']);
      }
    },
  );

  test('of a process that is gone, or of an earlier one with the same number, is taken over', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    for (const held of [`${child.pid} 12345`, `${process.pid} 1`, '', 'nonsense']) {
      await writeFile(folder.lock, held);
      const lock = await demandLock(folder);
      expect(await readFile(folder.lock, 'utf8')).toMatch(new RegExp(`^${process.pid} .+`));
      await lock.release();
    }
  });
});
