import { existsSync } from 'node:fs';
import { ConfigError } from '../core/index.ts';
import { type Log, openLog, type StreamDescription } from '../log/index.ts';
import { dataFolder } from './data-folder.ts';
import { LOG_OPTIONS as CONFIG_OPTIONS, type LogOptions, logConfigOf } from './log-config.ts';

/** The options that say which log is meant. */
export const LOG_OPTIONS = ['data', ...CONFIG_OPTIONS] as const;

/** So many shards stand in a message; a stream may have thousands. */
const SHARDS_NAMED = 8;

export interface LogChoice extends LogOptions {
  readonly data: string;
}

/** Runs `work` on the log that the options name, and lets go of it whatever happens. ConfigError when none is there. */
export async function withLog<T>(config: LogChoice, work: (log: Log) => Promise<T>): Promise<T> {
  const log = await openExistingLog(config);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** A look must not leave an empty log behind in a folder that was misspelt. */
async function openExistingLog(config: LogChoice): Promise<Log> {
  const folder = dataFolder(config.data);
  if (config.log === 'embedded' && !existsSync(folder.log)) {
    throw new ConfigError(`[log] there is no log in ${folder.root}; name its folder with --data, or start beagle up`);
  }
  // Names and passwords come from the environment alone; every command shares it.
  return openLog(logConfigOf(config, folder, process.env));
}

/** The stream's shards, or the one that is asked for; ConfigError when it has no such shard. */
export function shardsOf({ stream, shards }: StreamDescription, shardId: string | undefined) {
  if (shardId === undefined) return shards;
  const chosen = shards.filter((shard) => shard.shardId === shardId);
  if (chosen.length > 0) return chosen;
  const known = shards.slice(0, SHARDS_NAMED).map((shard) => shard.shardId);
  if (shards.length > SHARDS_NAMED) known.push(`${shards.length - SHARDS_NAMED} more (beagle log shards ${stream})`);
  throw new ConfigError(`[log] ${stream} has no shard ${shardId}; it has ${known.join(', ')}`);
}
