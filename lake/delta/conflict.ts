import { ConflictError } from '../../core/index.ts';
import type { Action } from './actions.ts';
import { canonicalPath } from './names.ts';
import type { TableState } from './state.ts';

/**
 * What a planned action may collide with in the version that it goes on top of. Since a commit is planned anew
 * on the newest version at every attempt, these rules are all there is to conflicts: appends never collide,
 * nor does an append with an optimise; two optimises of one file do, and so do two writers of one manifest.
 */
const RULES: readonly {
  readonly kind: string;
  breaks(action: Action, state: TableState): string | null;
}[] = [
  {
    kind: 'an added file is there already',
    breaks: (action, { files }) =>
      'add' in action && files.has(canonicalPath(action.add.path)) ? action.add.path : null,
  },
  {
    kind: 'a removed file is gone',
    breaks: (action, { files }) =>
      'remove' in action && !files.has(canonicalPath(action.remove.path)) ? action.remove.path : null,
  },
  {
    kind: 'the table holds this of the application, or later',
    breaks: (action, { txns }) => {
      if (!('txn' in action)) return null;
      const held = txns.get(action.txn.appId)?.version ?? -1;
      return action.txn.version <= held ? `${action.txn.appId} ${action.txn.version} (has ${held})` : null;
    },
  },
  {
    kind: 'another schema was committed',
    breaks: (action, { metadata }) =>
      'metaData' in action && metadata !== null && metadata.id !== action.metaData.id ? action.metaData.id : null,
  },
];

/** ConflictError when an action of the plan does not fit the version that it was planned for. */
export function assertFits(table: string, state: TableState, actions: readonly Action[]): void {
  for (const action of actions) {
    for (const rule of RULES) {
      const what = rule.breaks(action, state);
      if (what === null) continue;
      throw new ConflictError(
        `[lake/delta] ${table} version ${state.version}: ${rule.kind}: ${what}; read it and plan again`,
      );
    }
  }
}
