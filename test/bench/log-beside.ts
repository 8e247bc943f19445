import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../log/index.ts';
import { appendFor, type Take } from './log-append.ts';
import { type BenchResult, result, round } from './result.ts';

/** Of each sample; there are two, one on the way there and one on the way back. */
const SAMPLE_MS = 1000;
const PLAIN_BYTES = 64 * 1024 * 1024;

/** What runs in a process beside the appenders. */
const BESIDE = {
  nothing: 'nothing',
  follow: 'a reader that follows what comes',
  scan: 'a reader that scans all of it over and over',
  plain: 'a process that reads another file over and over',
} as const;

type Beside = keyof typeof BESIDE;
const ALL = Object.keys(BESIDE) as Beside[];

export type Besides = Readonly<Record<Beside, number[]>>;

export const noBesides = (): Besides => ({ nothing: [], follow: [], scan: [], plain: [] });

/**
 * Durable records per second of the appenders beside each of these. What reading takes from appending is told by the
 * reader and by the process that reads as much with no log at all: the machine itself takes what that one does.
 */
export async function measureBeside(path: string, log: Log, take: Take, into: Besides): Promise<void> {
  const plain = join(path, '..', 'plain');
  await writeFile(plain, Buffer.alloc(PLAIN_BYTES, 'x'));
  const rate = (name: Beside) => {
    const append = () => appendFor(log, 1, SAMPLE_MS, take);
    return name === 'nothing' ? append() : beside([name, name === 'plain' ? plain : path], append);
  };
  const sums = new Map<Beside, number>();
  // There and back, so that what drifts meanwhile meets all alike.
  for (const name of [...ALL, ...ALL.toReversed()]) sums.set(name, (sums.get(name) ?? 0) + (await rate(name)));
  for (const name of ALL) into[name].push((sums.get(name) ?? 0) / 2);
}

export function besideResults(besides: Besides): BenchResult[] {
  const over = (a: Beside, b: Beside) => besides[a].map((value, i) => round(value / (besides[b][i] ?? Number.NaN), 3));
  const rates = ALL.map((name) =>
    result(`embedded: append, 64 appenders, beside them ${BESIDE[name]}`, 'records/s', besides[name].map(Math.round)),
  );
  const ratios = ALL.slice(1).map((name) =>
    result(`ratio: append beside ${BESIDE[name]} / alone`, '', over(name, 'nothing')),
  );
  return [
    ...rates,
    ...ratios,
    result(`ratio: append beside ${BESIDE.scan} / ${BESIDE.plain}`, '', over('scan', 'plain')),
  ];
}

/** Runs `work` while another process does one part of the bench. */
async function beside<T>(words: readonly string[], work: () => Promise<T>): Promise<T> {
  const other = startRun(words);
  const ended = new Promise<void>((resolve) => other.once('exit', () => resolve()));
  try {
    await new Promise<void>((resolve, reject) => {
      other.stdout?.once('data', () => resolve());
      other.once('exit', (code) => reject(new Error(`[bench] ${words[0]} beside the appenders ended with ${code}`)));
    });
    return await work();
  } finally {
    other.kill('SIGKILL');
    await ended;
  }
}

export function startRun(words: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL('./log-run.js', import.meta.url));
  return spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
}
