import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startRun } from './log-beside.ts';
import { type BenchResult, result, round } from './result.ts';

const FIRST = 1_000_000;
const MB = 1024 * 1024;

/** Resident memory of a process that appends and reads 1 KB records, after the first million and after all. */
export async function benchMemory(options: {
  readonly root: string;
  readonly records: number;
  readonly onProgress: (text: string) => void;
}): Promise<BenchResult[]> {
  const { root, records, onProgress } = options;
  onProgress(`memory after ${records} records`);
  const path = join(root, 'memory');
  const counts = records > FIRST ? [FIRST, records] : [records];
  const child = startRun(['memory', path, ...counts.map(String)]);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  await rm(path, { recursive: true, force: true });
  if (code !== 0) throw new Error(`[bench] the process that fills a log ended with ${code}; see above`);
  const memory = JSON.parse(output) as number[];
  const results = counts.map((count, i) =>
    result(`embedded: resident memory after ${count} records`, 'MB', [Math.round((memory[i] ?? 0) / MB)]),
  );
  const [first, last] = memory;
  if (first === undefined || last === undefined) return results;
  return [...results, result(`ratio: memory after ${records} / ${FIRST} records`, '', [round(last / first, 3)])];
}
