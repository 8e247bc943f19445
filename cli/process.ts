import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalStore } from '../lake/index.ts';
import { createLeases, GROUP, startMember } from '../processors/index.ts';
import { defineCommand } from './command.ts';
import { createDataFolder, type DataFolder, demandLock, takeLock } from './data-folder.ts';
import { engineDeps } from './engine.ts';
import { openLake } from './lake-access.ts';
import { LOG_OPTIONS, openConfiguredLog } from './log-config.ts';
import { eventStreams } from './policies.ts';
import { stopped } from './stopped.ts';
import { openMainStream } from './up/main-stream.ts';

export const processCommand = defineCommand({
  name: 'process',
  summary:
    'Works a share of the log’s shards into the lake. Start as many as there are shards, on one log and one lake: leases in the lake’s folder say who works what, and which of them commits. It has no page and no drain: it runs until Ctrl-C, which finishes the batch in hand; beagle log lag says how far the lake is.',
  options: ['data', 'workers', 'shards', 'accept-gaps', ...LOG_OPTIONS],
  examples: [
    'beagle process --log kinesis --region eu-central-1 --data D',
    'beagle process --log kafka --brokers 127.0.0.1:9092 --shards 4 --data D',
  ],
  async run(config, _args, around) {
    const folder = await createDataFolder(config.data);
    await refuseBesideUp(folder);
    const { info, warn } = around.logger;
    const { log, logConfig } = await openConfiguredLog(config, folder, around.env);
    const lake = await openLake(folder.lake, warn);
    const owner = `${hostname().replace(/[^a-zA-Z0-9-]/g, '')}-${process.pid}-${randomBytes(4).toString('hex')}`;
    try {
      await openMainStream(log, config.shards);
      const deps = await engineDeps({
        log,
        logConfig,
        source: folder,
        target: folder,
        lake,
        workers: config.workers ?? 1,
        detect: true,
        live: false,
        acceptGaps: config['accept-gaps'],
      });
      const member = await startMember({
        ...deps,
        leases: createLeases({ store: createLocalStore(folder.state), group: GROUP, owner }),
        owner,
        streams: () => eventStreams(log),
        say: (message) => info(`[process ${owner}] ${message}`),
      });
      await Promise.race([stopped(around.stop), member.failed]);
      await member.stop();
    } finally {
      await lake.query.close();
      await log.close();
    }
  },
});

const LOOKS = 10;
const LOOK_EVERY_MS = 100;

/** `up` works all shards without leases: not beside it. Another process of this kind looks as briefly as this one. */
async function refuseBesideUp(folder: DataFolder): Promise<void> {
  for (let i = 0; i < LOOKS; i++) {
    const lock = await takeLock(folder);
    if ('release' in lock) return lock.release();
    await sleep(LOOK_EVERY_MS);
  }
  await (await demandLock(folder)).release();
}
