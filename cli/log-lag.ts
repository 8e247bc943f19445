import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalStore, EVENTS, tableAt } from '../lake/index.ts';
import type { Log, Position, Start, StreamDescription } from '../log/index.ts';
import { createManifests, GROUP, type Manifests, SCORED_STREAM, shardName } from '../processors/index.ts';
import { defineCommand } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { LOG_OPTIONS, shardsOf, withLog } from './log-access.ts';
import { ageMs, ageText, arrivalAt, recordsBetween } from './log-facts.ts';
import { POSITION_CELL_MAX, tableText } from './table-text.ts';

/** Per transaction name (`<group>/<shard>`) the number of the last manifest that the lake holds. */
type Transactions = ReadonlyMap<string, number>;

export const logLag = defineCommand({
  name: 'log lag',
  summary:
    'Says how far the lake is behind the log, per group and shard: the age of the oldest record that it does not hold yet, and how many they are.',
  args: ['[STREAM]'],
  options: [...LOG_OPTIONS, 'group', 'shard', 'json'],
  examples: ['beagle log lag', 'beagle log lag events --json'],
  async run(config, [name], { stdout, clock }) {
    const folder = dataFolder(config.data);
    const manifests = createManifests(createLocalStore(folder.state));
    const committed = await transactionsOf(folder.lake, clock);
    await withLog(config, async (log) => {
      const streams = name === undefined ? await eventStreamsOf(log) : [name];
      const rows = [];
      for (const stream of streams) {
        const description = await log.describeStream(stream);
        for (const { shardId } of shardsOf(description, config.shard)) {
          const shard = shardName({ ...description, shardId });
          for (const group of groupsOf(committed, shard, config.group)) {
            const n = committed.get(`${group}/${shard}`) ?? -1;
            rows.push(await lagOf({ log, manifests, description, shardId, group, n, nowUs: clock() }));
          }
        }
      }
      if (config.json) stdout.write(`${JSON.stringify(rows)}\n`);
      else {
        stdout.write(
          tableText(
            ['group', 'stream', 'shard', 'behind', 'records', 'committed'],
            rows.map((row) => [row.group, row.stream, row.shardId, ageText(row.ageMs), row.records, row.committed]),
            POSITION_CELL_MAX,
          ),
        );
      }
    });
  },
});

/** Where nothing was ever committed there is no table: then all of the log is to be done. */
async function transactionsOf(lake: string, clock: () => number): Promise<Transactions> {
  if (!existsSync(join(lake, EVENTS.name))) return new Map();
  return (await tableAt(createLocalStore(lake), EVENTS, { clock }).snapshot()).txns;
}

/** The stream for the page is read by nobody who commits. */
const eventStreamsOf = async (log: Log) =>
  [...(await log.listStreams())].filter((stream) => stream !== SCORED_STREAM).sort();

/** The groups that have committed something of a shard; the usual one when none has. */
function groupsOf(committed: Transactions, shard: string, wanted: string | undefined): string[] {
  if (wanted !== undefined) return [wanted];
  const groups = [...committed.keys()]
    .filter((appId) => appId.endsWith(`/${shard}`))
    .map((appId) => appId.slice(0, -shard.length - 1));
  return groups.length === 0 ? [GROUP] : groups.sort();
}

interface LagOf {
  readonly log: Log;
  readonly manifests: Manifests;
  readonly description: StreamDescription;
  readonly shardId: string;
  readonly group: string;
  /** Number of the last manifest in the lake; −1 for none. */
  readonly n: number;
  readonly nowUs: number;
}

async function lagOf({ log, manifests, description, shardId, group, n, nowUs }: LagOf) {
  const { stream } = description;
  const manifest = n < 0 ? null : await manifests.read(shardName({ ...description, shardId }), n);
  const committed: Position | null = manifest?.last ?? null;
  const start: Start =
    committed === null ? { type: 'TRIM_HORIZON' } : { type: 'AFTER_SEQUENCE_NUMBER', position: committed };
  const records = recordsBetween(log, committed, await log.bounds(stream, shardId));
  const oldestUs = await arrivalAt(log, stream, shardId, start);
  return { group, stream, shardId, committed, records, ageMs: ageMs(oldestUs, nowUs) ?? 0 };
}
