import { defineCommand } from './command.ts';
import { createDataFolder, demandLock } from './data-folder.ts';
import { LOG_OPTIONS } from './log-config.ts';
import { checkExposure } from './up/page.ts';
import { runUp } from './up/run.ts';

export const up = defineCommand({
  name: 'up',
  summary: 'Runs everything in one process: events, log, processors, lake, Darwin and the page.',
  options: [
    'rate',
    'duration',
    'count',
    'shards',
    'workers',
    'port',
    'host',
    'token',
    'data',
    'seed',
    'people',
    'retention',
    'retention-bytes',
    'accept-gaps',
    'json',
    ...LOG_OPTIONS,
  ],
  examples: [
    'beagle up',
    'beagle up --duration 60s --rate 10000/min --data D --json',
    'beagle up --log kafka --brokers 127.0.0.1:9092 --shards 4',
  ],
  async run(config, _args, around) {
    checkExposure(config.host, config.token);
    const folder = await createDataFolder(config.data);
    const lock = await demandLock(folder);
    try {
      await runUp(config, folder, around);
    } finally {
      await lock.release();
    }
  },
});
