import { AuthError, ConfigError, messageOf } from '../core/index.ts';
import { runCommand } from './command.ts';
import { COMMANDS, overview } from './commands.ts';
import { createLogger } from './logger.ts';

/** Runs what the words name. Gives the exit code: 0 done, 2 asked for what cannot be, 1 anything else. */
export async function main(words: readonly string[]): Promise<number> {
  // Its versions are pinned here and run on every Node that Beagle does: nine lines a thread about later ones help nobody.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const stop = new AbortController();
  const onSignal = () => {
    // The second Ctrl-C does not wait.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // A reader that has seen enough (`| head`) is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await dispatch(words, stop.signal);
    return 0;
  } catch (error) {
    process.stderr.write(`beagle: ${messageOf(error)}\n`);
    if (process.env.BEAGLE_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
    return error instanceof ConfigError || error instanceof AuthError ? 2 : 1;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

async function dispatch(words: readonly string[], stop: AbortSignal): Promise<void> {
  const [first = '--help', second = ''] = words;
  if (first === '--help' || first === '-h' || first === 'help') {
    process.stdout.write(overview());
    return;
  }
  const name = COMMANDS.has(first) ? first : `${first} ${second}`.trim();
  const entry = COMMANDS.get(name);
  if (entry === undefined) {
    const family = [...COMMANDS.keys()].filter((known) => known.startsWith(`${first} `));
    if (family.length > 0 && (second === '' || second === '--help' || second === '-h')) {
      process.stdout.write(overview(first));
      return;
    }
    const known = family.length > 0 ? family : [...new Set([...COMMANDS.keys()].map((key) => key.split(' ')[0]))];
    throw new ConfigError(`[beagle] there is no command ${name}; there are ${known.join(', ')}`);
  }
  const rest = words.slice(name.split(' ').length);
  await runCommand(await entry.load(), rest, {
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    logger: createLogger(process.stderr),
    clock: () => Date.now() * 1000,
    stop,
  });
}
