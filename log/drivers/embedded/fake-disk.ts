import type { Files, LogFile } from './files.ts';

/** What a power failure may keep or lose of a write by itself, bytes. */
const SECTOR_BYTES = 512;

interface FakeFile {
  /** What processes see. */
  bytes: Buffer;
  /** What has been synced. */
  synced: Buffer;
}

/** All that changes something; `names` syncs the folder and has no name. */
export type DiskOperation = 'write' | 'sync' | 'create' | 'truncate' | 'rename' | 'remove' | 'names';

/** A disk for tests: it fails when told to, and tells what a power failure would leave. */
export interface FakeDisk {
  readonly files: Files;
  /** Called before each operation; throws to fail it. */
  before: (operation: DiskOperation, name: string) => void;
  /** The bytes of a file as processes see them. */
  bytes(name: string): Buffer;
  /** A disk as it is after power was lost now: of what was not synced `keeps` decides, sector by sector. */
  afterPowerLoss(keeps: () => boolean): FakeDisk;
  /** The disk as it is, for tests to damage. */
  copy(): FakeDisk;
  set(name: string, bytes: Buffer): void;
}

export function createFakeDisk(from: ReadonlyMap<string, Buffer> = new Map()): FakeDisk {
  const there = new Map<string, FakeFile>();
  for (const [name, bytes] of from) there.set(name, { bytes: Buffer.from(bytes), synced: Buffer.from(bytes) });
  let namesSynced = new Set(there.keys());
  const demand = (name: string): FakeFile => {
    const found = there.get(name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  };
  const disk: FakeDisk = {
    before: () => undefined,
    files: {
      names: () => [...there.keys()],
      open: (name) => (there.has(name) ? opened(name, demand(name)) : null),
      create(name) {
        disk.before('create', name);
        if (there.has(name)) throw new Error(`${name} exists`);
        const file = { bytes: Buffer.alloc(0), synced: Buffer.alloc(0) };
        there.set(name, file);
        return opened(name, file);
      },
      rename(old, name) {
        disk.before('rename', old);
        there.set(name, demand(old));
        there.delete(old);
      },
      remove: (name) => {
        disk.before('remove', name);
        there.delete(name);
      },
      sync() {
        disk.before('names', '');
        namesSynced = new Set(there.keys());
      },
    },
    bytes: (name) => demand(name).bytes,
    afterPowerLoss(keeps) {
      const left = new Map<string, Buffer>();
      for (const [name, file] of there) if (namesSynced.has(name) || keeps()) left.set(name, torn(file, keeps));
      return createFakeDisk(left);
    },
    copy: () => createFakeDisk(new Map([...there].map(([name, { bytes }]) => [name, bytes]))),
    set(name, bytes) {
      there.set(name, { bytes, synced: bytes });
    },
  };
  const opened = (name: string, file: FakeFile): LogFile => ({
    size: () => file.bytes.length,
    read: (into, at) => file.bytes.copy(into, 0, Math.min(at, file.bytes.length)),
    write(parts, at) {
      disk.before('write', name);
      const written = Buffer.concat(parts);
      const bytes = Buffer.alloc(Math.max(file.bytes.length, at + written.length));
      file.bytes.copy(bytes);
      written.copy(bytes, at);
      file.bytes = bytes;
    },
    sync() {
      disk.before('sync', name);
      file.synced = Buffer.from(file.bytes);
    },
    truncate(size) {
      disk.before('truncate', name);
      file.bytes = Buffer.from(file.bytes.subarray(0, size));
    },
    close: () => undefined,
  });
  return disk;
}

function torn({ bytes, synced }: FakeFile, keeps: () => boolean): Buffer {
  const left = Buffer.alloc(keeps() ? bytes.length : synced.length);
  synced.copy(left);
  for (let at = 0; at < left.length; at += SECTOR_BYTES) {
    const end = Math.min(at + SECTOR_BYTES, bytes.length);
    const isSame = synced.subarray(at, end).equals(bytes.subarray(at, end));
    if (!isSame && at < bytes.length && keeps()) bytes.copy(left, at, at, end);
  }
  return left;
}
