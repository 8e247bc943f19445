import type { LiveEvent } from '../api.ts';
import type { DashboardDeps } from './deps.ts';

/** The event with the directory's name for its actor. */
export function withName(deps: DashboardDeps, event: LiveEvent): LiveEvent {
  const known = deps.person?.(event.actor_key);
  return known ? { ...event, actor_name: known.name } : event;
}
