import { ConfigError, messageOf, RetryableError } from '../../core/index.ts';

/** The system's name of an error: ENOENT, ENOSPC … */
export const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | null)?.code ?? '');
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and start again',
  EDQUOT: 'the disk quota is used up; free some space and start again',
  EACCES: 'permission denied; give this user read and write rights',
  EPERM: 'not permitted; give this user read and write rights, on a file system that has hard links',
  EROFS: 'the file system is read-only; choose another folder',
  ENOTDIR: 'a part of the path is a file; choose another folder',
};

/** Runs it; what fails becomes one line that says what to do. */
export async function guarded<T>(action: string, base: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof RetryableError) throw error;
    const advice = ADVICE[codeOf(error)];
    if (advice !== undefined) throw new ConfigError(`[lake/store] cannot ${action} in ${base}: ${advice}`);
    if (codeOf(error) === 'ENOENT')
      throw new ConfigError(`[lake/store] cannot ${action} in ${base}: there is no such object`);
    throw new RetryableError(`[lake/store] cannot ${action} in ${base}: ${messageOf(error)}; try again`);
  }
}
