import type { LogConfig, Position } from '../log/index.ts';
import type { ShardRef } from './manifest.ts';
import type { PlaceData } from './places/index.ts';
import type { BatchLimits, Progress } from './worker.ts';

/** What a worker thread is started with. */
export interface ThreadConfig {
  readonly log: LogConfig;
  /** Folders of the lake and of the pipeline's state. */
  readonly lake: string;
  readonly state: string;
  readonly places: PlaceData;
  readonly limits: BatchLimits;
  readonly snapshotEveryMs: number;
  readonly fingerprint: string;
  /** Whether scored rows go to the stream that the page watches. */
  readonly live: boolean;
}

/** To a worker thread. `until` is the position behind which to end; null: at once; undefined: never. */
export type ToThread =
  | { readonly type: 'run'; readonly ref: ShardRef; readonly through: number; readonly until?: Position | null }
  | { readonly type: 'until'; readonly shard: string; readonly position: Position | null }
  | { readonly type: 'through'; readonly shard: string; readonly n: number }
  | { readonly type: 'stop' };

/** From a worker thread. */
export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'loaded'; readonly shard: string }
  | { readonly type: 'done'; readonly shard: string }
  | { readonly type: 'failed'; readonly message: string; readonly name: string }
  | { readonly type: 'stopped' };
