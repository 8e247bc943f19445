import { readFile } from 'node:fs/promises';
import { ConfigError, messageOf } from '../core/index.ts';
import { type KinesisEndpointOptions, openEmbeddedLog, openKinesisEndpoint } from '../log/index.ts';
import { defineCommand, type Surroundings } from './command.ts';
import { createDataFolder } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { stopped } from './stopped.ts';

/** What is under way may finish for so long once it shall stop. */
const GRACE_MS = 3000;
const [KEY_ID, SECRET] = ['BEAGLE_KINESIS_ACCESS_KEY_ID', 'BEAGLE_KINESIS_SECRET_ACCESS_KEY'] as const;

export const kinesis = defineCommand({
  name: 'kinesis',
  summary: `Serves the embedded log as Amazon Kinesis. Signatures are checked when ${KEY_ID} and ${SECRET} are set.`,
  options: ['port', 'host', 'data', 'ephemeral', 'enforce-limits', 'delay', 'cert', 'key', 'json'],
  presets: { port: '4567' },
  examples: [
    'beagle kinesis',
    'beagle kinesis --ephemeral --port 0 --json',
    'beagle kinesis --enforce-limits --delay 500ms',
  ],
  async run(config, _args, around) {
    const tls = await readTls(config.cert, config.key);
    const credentials = readCredentials(around.env);
    const path = config.ephemeral ? undefined : (await createDataFolder(config.data)).log;
    const log = await openEmbeddedLog({
      ...(path === undefined ? { ephemeral: true } : { path }),
      clock: around.clock,
    });
    try {
      const endpoint = await openOrSuggest(config.port, (port) =>
        openKinesisEndpoint(log, {
          host: config.host,
          port,
          enforceLimits: config['enforce-limits'],
          delayMs: config.delay ?? 0,
          clockUs: around.clock,
          region: around.env.AWS_REGION ?? around.env.AWS_DEFAULT_REGION ?? 'us-east-1',
          onFault: (operation, error) => around.logger.warn(`${operation} failed: ${messageOf(error)}`),
          ...tls,
          ...credentials,
        }),
      );
      const { url, port } = endpoint;
      around.stdout.write(config.json ? `${JSON.stringify({ url, port })}\n` : `Kinesis is at ${url}\n`);
      await stopped(around.stop);
      await endpoint.close(GRACE_MS);
    } finally {
      await log.close();
    }
  },
});

/** ConfigError naming a free port when this one is taken. */
async function openOrSuggest<T>(port: number, open: (port: number) => Promise<T>): Promise<T> {
  try {
    return await open(port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new ConfigError(`[cli] port ${port} is in use; try --port ${await freePort()}`);
    if (code === undefined || error instanceof ConfigError) throw error;
    throw new ConfigError(`[cli] cannot listen: ${messageOf(error)}; choose another --host or --port`);
  }
}

/** From the environment alone: a command line is seen by every user of the machine. */
function readCredentials(env: Surroundings['env']): Pick<KinesisEndpointOptions, 'credentials'> {
  const [accessKeyId, secretAccessKey] = [env[KEY_ID] ?? '', env[SECRET] ?? ''];
  if (accessKeyId === '' && secretAccessKey === '') return {};
  if (accessKeyId !== '' && secretAccessKey !== '') return { credentials: { accessKeyId, secretAccessKey } };
  throw new ConfigError(`[cli] ${accessKeyId === '' ? KEY_ID : SECRET} is missing; set both, or neither`);
}

async function readTls(
  cert: string | undefined,
  key: string | undefined,
): Promise<Pick<KinesisEndpointOptions, 'tls'>> {
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined) {
    throw new ConfigError(`[cli] --${cert === undefined ? 'cert' : 'key'} is missing; TLS needs both --cert and --key`);
  }
  return { tls: { cert: await readText(cert), key: await readText(key) } };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`[cli] cannot read ${path}: ${messageOf(error)}; name a PEM file`);
  }
}
