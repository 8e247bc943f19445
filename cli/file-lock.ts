import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Lock {
  release(): Promise<void>;
}

/** Another is about to take over from one that is gone: looked at again so soon. */
const AGAIN_MS = 10;

/**
 * Takes the file at `path` for this process; what it holds says whose it is. Gives who holds it when that process
 * lives; from one that is gone it is taken over. Errors are the file system's.
 *
 * The file appears with its content, so that nobody sees a lock that is nobody's. Two may find the same dead holder:
 * to replace it, one must hold a second lock, named after what stands in the first, and see under it that this still
 * stands there. Who dies with the second lock is taken over likewise.
 */
export async function takeFileLock(path: string): Promise<Lock | { readonly holder: number }> {
  const mine = `${process.pid} ${await startOf(process.pid)}`;
  const fresh = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  for (;;) {
    await writeFile(fresh, mine, { flush: true });
    try {
      await link(fresh, path);
      return { release: () => unlink(path) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await unlink(fresh).catch(() => {});
    }
    const held = await contentOf(path);
    if (held === null) continue;
    const [pid = '', start = ''] = held.split(' ');
    if (start !== '' && (await startOf(Number(pid))) === start) return { holder: Number(pid) };
    const over = await takeFileLock(`${path}.${createHash('sha256').update(held).digest('hex').slice(0, 16)}`);
    if (!('release' in over)) {
      await sleep(AGAIN_MS);
      continue;
    }
    try {
      if ((await contentOf(path)) !== held) continue;
      await writeFile(fresh, mine, { flush: true });
      await rename(fresh, path);
      return { release: () => unlink(path) };
    } finally {
      await over.release();
    }
  }
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
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
