import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Config, OPTIONS, type Option, type OptionName, readConfig } from '../config.ts';
import { ConfigError, messageOf } from '../core/index.ts';
import { checkLogFlags } from './log-flags.ts';
import type { Logger } from './logger.ts';

/** What a command may use of the process that it runs in. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly logger: Logger;
  /** µs since 1970 UTC. */
  readonly clock: () => number;
  /** Aborts on the first Ctrl-C. */
  readonly stop: AbortSignal;
}

/** One command, or one of a family (`lake sql`). */
export interface Command<K extends OptionName = OptionName> {
  /** `lake sql` */
  readonly name: string;
  readonly summary: string;
  /** Names of positional arguments; one that ends in … may be given often, one in [] may be missing. */
  readonly args?: readonly string[];
  readonly options: readonly K[];
  /** Defaults that hold for this command instead of the options' own. */
  readonly presets?: Readonly<Partial<Record<K, string>>>;
  readonly examples?: readonly string[];
  run(config: Config<K>, args: readonly string[], around: Surroundings): Promise<void>;
}

/** Keeps the option names while a command is written; others see a `Command`. */
export function defineCommand<K extends OptionName>(command: Command<K>): Command {
  return command as unknown as Command;
}

/** Runs a command with the words behind its name. ConfigError, in one line, for whatever cannot be taken. */
export async function runCommand(command: Command, words: readonly string[], around: Surroundings): Promise<void> {
  const options = Object.fromEntries(
    command.options.map((name) => [
      name,
      { type: OPTIONS[name].value === null ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...words],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const [what] = messageOf(error).split('. To specify');
    throw new ConfigError(`[beagle ${command.name}] ${what}; see beagle ${command.name} --help`);
  }
  if (parsed.values.help === true) {
    around.stdout.write(helpOf(command));
    return;
  }
  checkArgs(command, parsed.positionals);
  const { presets = {} } = command;
  const file = await readFileConfig();
  const config = readConfig(command.options, { flags: parsed.values, env: around.env, file, presets });
  // Options of a command are typed where it is written, and not here.
  const { log: engine } = config as { readonly log?: string };
  if (engine !== undefined) checkLogFlags(command.name, parsed.values, engine);
  await command.run(config, parsed.positionals, around);
}

function checkArgs(command: Command, given: readonly string[]): void {
  const wanted = command.args ?? [];
  const needed = wanted.filter((name) => !name.startsWith('['));
  const missing = needed[given.length];
  if (missing !== undefined) {
    throw new ConfigError(
      `[beagle ${command.name}] ${missing.replace('…', '')} is missing; see beagle ${command.name} --help`,
    );
  }
  if (given.length > wanted.length && !wanted.at(-1)?.includes('…')) {
    throw new ConfigError(
      `[beagle ${command.name}] ${given[wanted.length]} is one argument too many; see beagle ${command.name} --help`,
    );
  }
}

async function readFileConfig(): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile('beagle.config.json', 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError(
      `[config] cannot read beagle.config.json: ${messageOf(error)}; make it readable or remove it`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`[config] beagle.config.json is not JSON: ${messageOf(error)}; correct it or remove it`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ConfigError('[config] beagle.config.json must be an object such as {"port":3001}; correct it or remove it');
}

function helpOf(command: Command): string {
  const usage = ['beagle', command.name, ...(command.args ?? []), '[options]'].join(' ');
  const rows = command.options.map((name) => {
    const { value, help, default: otherwise }: Option = OPTIONS[name];
    const preset = command.presets?.[name] ?? otherwise;
    const flag = value === null ? `--${name}` : `--${name} ${value}`;
    return `  ${flag.padEnd(22)} ${help}${typeof preset === 'string' && preset !== '' ? ` (${preset})` : ''}\n`;
  });
  const examples = (command.examples ?? []).map((example) => `  ${example}\n`);
  return [
    `${command.summary}\n\nUsage: ${usage}\n\nOptions:\n`,
    ...rows,
    `  ${'--help'.padEnd(22)} this text\n`,
    ...(examples.length > 0 ? ['\nExamples:\n', ...examples] : []),
  ].join('');
}
