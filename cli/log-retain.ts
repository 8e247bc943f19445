import { ConfigError } from '../core/index.ts';
import { defineCommand } from './command.ts';
import { LOG_OPTIONS, withLog } from './log-access.ts';
import { retain, retentionOf } from './retention.ts';

export const logRetain = defineCommand({
  name: 'log retain',
  summary:
    'Says how much of a stream the embedded log keeps: by age, by bytes, whichever is less, or all of it, as from the start. Of a stream that beagle up or process works, nothing is forgotten before the lake has it, nor what a restart would read again; beagle rebuild processes only what is kept.',
  args: ['STREAM'],
  options: [...LOG_OPTIONS, 'age', 'bytes', 'forever', 'json'],
  examples: ['beagle log retain events --age 7d', 'beagle log retain events --forever'],
  async run({ age, bytes, forever, ...config }, [stream = ''], { stdout }) {
    const isLimited = age !== undefined || bytes !== undefined;
    if (isLimited === forever)
      throw new ConfigError(
        '[log retain] give --age, --bytes or both, or else --forever; see beagle log retain --help',
      );
    const retention = retentionOf(age, bytes);
    await withLog(config, (log) => retain(log, stream, retention));
    if (config.json) stdout.write(`${JSON.stringify({ stream, ...retention })}\n`);
    else
      stdout.write(
        `${stream}: ${forever ? 'everything is kept' : 'what is beyond that is forgotten within a minute, while the log is open anywhere'}\n`,
      );
  },
});
