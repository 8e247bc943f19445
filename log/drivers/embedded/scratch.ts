/** Enough for the blocks of a hundred appenders; what a flush needs beyond is allocated for itself. */
const SCRATCH_BYTES = 1024 * 1024;

/** Memory that every flush uses again: what is allocated anew for each costs more than to fill it. */
export interface Scratch {
  /** Bytes with anything in them, valid until the next `clear`. */
  take(bytes: number): Buffer;
  clear(): void;
}

export function createScratch(): Scratch {
  let memory: Buffer | null = null;
  let used = 0;
  return {
    take(bytes) {
      if (used + bytes > SCRATCH_BYTES) return Buffer.allocUnsafeSlow(bytes);
      memory ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
      used += bytes;
      return memory.subarray(used - bytes, used);
    },
    clear() {
      used = 0;
    },
  };
}
