import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolder } from './files.ts';

test('syncs the name of every folder that it creates on the way to its own', () => {
  const root = mkdtempSync(join(tmpdir(), 'beagle-files-'));
  const syncedBy = (path: string): string[] => {
    const synced: string[] = [];
    openFolder(path, (folder) => synced.push(folder));
    return synced.sort();
  };
  const path = join(root, 'a', 'b', 'c');
  expect(syncedBy(path)).toEqual([root, join(root, 'a'), join(root, 'a', 'b')]);
  expect(syncedBy(path)).toEqual([join(root, 'a', 'b')]);
  rmSync(root, { recursive: true });
});
