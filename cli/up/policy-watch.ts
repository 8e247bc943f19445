import { messageOf } from '../../core/index.ts';
import type { Log } from '../../log/index.ts';
import { type Manifests, shardName } from '../../processors/index.ts';
import { type Lake, tableOf } from '../lake-access.ts';
import { announcePolicies, approvedPolicies, eventStreams, openShards, type StoredPolicy } from '../policies.ts';

const LOOK_EVERY_MS = 1000;

export interface PolicyWatchOptions {
  readonly log: Log;
  readonly lake: Lake;
  readonly manifests: Manifests;
  readonly warn: (message: string) => void;
  /** Told of the policy in force, at the start and whenever it changes. */
  readonly onActive: (policy: StoredPolicy) => void;
}

/**
 * Appends again what a shard's last manifest does not know of (an approval that was cut off between the table
 * and the log), then follows the table for the page and for Darwin. Workers hear of policies by the log alone.
 */
export async function watchPolicies({ log, lake, manifests, warn, onActive }: PolicyWatchOptions) {
  const approved = await approvedPolicies(lake.query);
  const known = await lowestKnown(log, manifests);
  for (const [stream, version] of known) {
    await announcePolicies(
      log,
      stream,
      approved.map(({ policy }) => policy).filter((policy) => policy.version > version),
    );
  }
  const table = tableOf(lake, 'policies');
  let seen = (await table.snapshot()).version;
  onActive(approved[0] as StoredPolicy);
  const look = async () => {
    const { version } = await table.snapshot();
    if (version === seen) return;
    seen = version;
    onActive((await approvedPolicies(lake.query))[0] as StoredPolicy);
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => warn(`[policies] ${messageOf(error)}`));
  }, LOOK_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

/** Per stream the highest policy version that all its open shards know of. */
async function lowestKnown(log: Log, manifests: Manifests): Promise<Map<string, number>> {
  const known = new Map<string, number>();
  for (const stream of await eventStreams(log)) {
    const description = await log.describeStream(stream);
    const { incarnation } = description;
    const versions = [];
    for (const { shardId } of openShards(description)) {
      versions.push((await manifests.newest(shardName({ stream, incarnation, shardId })))?.policyVersion ?? 0);
    }
    known.set(stream, Math.min(...versions));
  }
  return known;
}
