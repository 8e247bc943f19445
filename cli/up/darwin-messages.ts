import type { Policy } from '../../core/index.ts';
import type { EvolutionState, EvolutionStep } from '../../optimizer/index.ts';
import type { SavedRun } from '../darwin-store.ts';

export interface DarwinConfig {
  /** Folder of the lake. */
  readonly lake: string;
  readonly seed: number;
  readonly population: number;
  /** Where the last process left off; null at the very first. */
  readonly saved: SavedRun | null;
  readonly baseline: Policy;
}

export type FromDarwin =
  | {
      readonly type: 'generation';
      readonly step: EvolutionStep;
      readonly state: EvolutionState;
      readonly lakeVersion: number;
      readonly isLast: boolean;
    }
  | { readonly type: 'failed'; readonly message: string };

export type ToDarwin = { readonly type: 'stop' } | { readonly type: 'baseline'; readonly policy: Policy };
