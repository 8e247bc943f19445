import { mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, messageOf } from '../core/index.ts';

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

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the folder for this process: one `up`, and so one committer, a folder. A lock whose process is gone is
 * taken over. Null when another process holds it; `holder` then says which.
 */
export async function takeLock(folder: DataFolder): Promise<Lock | { readonly holder: number }> {
  const mine = `${process.pid} ${await startOf(process.pid)}`;
  for (;;) {
    try {
      const file = await open(folder.lock, 'wx');
      await file.writeFile(mine);
      await file.sync();
      await file.close();
      return { release: () => unlink(folder.lock) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new ConfigError(`[cli] cannot lock ${folder.root}: ${messageOf(error)}; make the folder writable`);
      }
    }
    const held = await readFile(folder.lock, 'utf8').catch(() => '');
    const [pid = '', start = ''] = held.split(' ');
    if (held !== '' && start !== '' && (await startOf(Number(pid))) === start) return { holder: Number(pid) };
    await unlink(folder.lock).catch(() => {});
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

/**
 * Tells a process from a later one of the same number: its start time where /proc has it (field 22 of stat,
 * proc(5)), else only whether it lives. Empty when it does not.
 */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    try {
      process.kill(pid, 0);
      return process.platform === 'linux' ? '' : 'alive';
    } catch {
      return '';
    }
  }
}
