import { availableParallelism } from 'node:os';
import { ConfigError } from '../core/index.ts';
import { benchPipeline } from '../test/bench/pipeline.ts';
import { defineCommand } from './command.ts';
import { createProgress } from './progress.ts';
import { tableText } from './table-text.ts';

const EVENTS = 500_000;

export const bench = defineCommand({
  name: 'bench',
  summary: 'Measures on this machine; pipeline: a filled log → scored rows in Delta, synced to disk.',
  args: ['BENCH'],
  options: ['events', 'runs', 'workers', 'json'],
  examples: ['beagle bench pipeline --json'],
  async run(config, [name = ''], { stdout, stderr }) {
    if (name !== 'pipeline') throw new ConfigError(`[bench] there is no bench ${name}; there is pipeline`);
    const progress = createProgress(stderr);
    const report = await benchPipeline({
      events: config.events ?? EVENTS,
      runs: config.runs,
      shards: config.workers ?? availableParallelism(),
      onProgress: progress.show,
    }).finally(progress.end);
    if (config.json) stdout.write(`${JSON.stringify(report)}\n`);
    else {
      const { machine, results } = report;
      stdout.write(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n`);
      stdout.write(
        tableText(
          ['what', 'median', 'unit', 'samples'],
          results.map(({ name: what, value, unit, samples }) => [what, value, unit, samples.join(' ')]),
        ),
      );
    }
  },
});
