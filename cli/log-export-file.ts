import { type FileHandle, link, open, unlink } from 'node:fs/promises';
import { ConfigError, messageOf } from '../core/index.ts';
import { type Entry, type EntryCodec, type ExportHeader, OtherVersion } from './log-entry.ts';
import { codecOf, DamagedFile, entriesOf } from './log-entry-file.ts';

/** An export under way. */
export interface ExportFile {
  /** The header that stands in the file: of the run that began it. */
  readonly header: ExportHeader;
  /** Per shard the last position in the file. */
  readonly last: Map<string, string>;
  readonly records: number;
  readonly bytes: number;
  readonly isWhole: boolean;
  write(entries: readonly Extract<Entry, { kind: 'record' }>[]): Promise<void>;
  /** Writes the end and syncs. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens an export to go on with it, or begins it with `header`. What an earlier, killed run left torn at the end is cut.
 * ConfigError when the file is something else, or the export of another stream or in the other form.
 */
export async function openExportFile(path: string, codec: EntryCodec, header: ExportHeader): Promise<ExportFile> {
  await begin(path, codec.encode({ kind: 'header', header }));
  const file = await open(path, 'r+').catch((error: unknown) => {
    throw new ConfigError(`[log export] cannot write ${path}: ${messageOf(error)}; name another file with --to`);
  });
  try {
    const found = await readThrough(path, file, codec, header);
    await file.truncate(found.bytes);
    return appendTo(path, file, codec, found);
  } catch (error) {
    await file.close();
    if (!(error instanceof OtherVersion)) throw error;
    throw new ConfigError(`[log export] ${path} is there and is ${error.message}; name another file with --to`);
  }
}

/** A file with its header appears as a whole or not at all: one without could not be told from something else. */
async function begin(path: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  try {
    const file = await open(fresh, 'w');
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await link(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new ConfigError(`[log export] cannot write ${path}: ${messageOf(error)}; name another file with --to`);
  } finally {
    await unlink(fresh).catch(() => {});
  }
}

interface Found {
  readonly header: ExportHeader;
  readonly last: Map<string, string>;
  records: number;
  bytes: number;
  isWhole: boolean;
}

async function readThrough(path: string, file: FileHandle, codec: EntryCodec, wanted: ExportHeader): Promise<Found> {
  if ((await codecOf(file)) !== codec)
    throw new ConfigError(
      `[log export] ${path} is there in the other form; give or leave out --framed, or name another file`,
    );
  let found: Found | null = null;
  try {
    for await (const { entry, end } of entriesOf(file)) {
      if (found === null) {
        if (entry.kind !== 'header') throw new DamagedFile(0, 'it does not begin as an export');
        checkSame(path, entry.header, wanted);
        found = { header: entry.header, last: new Map(), records: 0, bytes: end, isWhole: false };
        continue;
      }
      if (found.isWhole || entry.kind === 'header') throw new DamagedFile(found.bytes, 'an entry too many');
      if (entry.kind === 'record') {
        found.records++;
        found.last.set(entry.record.shardId, entry.record.position);
      } else found.isWhole = true;
      found.bytes = end;
    }
  } catch (error) {
    // Torn by a kill or a power cut: what follows is read from the log again.
    if (!(error instanceof DamagedFile)) throw error;
  }
  if (found !== null) return found;
  throw new ConfigError(`[log export] ${path} is there and is no export; name another file with --to`);
}

function checkSame(path: string, held: ExportHeader, wanted: ExportHeader): void {
  if (held.stream === wanted.stream && held.incarnation === wanted.incarnation) return;
  throw new ConfigError(
    `[log export] ${path} is the export of ${held.stream}@${held.incarnation}, not of ${wanted.stream}@${wanted.incarnation}; name another file with --to`,
  );
}

function appendTo(path: string, file: FileHandle, codec: EntryCodec, found: Found): ExportFile {
  const put = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.byteLength; ) {
      const { bytesWritten } = await file
        .write(bytes, at, bytes.byteLength - at, found.bytes)
        .catch((error: unknown) => {
          throw new Error(
            `[log export] cannot write ${path}: ${messageOf(error)}; make room, and run the same command again to go on`,
          );
        });
      at += bytesWritten;
      found.bytes += bytesWritten;
    }
  };
  return {
    header: found.header,
    last: found.last,
    get records() {
      return found.records;
    },
    get bytes() {
      return found.bytes;
    },
    get isWhole() {
      return found.isWhole;
    },
    async write(entries) {
      await put(Buffer.concat(entries.map((entry) => codec.encode(entry))));
      found.records += entries.length;
      for (const { record } of entries) found.last.set(record.shardId, record.position);
    },
    async finish() {
      await put(codec.encode({ kind: 'end', records: found.records }));
      found.isWhole = true;
      await file.sync();
    },
    async close() {
      await file.close();
    },
  };
}
