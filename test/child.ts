/** Programs that tests run as processes of their own, and what these have said. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Given, until } from './until.ts';

/** Beagle as it was compiled: `npm test` builds it first. */
export const COMPILED = fileURLToPath(new URL('../dist/beagle.js', import.meta.url));
/** Of standard error, how much a failure shows. */
const CHARACTERS_SHOWN = 4000;

export interface Finished {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child {
  readonly child: ChildProcess;
  /** Resolves when the process has ended and its output is read. */
  readonly finished: Promise<Finished>;
  hasEnded(): boolean;
  /** What was written to standard output, and to standard error, so far. */
  stdout(): string;
  stderr(): string;
}

export interface ChildOptions {
  readonly cwd?: string | undefined;
  /** The whole environment; this process's own when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function startChild(command: string, words: readonly string[], options: ChildOptions = {}): Child {
  const child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  let hasEnded = false;
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      hasEnded = true;
      resolve({ code, stdout, stderr });
    });
  });
  return { child, finished, hasEnded: () => hasEnded, stdout: () => stdout, stderr: () => stderr };
}

/** As `until`, but rejects also when the process has ended before. */
export function untilChild<T>(
  what: string,
  running: Pick<Child, 'hasEnded' | 'stderr'>,
  condition: () => T | Promise<T>,
  deadlineMs?: number,
): Promise<Given<T>> {
  const said = () => running.stderr().slice(-CHARACTERS_SHOWN);
  const look = async () => {
    const given = await condition();
    if ((given === null || given === undefined || given === false) && running.hasEnded())
      throw new Error(`ended before ${what}: ${said()}`);
    return given;
  };
  return until<T>(() => `${what}: ${said()}`, look, deadlineMs);
}
