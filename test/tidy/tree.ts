import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Every file that belongs to the project: what git tracks or would, paths from the root, in order. */
export function projectFiles(): readonly string[] {
  const list = execFileSync(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  return [...new Set(list.split('\0').filter((path) => path !== ''))].sort();
}

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
