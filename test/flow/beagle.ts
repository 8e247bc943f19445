/** What the tests through the command line share: the program as a child, temporary folders, and what it wrote. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLakeQuery } from '../../cli/lake-access.ts';
import { type Log, type LogRecord, openEmbeddedLog, type Start } from '../../log/index.ts';
import { type Child, COMPILED, type Finished, startChild, untilChild } from '../child.ts';

export interface Running extends Child {
  /** Resolves with the match once standard error shows it; rejects when the process ends before. */
  shows(pattern: RegExp): Promise<RegExpExecArray>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Processes and folders of one test, which end with it. */
export interface Testbed {
  /** A new folder; it is not there before the program makes it. */
  folder(name?: string): string;
  start(words: readonly string[], options?: RunOptions): Running;
  /** Runs to the end, whatever the exit code. */
  run(words: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Runs with --json and gives the document; rejects with what the program said when it failed. */
  json<T>(words: readonly string[], options?: RunOptions): Promise<T>;
  /** Kills what still runs and removes the folders. */
  cleanUp(): Promise<void>;
}

export function createTestbed(): Testbed {
  const root = mkdtempSync(join(tmpdir(), 'beagle-flow-'));
  const running = new Set<Running>();
  let count = 0;
  const start = (words: readonly string[], options: RunOptions = {}): Running => {
    // What a killed process leaves in the folder for temporary files goes with the test.
    const started = startProgram(words, { cwd: root, ...options, env: { TMPDIR: root, ...options.env } });
    running.add(started);
    void started.finished.then(() => running.delete(started));
    return started;
  };
  const run = async (words: readonly string[], options?: RunOptions) => start(words, options).finished;
  return {
    folder: (name = 'data') => join(root, `${name}-${++count}`),
    start,
    run,
    async json<T>(words: readonly string[], options?: RunOptions) {
      const { code, stdout, stderr } = await run([...words, '--json'], options);
      if (code !== 0) throw new Error(`beagle ${words.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
    async cleanUp() {
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all([...running].map(({ finished }) => finished));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function startProgram(words: readonly string[], options: RunOptions): Running {
  // What the developer has set for himself must not steer the tests.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(BEAGLE_|NODE_V8_COVERAGE|VITEST)/.test(name));
  const child = startChild(process.execPath, [COMPILED, ...words], {
    cwd: options.cwd,
    env: { ...Object.fromEntries(inherited), ...options.env },
  });
  return {
    ...child,
    shows: (pattern) =>
      untilChild(`beagle ${words.join(' ')} shows ${pattern}`, child, () => pattern.exec(child.stderr())),
  };
}

/** Rows of a query over a data folder's lake, without a process of its own. */
export async function rowsOf(data: string, text: string): Promise<Record<string, unknown>[]> {
  const query = await openLakeQuery(join(data, 'lake'), 512);
  try {
    return [...(await query.sql(text)).rows];
  } finally {
    await query.close();
  }
}

/** The one number that a query gives. */
export async function numberOf(data: string, text: string): Promise<number> {
  const [row = {}] = await rowsOf(data, text);
  return Number(Object.values(row)[0]);
}

export const openLog = (data: string): Promise<Log> => openEmbeddedLog({ path: join(data, 'log') });

/** Every record of a stream with its shard's name as rows carry it. */
async function* recordsOf(log: Log, stream: string): AsyncGenerator<LogRecord & { shard: string }> {
  const { incarnation, shards } = await log.describeStream(stream);
  for (const { shardId } of shards) {
    let start: Start = { type: 'TRIM_HORIZON' };
    for (;;) {
      const { records, next } = await log.read(stream, shardId, start);
      if (records.length === 0) break;
      for (const record of records) yield { ...record, shard: `${stream}@${incarnation}/${shardId}` };
      start = next;
    }
  }
}

/** `<shard> <position>` of every native event on the stream: Beagle's own records are none. */
export async function acknowledgedOn(data: string, stream = 'events'): Promise<string[]> {
  const log = await openLog(data);
  try {
    return await acknowledgedBy(log, stream);
  } finally {
    await log.close();
  }
}

/** As `acknowledgedOn`, of any log. */
export async function acknowledgedBy(log: Log, stream = 'events'): Promise<string[]> {
  const found: string[] = [];
  for await (const { app, shard, position } of recordsOf(log, stream)) {
    if (!app.startsWith('@')) found.push(`${shard} ${position}`);
  }
  return found.sort();
}

/** `<shard> <position>` of every row of the three tables that a native event can end in. */
export async function landedIn(data: string, stream = 'events'): Promise<string[]> {
  const part = (table: string) =>
    `SELECT log_shard || ' ' || log_position AS at FROM ${table} WHERE starts_with(log_shard, '${stream}@')`;
  const rows = await rowsOf(data, ['events', 'quarantine', 'redeliveries'].map(part).join(' UNION ALL '));
  return rows.map(({ at }) => String(at)).sort();
}

/** Lines that hold something. */
export function lineCount(text: string): number {
  return text.split('\n').filter((line) => line !== '').length;
}
