import { createHash } from 'node:crypto';
import type { Keyed } from '../partition-key.ts';
import { type ExportFile, nativeBytes } from './export-file.ts';

/** All events of an import, merged by event time: history must be scored in its own order. */
export interface ImportPlan {
  /** Names the stream of this import: the same files give the same name. */
  readonly stream: string;
  readonly count: number;
  /** File and index in it of the k-th event. */
  at(k: number): { file: ExportFile; index: number };
  /** What the k-th event's record carries: `import:<hash>:<line>`. */
  source(k: number): string;
}

export interface PlanOptions {
  readonly app: string;
  readonly files: readonly ExportFile[];
  /** Tokens of the JSON pointer to the native event. */
  readonly path: readonly string[];
  readonly keyOf: (app: string, data: Uint8Array) => Keyed;
  readonly onProgress: (read: number) => void;
}

/**
 * Reads every event's time and sorts by it, stable in the order of files and lines. Events without a time
 * come last; what cannot be read stands where the line before it stands.
 */
export async function planImport({ app, files, path, keyOf, onProgress }: PlanOptions): Promise<ImportPlan> {
  const count = files.reduce((sum, file) => sum + file.slices.length, 0);
  const times = new Float64Array(count);
  const fileOf = new Uint16Array(count);
  const indexOf = new Uint32Array(count);
  let k = 0;
  for (const [number, file] of files.entries()) {
    let last = 0;
    for (let index = 0; index < file.slices.length; index++) {
      const { bytes } = await file.read(index);
      const { timeUs, isEvent } = keyOf(app, nativeBytes(bytes, path));
      last = timeUs ?? last;
      // An event without a time takes its arrival, which is now: before the others it would make them all late.
      times[k] = isEvent && timeUs === null ? Number.POSITIVE_INFINITY : last;
      fileOf[k] = number;
      indexOf[k++] = index;
      if (k % 1000 === 0) onProgress(k);
    }
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (times[a] as number) - (times[b] as number) || a - b,
  );
  const name = createHash('sha256').update([app, ...path, '', ...files.map((file) => file.hash)].join('\n'));
  const at = (position: number) => {
    const event = order[position] as number;
    return { file: files[fileOf[event] as number] as ExportFile, index: indexOf[event] as number };
  };
  return {
    stream: `import-${app}-${name.digest('hex').slice(0, 16)}`,
    count,
    at,
    source(position) {
      const { file, index } = at(position);
      return `import:${file.hash.slice(0, 16)}:${index + 1}`;
    },
  };
}
