import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const CACHE =
  process.env.BEAGLE_SERVICES_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'beagle');

const succeeds = (command: string, ...words: string[]) =>
  spawnSync(command, words, { stdio: 'ignore', timeout: 30_000 }).status === 0;

/** A Python that has boto3: BOTO3_PYTHON, that of a moto installed for tests, or python3; null when none has. */
export function findPython(): string | null {
  const moto = existsSync(join(CACHE, 'aws'))
    ? readdirSync(join(CACHE, 'aws'))
        .filter((name) => name.startsWith('venv-'))
        .map((name) => join(CACHE, 'aws', name, 'bin', 'python'))
    : [];
  const { BOTO3_PYTHON: given } = process.env;
  const candidates = given === undefined ? [...moto, 'python3'] : [given];
  return candidates.find((python) => succeeds(python, '-c', 'import boto3')) ?? null;
}

export interface JavaTools {
  readonly java: string;
  readonly mvn: string;
}

/** Java 17 or newer and Maven: JAVA_HOME and MVN, else what is on the path; null when one of them is not there. */
export function findJava(): JavaTools | null {
  const { JAVA_HOME, MVN } = process.env;
  const java = JAVA_HOME === undefined ? 'java' : join(JAVA_HOME, 'bin', 'java');
  const mvn = MVN ?? 'mvn';
  const { status, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: 30_000 });
  const version = Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
  return status === 0 && version >= 17 && succeeds(mvn, '-version') ? { java, mvn } : null;
}

/** Where a DynamoDB answers: AWS_ENDPOINT_URL, else moto's usual port on this machine; null when nobody does. */
export async function findDynamoDb(): Promise<string | null> {
  const url = process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:5555';
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => null);
  return answer === null ? null : url;
}
