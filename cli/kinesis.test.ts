import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { CreateStreamCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCommand } from './command.ts';
import { kinesis } from './kinesis.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-kinesis-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command in the background; what it prints, and the ways to stop it and to await its end. */
function run(words: readonly string[], env: Record<string, string> = {}) {
  const stop = new AbortController();
  const stdout = new PassThrough({ encoding: 'utf8' });
  const printed = { text: '' };
  stdout.on('data', (text: string) => {
    printed.text += text;
  });
  const warned: string[] = [];
  const logger = { info: () => undefined, warn: (message: string) => void warned.push(message) };
  const around = { env, stdout, stderr: stdout, logger, clock: () => Date.now() * 1000, stop: stop.signal };
  const ended = runCommand(kinesis, words, around);
  return { printed, ended, stop: () => stop.abort() };
}

const CREDENTIALS = { accessKeyId: 'AKID', secretAccessKey: 'very secret' };
const ENV = {
  BEAGLE_KINESIS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  BEAGLE_KINESIS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
};

test('prints its address in one line, serves, and closes within five seconds', async () => {
  const { printed, ended, stop } = run(['--ephemeral', '--port', '0', '--json'], ENV);
  await vi.waitFor(() => expect(printed.text).toMatch(/^\{"url":"http:\/\/127\.0\.0\.1:\d+","port":\d+\}\n$/), 10_000);
  const client = new KinesisClient({
    region: 'us-east-1',
    endpoint: JSON.parse(printed.text).url,
    credentials: CREDENTIALS,
  });
  expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
  const begin = performance.now();
  stop();
  await ended;
  expect(performance.now() - begin).toBeLessThan(5000);
  client.destroy();
  expect(printed.text).not.toContain('secret');
});

test('keeps its streams in the data folder', async () => {
  for (const expected of [[], ['kept']]) {
    const { printed, ended, stop } = run(['--port', '0', '--data', folder]);
    await vi.waitFor(() => expect(printed.text).toMatch(/^Kinesis is at http:\/\/\S+\n$/), 10_000);
    const endpoint = printed.text.replace('Kinesis is at ', '').trim();
    const client = new KinesisClient({ region: 'us-east-1', endpoint, credentials: CREDENTIALS });
    expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual(expected);
    if (expected.length === 0) await client.send(new CreateStreamCommand({ StreamName: 'kept', ShardCount: 1 }));
    client.destroy();
    stop();
    await ended;
  }
});

test('a port in use is refused with a free one', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  await expect(run(['--ephemeral', '--port', String(port)]).ended).rejects.toThrow(
    new RegExp(`^\\[cli\\] port ${port} is in use; try --port \\d+$`),
  );
  taken.close();
});

test.each([
  [['--host', '0.0.0.0'], {}, /^\[log\/endpoint\] 0\.0\.0\.0 lies beyond loopback and no credentials/],
  [['--host', 'no.such.host.invalid'], ENV, /^\[cli\] cannot listen: .*; choose another --host or --port$/],
  [
    [],
    { BEAGLE_KINESIS_ACCESS_KEY_ID: 'a' },
    /^\[cli\] BEAGLE_KINESIS_SECRET_ACCESS_KEY is missing; set both, or neither$/,
  ],
  [['--cert', 'x.pem'], {}, /^\[cli\] --key is missing; TLS needs both --cert and --key$/],
  [['--cert', 'no-such.pem', '--key', 'no-such.pem'], {}, /^\[cli\] cannot read no-such\.pem: .*; name a PEM file$/],
])('%j is refused in one line', async (words, env, says) => {
  await expect(run(['--ephemeral', '--port', '0', ...words], env).ended).rejects.toThrow(says);
});

test('a certificate that is none is refused', async () => {
  const file = join(folder, 'x.pem');
  await writeFile(file, 'x');
  await expect(run(['--ephemeral', '--port', '0', '--cert', file, '--key', file]).ended).rejects.toThrow(
    /give both in PEM$/,
  );
});
