import type { AddFile } from './actions.ts';
import type { Snapshot } from './state.ts';

const MIB = 1024 * 1024;
/** Files as large as this are left alone: opening them costs little beside reading them. */
const SMALL_BYTES = 32 * MIB;
/** What one rewrite reads at most: it is held in memory, compressed, once. */
const GROUP_BYTES_MAX = 64 * MIB;
/** What one call rewrites at most; the next goes on. */
const CALL_BYTES_MAX = 1024 * MIB;
/** Below each of these a file is of another tier. */
const TIERS = [MIB / 4, 4 * MIB, SMALL_BYTES];
/** So many files of one tier in one partition are let be. */
const TIER_FILES_MAX = 16;

/** Files of one partition that become one. */
export interface Group {
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly files: readonly AddFile[];
}

/**
 * Whether some partition has more than 16 files of one tier (below 256 KiB, 4 MiB, 32 MiB). Merging tier by
 * tier, as log-structured merge trees do, keeps a partition at some 50 small files while each row is rewritten
 * about three times in all.
 */
export function shouldOptimize(snapshot: Snapshot): boolean {
  return dueGroups(snapshot).length > 0;
}

/** The rewrites that {@link shouldOptimize} asks for. */
export function dueGroups(snapshot: Snapshot): Group[] {
  return groupsOf(snapshot, TIER_FILES_MAX + 1, (file) => TIERS.findIndex((below) => file.size < below));
}

/** All rewrites that lessen the number of files: every partition's small files. */
export function allGroups(snapshot: Snapshot): Group[] {
  return groupsOf(snapshot, 2, () => 0);
}

function groupsOf(snapshot: Snapshot, filesMin: number, tierOf: (file: AddFile) => number): Group[] {
  const { partitionColumns } = snapshot.metadata;
  const found = new Map<string, AddFile[]>();
  for (const file of snapshot.files) {
    if (file.size >= SMALL_BYTES) continue;
    const key = JSON.stringify([tierOf(file), partitionColumns.map((name) => file.partitionValues[name] ?? null)]);
    const files = found.get(key);
    if (files === undefined) found.set(key, [file]);
    else files.push(file);
  }
  const groups = [...found.values()].filter((files) => files.length >= filesMin).flatMap(chunksOf);
  let bytes = 0;
  return groups.filter(({ files }) => {
    bytes += files.reduce((sum, file) => sum + file.size, 0);
    return bytes <= CALL_BYTES_MAX;
  });
}

function chunksOf(files: readonly AddFile[]): Group[] {
  const chunks: AddFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (bytes + file.size > GROUP_BYTES_MAX) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(file);
    bytes += file.size;
  }
  return chunks
    .filter((chunk) => chunk.length > 1)
    .map((chunk) => ({ partitionValues: chunk[0]?.partitionValues ?? {}, files: chunk }));
}
