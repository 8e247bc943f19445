import { setTimeout as sleep } from 'node:timers/promises';
import type { Table } from '../lake/index.ts';
import { comparePositions, type Log, type StreamDescription } from '../log/index.ts';
import { type Manifests, shardName } from '../processors/index.ts';

const LOOK_EVERY_MS = 200;

export interface WaitOptions {
  readonly log: Log;
  readonly manifests: Manifests;
  readonly events: Table;
  readonly group: string;
  readonly stream: StreamDescription;
  readonly stop: AbortSignal;
}

/** Waits until another process has committed a stream up to where it ends now: its manifests and `txn` tell. */
export async function waitCommitted(options: WaitOptions): Promise<void> {
  const { log, manifests, events, group, stream, stop } = options;
  for (const { shardId } of stream.shards) {
    const shard = shardName({ ...stream, shardId });
    const { latest } = await log.bounds(stream.stream, shardId);
    while (latest !== null && !stop.aborted) {
      const manifest = await manifests.newest(shard);
      const isCovered = manifest !== null && comparePositions(manifest.last, latest) >= 0;
      const held = (await events.snapshot()).txns.get(`${group}/${shard}`) ?? -1;
      if (isCovered && held >= manifest.n) break;
      await sleep(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
    }
  }
}
