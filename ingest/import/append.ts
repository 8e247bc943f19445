import type { AppendRecord, Log, Start } from '../../log/index.ts';
import type { Keyed, KeyRegistry } from '../partition-key.ts';
import { nativeBytes } from './export-file.ts';
import type { ImportPlan } from './plan.ts';

const BATCH_RECORDS = 2000;
const BATCH_BYTES = 8 * 1024 * 1024;

export interface AppendOptions {
  readonly log: Log;
  readonly plan: ImportPlan;
  readonly app: string;
  readonly path: readonly string[];
  readonly keyOf: (app: string, data: Uint8Array) => Keyed;
  readonly registry: KeyRegistry;
  /** Of these uids, those that the lake holds from elsewhere. */
  readonly known: (eventUids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly onProgress: (appended: number) => void;
  readonly stop: AbortSignal;
}

/**
 * Appends the events of a plan to its stream, behind the last that is there already, leaving out what the lake
 * holds from elsewhere. Gives how many it left out. Stopped and begun anew, it ends with the same stream.
 */
export async function appendImport(options: AppendOptions): Promise<{ known: number }> {
  const { log, plan, app, path, keyOf, onProgress, stop } = options;
  let known = 0;
  let k = await nextOf(log, plan);
  while (k < plan.count && !stop.aborted) {
    const batch: { record: AppendRecord; eventUid: string }[] = [];
    let bytes = 0;
    while (k < plan.count && batch.length < BATCH_RECORDS && bytes < BATCH_BYTES) {
      const { file, index } = plan.at(k);
      const { bytes: line, isCut } = await file.read(index);
      const data = nativeBytes(line, path);
      const { key, eventUid } = keyOf(app, data);
      const source = `${plan.source(k)}${isCut ? ':cut' : ''}`;
      batch.push({ record: { app, source, key, data }, eventUid });
      bytes += data.byteLength;
      k++;
    }
    const held = await options.known(batch.map((entry) => entry.eventUid));
    const fresh = batch.filter((entry) => !held.has(entry.eventUid));
    known += batch.length - fresh.length;
    await options.registry.flushed();
    if (fresh.length > 0)
      await log.append(
        plan.stream,
        fresh.map((entry) => entry.record),
      );
    onProgress(k);
  }
  return { known };
}

/** The number behind the last event of the plan that is on the stream. */
async function nextOf(log: Log, plan: ImportPlan): Promise<number> {
  const { shards } = await log.describeStream(plan.stream);
  let last: string | null = null;
  for (const { shardId } of shards) {
    let start: Start = { type: 'TRIM_HORIZON' };
    for (;;) {
      const { records, next } = await log.read(plan.stream, shardId, start);
      if (records.length === 0) break;
      last = records.findLast((record) => record.source.startsWith('import:'))?.source ?? last;
      start = next;
    }
  }
  if (last === null) return 0;
  const source = last.replace(/:cut$/, '');
  for (let k = plan.count - 1; k >= 0; k--) if (plan.source(k) === source) return k + 1;
  throw new Error(
    `[import] stream ${plan.stream} ends with ${source}, which is no line of these files; delete the stream or name the same files`,
  );
}
