import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { ConfigError, messageOf } from '../core/index.ts';
import { type ExportedRecord, type ExportHeader, OtherVersion } from './log-entry.ts';
import { DamagedFile, entriesOf } from './log-entry-file.ts';

/** An export that was found whole. */
export interface WholeExport {
  readonly header: ExportHeader;
  readonly records: number;
  /** SHA-256 of all of its bytes, hexadecimal: tells it from any other file. */
  readonly hash: string;
  /** Its records, in order. */
  read(): AsyncGenerator<ExportedRecord>;
  close(): Promise<void>;
}

/**
 * Opens an export and reads it through once: nothing is appended of a file that is damaged or not whole. `onProgress`
 * may throw, which ends the reading.
 */
export async function openWholeExport(path: string, onProgress: (records: number) => void): Promise<WholeExport> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new ConfigError(`[log import] cannot read ${path}: ${messageOf(error)}; name a file of beagle log export`);
  });
  try {
    const checked = await check(path, file, onProgress);
    return { ...checked, read: () => recordsOf(file), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw faultOf(path, error);
  }
}

function faultOf(path: string, error: unknown): unknown {
  if (error instanceof OtherVersion)
    return new ConfigError(`[log import] ${path} is ${error.message}; import it with the Beagle that wrote it`);
  if (error instanceof DamagedFile && error.offset === 0)
    return new ConfigError(`[log import] ${path} is no export: ${error.why}; name a file of beagle log export`);
  if (error instanceof DamagedFile) return new ConfigError(`[log import] ${path} is ${error.message}; export it again`);
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new ConfigError(`[log import] cannot read ${path}: ${messageOf(error)}; name a file of beagle log export`);
}

async function check(path: string, file: FileHandle, onProgress: (records: number) => void) {
  const hash = createHash('sha256');
  let header: ExportHeader | null = null;
  let records = 0;
  let isWhole = false;
  for await (const { entry, end } of entriesOf(file, (bytes) => hash.update(bytes))) {
    if ((header === null) !== (entry.kind === 'header') || isWhole)
      throw new DamagedFile(end, 'an entry is out of place');
    if (entry.kind === 'header') header = entry.header;
    else if (entry.kind === 'record') {
      records++;
      if (records % 10_000 === 0) onProgress(records);
    } else {
      if (entry.records !== records)
        throw new DamagedFile(end, `its end speaks of ${entry.records} records, it has ${records}`);
      isWhole = true;
    }
  }
  if (header !== null && isWhole) return { header, records, hash: hash.digest('hex') };
  throw new ConfigError(`[log import] ${path} is no whole export; run beagle log export again, which goes on with it`);
}

async function* recordsOf(file: FileHandle): AsyncGenerator<ExportedRecord> {
  for await (const { entry } of entriesOf(file)) if (entry.kind === 'record') yield entry.record;
}
