import { ConfigError } from '../core/index.ts';
import { createLocalStore, type Store } from '../lake/index.ts';
import { comparePositions, type Log, type LogRecord } from '../log/index.ts';
import { createLeases, createManifests, createSkips, GROUP, shardName } from '../processors/index.ts';
import { defineCommand } from './command.ts';
import { demandLock, existingDataFolder } from './data-folder.ts';
import { LOG_OPTIONS, shardsOf, withLog } from './log-access.ts';

const REASON = 'passed over by hand with beagle log skip';

export const logSkip = defineCommand({
  name: 'log skip',
  summary:
    'Passes over one record that ends the worker whenever it comes to it: the next start puts it into quarantine as it is, with the reason skipped, and goes on behind it. Nothing may be working on the data folder meanwhile.',
  args: ['STREAM', 'SHARD', 'POSITION'],
  options: [...LOG_OPTIONS, 'reason', 'json'],
  examples: ['beagle log skip events shardId-000000000000 49…0042 --reason "ends the worker, see ticket 7"'],
  async run(config, [stream = '', shardId = '', position = ''], { stdout, clock }) {
    if (!/^(0|[1-9]\d{0,63})$/.test(position))
      throw new ConfigError(
        `[log skip] ${JSON.stringify(position)} is no position; take one from beagle log tail --json`,
      );
    const folder = await existingDataFolder(config.data);
    // A worker that runs already would not hear of it, and might work on the record at this moment.
    const lock = await demandLock(folder);
    try {
      await withLog(config, async (log) => {
        const description = await log.describeStream(stream);
        shardsOf(description, shardId);
        const record = await recordAt(log, stream, shardId, position);
        const shard = shardName({ ...description, shardId });
        const state = createLocalStore(folder.state);
        const skip = { detail: config.reason ?? REASON, notedUs: clock() };
        const isNew = await withShard(state, shard, async () => {
          const newest = await createManifests(state).newest(shard);
          if (newest !== null && comparePositions(newest.last, position) >= 0)
            throw new ConfigError(`[log skip] ${position} is behind the workers already; look for it in the lake`);
          return createSkips(state).note(shard, position, skip);
        });
        const { app, key } = record;
        if (config.json) stdout.write(`${JSON.stringify({ stream, shard: shardId, position, app, key, isNew })}\n`);
        else
          stdout.write(
            `${isNew ? 'noted' : 'was noted before'}: the next start puts ${position} (${app}, ${key}) into quarantine\n`,
          );
      });
    } finally {
      await lock.release();
    }
  },
});

/** Runs `work` while no `beagle process` has the shard: one that had it would not hear of the note. */
async function withShard<T>(state: Store, shard: string, work: () => Promise<T>): Promise<T> {
  const leases = createLeases({ store: state, group: GROUP, owner: `skip-${process.pid}` });
  await leases.observe();
  const lease = await leases.take(`shards/${shard}`);
  if (lease !== null) return work().finally(() => lease.release());
  const holder = leases.holderOf(`shards/${shard}`);
  throw new ConfigError(
    `[log skip] ${holder} works on ${shard}; stop it, or wait 70 s if it was killed, and try again`,
  );
}

async function recordAt(log: Log, stream: string, shardId: string, position: string): Promise<LogRecord> {
  const { records } = await log.read(stream, shardId, { type: 'AT_SEQUENCE_NUMBER', position }, { recordsMax: 1 });
  const [record] = records;
  if (record === undefined || record.position !== position)
    throw new ConfigError(`[log skip] ${stream}/${shardId} holds no record at ${position}; see beagle log shards`);
  if (!record.app.startsWith('@')) return record;
  throw new ConfigError(`[log skip] ${position} is one of Beagle’s own records (${record.app}), which end no worker`);
}
