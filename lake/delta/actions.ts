import { ConfigError } from '../../core/index.ts';

/**
 * The actions of Delta's transaction log, as PROTOCOL.md ("Actions") names them. Members that Beagle neither
 * reads nor writes are let through unread.
 */
export interface AddFile {
  /** Relative to the table's folder, URI-encoded. */
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** Bytes. */
  readonly size: number;
  /** ms since 1970. */
  readonly modificationTime: number;
  /** false when the rows were in the table before (compaction). In a snapshot it is always false. */
  readonly dataChange: boolean;
  /** JSON: numRecords, minValues, maxValues, nullCount. */
  readonly stats?: string;
}

export interface RemoveFile {
  readonly path: string;
  /** ms since 1970. */
  readonly deletionTimestamp?: number;
  readonly dataChange: boolean;
  /** Whether partitionValues and size are given. */
  readonly extendedFileMetadata?: boolean;
  readonly partitionValues?: Readonly<Record<string, string | null>>;
  readonly size?: number;
}

export interface Metadata {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly format: { readonly provider: string; readonly options: Readonly<Record<string, string>> };
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  /** ms since 1970. */
  readonly createdTime?: number;
}

export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures?: readonly string[];
  readonly writerFeatures?: readonly string[];
}

/** Says that the table holds what application `appId` wrote up to its own `version`. */
export interface Txn {
  readonly appId: string;
  readonly version: number;
  /** ms since 1970. */
  readonly lastUpdated?: number;
}

export interface CommitInfo {
  /** ms since 1970. */
  readonly timestamp?: number;
  readonly operation?: string;
  readonly operationParameters?: Readonly<Record<string, unknown>>;
  readonly engineInfo?: string;
  /** Beagle's nonce: the same for all attempts of one commit, so that a writer knows its own entry. */
  readonly txnId?: string;
  readonly isBlindAppend?: boolean;
}

export type Action =
  | { readonly add: AddFile }
  | { readonly remove: RemoveFile }
  | { readonly metaData: Metadata }
  | { readonly protocol: Protocol }
  | { readonly txn: Txn };

/** One commit or checkpoint, sorted by kind. */
export interface Entry {
  readonly actions: readonly Action[];
  readonly info: CommitInfo;
}

type Fields = Readonly<Record<string, unknown>>;

/** What each kind of action must have; others (cdc, domainMetadata, sidecar …) are no concern of a reader 1. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, 'string' | 'number' | 'object' | 'boolean'>>>> = {
  add: { path: 'string', partitionValues: 'object', size: 'number', modificationTime: 'number' },
  remove: { path: 'string' },
  metaData: { id: 'string', schemaString: 'string', partitionColumns: 'object' },
  protocol: { minReaderVersion: 'number', minWriterVersion: 'number' },
  txn: { appId: 'string', version: 'number' },
};

/** Parses a JSON commit. ConfigError, naming the object and the line, when it is damaged. */
export function parseCommit(bytes: Uint8Array, key: string): Entry {
  const actions: Action[] = [];
  let info: CommitInfo = {};
  const lines = new TextDecoder().decode(bytes).split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new ConfigError(`[lake/delta] ${key} line ${index + 1} is not JSON; the table's log is damaged`);
    }
    if (typeof value !== 'object' || value === null) continue;
    const { commitInfo } = value as { commitInfo?: CommitInfo };
    if (commitInfo) info = commitInfo;
    const action = toAction(value as Fields, `${key} line ${index + 1}`);
    if (action !== null) actions.push(action);
  }
  return { actions, info };
}

/** The action in a line of a commit or a row of a checkpoint; null when it is none that counts for a snapshot. */
export function toAction(row: Fields, where: string): Action | null {
  for (const [kind, required] of Object.entries(REQUIRED)) {
    const value = row[kind];
    if (value === null || value === undefined) continue;
    for (const [field, type] of Object.entries(required)) {
      const found = (value as Fields)[field];
      if (found === null || typeof found !== type) {
        throw new ConfigError(`[lake/delta] ${where}: ${kind}.${field} is no ${type}; the table's log is damaged`);
      }
    }
    if (kind === 'add' && (value as Fields).deletionVector) {
      throw new ConfigError(
        `[lake/delta] ${where} has deletionVectors, which Beagle does not read; read it with Spark`,
      );
    }
    return { [kind]: value } as unknown as Action;
  }
  return null;
}

/** The commit's lines, commitInfo first, each ended by a newline. */
export function encodeCommit(info: CommitInfo, actions: readonly Action[]): Uint8Array {
  const lines = [{ commitInfo: info }, ...actions].map((action) => `${JSON.stringify(action)}\n`);
  return new TextEncoder().encode(lines.join(''));
}
