import type { Cache } from './cache.ts';
import type { DashboardDeps } from './deps.ts';
import type { Stream } from './stream.ts';

/** What every route has at hand. */
export interface RouteContext {
  readonly deps: DashboardDeps;
  readonly cache: Cache;
  readonly stream: Stream;
}
