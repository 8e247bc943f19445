import type { Config } from '../../config.ts';
import type { LogOptions } from '../log-config.ts';

/** What `beagle up` can be told. */
export type UpConfig = Config<
  | 'rate'
  | 'duration'
  | 'count'
  | 'shards'
  | 'workers'
  | 'port'
  | 'host'
  | 'token'
  | 'data'
  | 'seed'
  | 'people'
  | 'retention'
  | 'retention-bytes'
  | 'accept-gaps'
  | 'json'
> &
  LogOptions;
