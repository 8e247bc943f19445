import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../cli/free-port.ts';

const KINESALITE = '3.3.3';
const DEADLINE_MS = 60_000;

export interface Server {
  readonly url: string;
  /** CPU that it has used so far, µs; null where the system does not tell (it is Linux's /proc that does). */
  cpuUs(): number | null;
  stop(): Promise<void>;
}

/** Our endpoint in a process of its own, on the disk; what is acknowledged is durable. */
export async function startBeagle(folder: string): Promise<Server> {
  const entry = process.argv[1] ?? '';
  const child = spawn(process.execPath, [entry, 'kinesis', '--port', '0', '--json', '--data', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until('beagle kinesis says where it is', child, () => said.includes('\n'));
  return { url: (JSON.parse(said) as { url: string }).url, cpuUs: () => cpuOf(child), stop: () => end(child) };
}

/** The script of kinesalite, fetched with npm into the cache once. */
export async function fetchKinesalite(): Promise<string> {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'beagle', `kinesalite-${KINESALITE}`);
  const script = join(folder, 'node_modules', 'kinesalite', 'cli.js');
  if (existsSync(script)) return script;
  await mkdir(folder, { recursive: true });
  const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'];
  await promisify(execFile)('npm', [...words, `kinesalite@${KINESALITE}`], { timeout: 180_000 });
  return script;
}

export async function startKinesalite(script: string): Promise<Server> {
  const port = await freePort();
  const words = ['--port', String(port), '--createStreamMs', '0', '--deleteStreamMs', '0', '--shardLimit', '1000'];
  const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  await until('kinesalite answers', child, () => answers(port));
  return { url: `http://127.0.0.1:${port}`, cpuUs: () => cpuOf(child), stop: () => end(child) };
}

/** proc(5), /proc/pid/stat: utime and stime are its 14th and 15th fields, in hundredths of a second. */
function cpuOf({ pid }: ChildProcess): number | null {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return null;
  const text = readFileSync(path, 'utf8');
  // The second field, a name in brackets, may hold spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  return ended;
}

async function until(what: string, child: ChildProcess, holds: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (child.exitCode !== null) throw new Error(`[bench] a server ended with ${child.exitCode} before ${what}`);
    if (Date.now() > untilMs) {
      await end(child);
      throw new Error(`[bench] waited ${DEADLINE_MS / 1000} s in vain until ${what}`);
    }
    await sleep(20);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
