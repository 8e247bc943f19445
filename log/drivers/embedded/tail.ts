import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ConfigError } from '../../../core/index.ts';
import type { LogFile } from './files.ts';

/*
 * The file `tail` says how far the log is. It is written after each flush has reached the disk and before anybody is
 * told, and never synced: a process that dies leaves it right, a machine that stops leaves anything, and therefore
 * it names the boot that it belongs to. 64 bytes, little-endian:
 *    0  u32  mark        4  u32  CRC-32 of what follows
 *    8  f64  number of the newest flush
 *   16  u32  segment    20  u32  where its newest flush begins    24  u32  where its newest flush ends
 *   28  u32  1 = the next flush goes into a new segment
 *   32  16 bytes: MD5 of the boot's id
 */
export const TAIL_NAME = 'tail';
const TAIL_BYTES = 64;
const MARK = 0x4c49_4154;

/** How far the log is. */
export interface Tail {
  readonly flush: number;
  readonly segment: number;
  readonly flushAt: number;
  readonly end: number;
  /** The segment's file is not to be written to any more. */
  readonly isSealed: boolean;
}

export interface TailFile {
  /** The newest one; null when it is damaged or of another boot. Valid until the next call. */
  read(): Tail | null;
  /** The number of the newest flush alone; 0 when it cannot be told. */
  flush(): number;
  write(tail: Tail): void;
}

/** What a reader may find while the bytes are being replaced is damaged; the next look finds them whole. */
const ATTEMPTS_MAX = 100;

export function createTailFile(file: LogFile, boot: string): TailFile {
  const bootMark = createHash('md5').update(boot).digest();
  const bytes = Buffer.alloc(TAIL_BYTES);
  const isGood = (): boolean =>
    file.read(bytes, 0) === TAIL_BYTES &&
    bytes.readUInt32LE(0) === MARK &&
    bytes.readUInt32LE(4) === crc32(bytes.subarray(8)) &&
    bytes.compare(bootMark, 0, 16, 32, 48) === 0;
  const load = (): boolean => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) if (isGood()) return true;
    return false;
  };
  return {
    read() {
      if (!load()) return null;
      return {
        flush: bytes.readDoubleLE(8),
        segment: bytes.readUInt32LE(16),
        flushAt: bytes.readUInt32LE(20),
        end: bytes.readUInt32LE(24),
        isSealed: bytes.readUInt32LE(28) === 1,
      };
    },
    flush: () => (load() ? bytes.readDoubleLE(8) : 0),
    write({ flush, segment, flushAt, end, isSealed }) {
      bytes.fill(0);
      bytes.writeUInt32LE(MARK, 0);
      bytes.writeDoubleLE(flush, 8);
      bytes.writeUInt32LE(segment, 16);
      bytes.writeUInt32LE(flushAt, 20);
      bytes.writeUInt32LE(end, 24);
      bytes.writeUInt32LE(isSealed ? 1 : 0, 28);
      bootMark.copy(bytes, 32);
      bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4);
      file.write([bytes], 0);
    },
  };
}

export function tailDamaged(): ConfigError {
  return new ConfigError('[log/embedded] the file tail of the log is damaged; close the log and open it again');
}
