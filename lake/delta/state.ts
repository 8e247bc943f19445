import type { Action, AddFile, Metadata, Protocol, RemoveFile } from './actions.ts';
import { canonicalPath } from './names.ts';

/** A table at one version. Immutable. */
export interface Snapshot {
  readonly version: number;
  /** When the version was committed, µs since 1970; grows with the version. */
  readonly timestampUs: number;
  /** The live files in ascending order of their paths. */
  readonly files: readonly AddFile[];
  /** By application: the last of its versions that the table holds. */
  readonly txns: ReadonlyMap<string, number>;
  readonly metadata: Metadata;
  readonly protocol: Protocol;
  /** Rows, by the files' statistics; a file without any counts as 0. */
  readonly numRecords: number;
}

/** Replays actions (PROTOCOL.md, "Action Reconciliation"): the newest add or remove of a path wins. */
export interface TableState {
  version: number;
  timestampMs: number;
  metadata: Metadata | null;
  protocol: Protocol | null;
  numRecords: number;
  readonly files: Map<string, AddFile>;
  readonly tombstones: Map<string, RemoveFile>;
  readonly txns: Map<string, { readonly version: number; readonly lastUpdated?: number }>;
  /** Of the checkpoint that it began with and of the commits since: what decides when the next is due. */
  checkpoint: { version: number; actions: number };
  tailActions: number;
}

export function emptyState(): TableState {
  return {
    version: -1,
    timestampMs: 0,
    metadata: null,
    protocol: null,
    numRecords: 0,
    files: new Map(),
    tombstones: new Map(),
    txns: new Map(),
    checkpoint: { version: -1, actions: 0 },
    tailActions: 0,
  };
}

/** Applies one commit, or a checkpoint's rows. `timestampMs` is made to grow with the version. */
export function applyActions(
  state: TableState,
  version: number,
  timestampMs: number,
  actions: readonly Action[],
): void {
  for (const action of actions) applyAction(state, action);
  state.version = version;
  state.timestampMs = Math.max(timestampMs, state.timestampMs + 1);
  state.tailActions += actions.length;
}

function applyAction(state: TableState, action: Action): void {
  if ('add' in action) {
    const path = canonicalPath(action.add.path);
    forget(state, path);
    state.tombstones.delete(path);
    state.files.set(path, slimAdd(action.add));
    state.numRecords += recordsOf(action.add);
  } else if ('remove' in action) {
    const path = canonicalPath(action.remove.path);
    forget(state, path);
    state.tombstones.set(path, slimRemove(action.remove));
  } else if ('txn' in action) {
    const { appId, version, lastUpdated } = action.txn;
    state.txns.set(appId, lastUpdated === undefined || lastUpdated === null ? { version } : { version, lastUpdated });
  } else if ('metaData' in action) {
    state.metadata = { ...action.metaData, configuration: action.metaData.configuration ?? {} };
  } else {
    state.protocol = action.protocol;
  }
}

function forget(state: TableState, path: string): void {
  const old = state.files.get(path);
  if (old === undefined) return;
  state.numRecords -= recordsOf(old);
  state.files.delete(path);
}

const slimAdd = ({ path, partitionValues, size, modificationTime, stats }: AddFile): AddFile => ({
  path,
  partitionValues,
  size,
  modificationTime,
  dataChange: false,
  ...(stats === undefined || stats === null ? {} : { stats }),
});

const slimRemove = ({ path, deletionTimestamp, size }: RemoveFile): RemoveFile => ({
  path,
  dataChange: false,
  ...(typeof deletionTimestamp === 'number' ? { deletionTimestamp } : {}),
  ...(typeof size === 'number' ? { size } : {}),
});

/** A file's rows by its statistics; 0 when it has none. */
export function recordsOf(file: AddFile): number {
  // The whole statistics are kilobytes: parsing them at every commit would cost more than all the rest.
  const found = /"numRecords"\s*:\s*(\d+)/.exec(file.stats ?? '');
  return found ? Number(found[1]) : 0;
}

/** The state as an immutable snapshot; `metadata` and `protocol` are known to be there. */
export function toSnapshot(state: TableState, metadata: Metadata, protocol: Protocol): Snapshot {
  let files: readonly AddFile[] = [...state.files.values()];
  let sorted = false;
  return {
    version: state.version,
    timestampUs: state.timestampMs * 1000,
    txns: new Map([...state.txns].map(([appId, { version }]) => [appId, version])),
    metadata,
    protocol,
    numRecords: state.numRecords,
    /** Sorted when first asked for: an append never asks. */
    get files() {
      if (!sorted) files = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
      sorted = true;
      return files;
    },
  };
}
