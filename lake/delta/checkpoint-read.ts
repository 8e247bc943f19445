import { ConfigError } from '../../core/index.ts';
import type { Store } from '../store/store.ts';
import type { Action } from './actions.ts';

/** The actions in a classic checkpoint. */
export async function readCheckpoint(_store: Store, keys: readonly string[]): Promise<readonly Action[]> {
  throw new ConfigError(`[lake/delta] ${keys.join()} cannot be read`);
}
