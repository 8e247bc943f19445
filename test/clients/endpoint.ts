import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The compiled program: `npm test` builds it first. */
const ENTRY = process.env.BEAGLE_ENTRY ?? fileURLToPath(new URL('../../dist/beagle.js', import.meta.url));

const LOOK_EVERY_MS = 100;

export interface Finished {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What it wrote to standard output so far. */
  stdout(): string;
  stderr(): string;
}

export function start(command: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(command, words, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, finished, stdout: () => stdout, stderr: () => stderr };
}

/** Waits until the condition holds; rejects at the deadline, or when the process has ended before. */
export async function until(
  what: string,
  running: Running,
  holds: () => boolean | Promise<boolean>,
  withinMs = 60_000,
) {
  const endMs = performance.now() + withinMs;
  let ended: Finished | null = null;
  void running.finished.then((finished) => {
    ended = finished;
  });
  while (!(await holds())) {
    if (ended !== null) throw new Error(`ended before ${what}: ${(ended as Finished).stderr.slice(-4000)}`);
    if (performance.now() > endMs)
      throw new Error(`waited ${withinMs} ms in vain until ${what}: ${running.stderr().slice(-4000)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export interface Endpoint {
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** `beagle kinesis --ephemeral` on a free port. */
export async function startEndpoint(): Promise<Endpoint> {
  const folder = mkdtempSync(join(tmpdir(), 'beagle-clients-'));
  const running = start(process.execPath, [ENTRY, 'kinesis', '--ephemeral', '--port', '0', '--json']);
  await until('beagle kinesis says where it is', running, () => running.stdout().includes('\n'));
  const { url } = JSON.parse(running.stdout()) as { url: string };
  return {
    url,
    folder,
    async stop() {
      running.child.kill('SIGTERM');
      await running.finished;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
