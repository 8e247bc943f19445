import { mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, messageOf } from '../core/index.ts';
import { type Lock, takeFileLock } from './file-lock.ts';

/** Where a data folder keeps what. */
export interface DataFolder {
  readonly root: string;
  readonly log: string;
  readonly lake: string;
  readonly state: string;
  readonly lock: string;
}

export function dataFolder(path: string): DataFolder {
  const root = resolve(path);
  return {
    root,
    log: join(root, 'log'),
    lake: join(root, 'lake'),
    state: join(root, 'state'),
    lock: join(root, 'lock'),
  };
}

export async function createDataFolder(path: string): Promise<DataFolder> {
  const folder = dataFolder(path);
  try {
    for (const part of [folder.log, folder.lake, folder.state]) await mkdir(part, { recursive: true });
  } catch (error) {
    throw new ConfigError(
      `[cli] cannot create the data folder ${folder.root}: ${messageOf(error)}; name another with --data`,
    );
  }
  return folder;
}

/** ConfigError when nothing was ever put there. */
export async function existingDataFolder(path: string): Promise<DataFolder> {
  const folder = dataFolder(path);
  const there = await open(folder.lake, 'r').catch(() => null);
  if (there === null)
    throw new ConfigError(`[cli] there is no lake in ${folder.root}; start one with beagle up --data ${path}`);
  await there.close();
  return folder;
}

/**
 * Takes the folder for this process: one `up`, and so one committer, a folder. A lock whose process is gone is
 * taken over. When another process holds it, `holder` says which.
 */
export async function takeLock(folder: DataFolder): Promise<Lock | { readonly holder: number }> {
  try {
    return await takeFileLock(folder.lock);
  } catch (error) {
    throw new ConfigError(`[cli] cannot lock ${folder.root}: ${messageOf(error)}; make the folder writable`);
  }
}

/** Takes the lock or fails with one line. */
export async function demandLock(folder: DataFolder): Promise<Lock> {
  const lock = await takeLock(folder);
  if ('release' in lock) return lock;
  throw new ConfigError(
    `[cli] ${folder.root} is in use by process ${lock.holder}; stop it or name another folder with --data`,
  );
}
