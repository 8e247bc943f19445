import { availableParallelism } from 'node:os';
import { ConfigError } from '../core/index.ts';
import { benchLog } from '../test/bench/log.ts';
import { benchPipeline } from '../test/bench/pipeline.ts';
import { defineCommand } from './command.ts';
import { createProgress } from './progress.ts';
import { tableText } from './table-text.ts';

const EVENTS = 500_000;

export const bench = defineCommand({
  name: 'bench',
  summary:
    'Measures on this machine. log: appends, scans and flushes of records of 1 KB, the endpoint beside kinesalite, Kafka where KAFKA_BROKERS names it. pipeline: a filled log → scored rows in Delta, synced to disk.',
  args: ['BENCH'],
  options: ['events', 'records', 'runs', 'workers', 'json'],
  examples: ['beagle bench pipeline --json', 'beagle bench log --runs 3', 'beagle bench log --records 10000000 --json'],
  async run(config, [name = ''], { env, stdout, stderr, logger }) {
    const progress = createProgress(stderr);
    const { runs, records } = config;
    const brokers = (env.KAFKA_BROKERS ?? '').split(',').filter((broker) => broker !== '');
    const measure = {
      log: () => benchLog({ runs, records, brokers, onProgress: progress.show, warn: (text) => logger.warn(text) }),
      pipeline: () =>
        benchPipeline({
          events: config.events ?? EVENTS,
          runs,
          shards: config.workers ?? availableParallelism(),
          onProgress: progress.show,
        }),
    };
    if (!(name in measure))
      throw new ConfigError(`[bench] there is no bench ${name}; there are ${Object.keys(measure).join(', ')}`);
    const report = await measure[name as keyof typeof measure]().finally(progress.end);
    if (config.json) stdout.write(`${JSON.stringify(report)}\n`);
    else {
      const { machine, results } = report;
      stdout.write(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n`);
      stdout.write(
        tableText(
          ['what', 'median', 'unit', 'samples'],
          results.map(({ name: what, value, unit, samples }) => [what, value, unit, samples.join(' ')]),
          100,
        ),
      );
    }
  },
});
