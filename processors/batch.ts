import { randomUUID } from 'node:crypto';
import type { Row } from '../core/index.ts';
import {
  type AddFile,
  addFile,
  type Codec,
  createFileBuilder,
  dataColumns,
  type FileBuilder,
  type ParquetFile,
  type Store,
} from '../lake/index.ts';
import type { Position } from '../log/index.ts';
import { BATCH_DEFINITIONS, BATCH_TABLES, type BatchTable, type Manifest } from './manifest.ts';
import type { Outcome } from './process.ts';
import type { ShardState } from './state.ts';

/** More dates than this in one batch close it: each holds buffers for every column. */
export const DATES_MAX = 16;

/**
 * Bounds only of what is filtered by: those of long or random values let no file be skipped. No dictionary of what is
 * new in each record. A row group is encoded when it is full, so that only one is held as it came.
 */
const OPTIONS = {
  withoutBounds: [
    ...['raw', 'reasons', 'event_uid', 'native_uid', 'user_agent', 'session_uid', 'device_uid'],
    ...['target_uid', 'target_type', 'target_name'],
  ],
  withoutDictionary: ['event_uid', 'native_uid', 'log_position', 'raw'],
  rowGroupBytesMax: 32 * 1024 * 1024,
};

/** Rows on their way to a manifest. */
export interface Batch {
  readonly records: number;
  readonly bytes: number;
  readonly dates: number;
  add(outcome: Outcome, position: Position, arrivalUs: number): void;
  /** Encodes all files; the batch is empty afterwards and can be filled again while they are written. */
  close(): ClosedBatch;
}

export interface ClosedBatch {
  readonly last: Position;
  readonly arrivalUs: number;
  readonly counts: Manifest['counts'];
  readonly files: readonly {
    table: BatchTable;
    date: string | null;
    bytes: Uint8Array;
    statistics: ParquetFile['statistics'];
  }[];
}

export function createBatch(codec: Codec): Batch {
  const builders = Object.fromEntries(BATCH_TABLES.map((table) => [table, new Map<number, FileBuilder>()])) as Record<
    BatchTable,
    Map<number, FileBuilder>
  >;
  const idle = Object.fromEntries(BATCH_TABLES.map((table) => [table, [] as FileBuilder[]])) as Record<
    BatchTable,
    FileBuilder[]
  >;
  let counts = noCounts();
  let last: Position | null = null;
  let newestUs = 0;
  let rawBytes = 0;
  const builderFor = (table: BatchTable, date: number) => {
    const known = builders[table].get(date);
    if (known !== undefined) return known;
    const columns = dataColumns(BATCH_DEFINITIONS[table]);
    const builder = idle[table].pop() ?? createFileBuilder(columns, codec, OPTIONS);
    builders[table].set(date, builder);
    return builder;
  };
  return {
    get records() {
      return counts.records;
    },
    get bytes() {
      return rawBytes;
    },
    get dates() {
      return builders.events.size;
    },
    add(outcome, position, arrivalUs) {
      counts.records++;
      last = position;
      newestUs = Math.max(newestUs, arrivalUs);
      if (outcome.table === null) return;
      const date = outcome.table === 'events' ? outcome.row.event_date : 0;
      const builder = builderFor(outcome.table, date);
      builder.append(outcome.row as unknown as Row);
      counts[outcome.table]++;
      rawBytes +=
        outcome.table === 'events'
          ? outcome.row.raw.byteLength
          : ((outcome.row.raw as Uint8Array | undefined)?.byteLength ?? 0);
    },
    close() {
      if (last === null) throw new Error('[processors/batch] an empty batch was closed; add a record first');
      const files: ClosedBatch['files'][number][] = [];
      for (const table of BATCH_TABLES) {
        for (const [date, builder] of builders[table]) {
          const { bytes, statistics } = builder.finish();
          files.push({ table, date: table === 'events' ? isoDate(date) : null, bytes, statistics });
          if (idle[table].length < DATES_MAX) idle[table].push(builder);
        }
        builders[table].clear();
      }
      const closed = { last, arrivalUs: newestUs, counts, files };
      counts = noCounts();
      last = null;
      rawBytes = 0;
      return closed;
    },
  };
}

/** Writes a batch's files into the lake; gives what the manifest says of them. */
export async function writeBatchFiles(
  lake: Store,
  closed: ClosedBatch,
  nonce: string,
  nowUs: number,
): Promise<Manifest['adds']> {
  const adds: Record<BatchTable, AddFile[]> = { quarantine: [], redeliveries: [], findings: [], events: [] };
  await Promise.all(
    closed.files.map(async ({ table, date, bytes, statistics }, index) => {
      const partitionValues = date === null ? {} : { event_date: date };
      const name = `${nonce}-${index}`;
      adds[table].push(
        await addFile(lake, BATCH_DEFINITIONS[table], { bytes, statistics }, partitionValues, name, nowUs),
      );
    }),
  );
  return adds;
}

/** What a manifest says beside its batch. */
export type ManifestContext = Pick<Manifest, 'nonce' | 'n' | 'after' | 'clockUs' | 'policyVersion' | 'fingerprint'>;

export function manifestOf(closed: ClosedBatch, adds: Manifest['adds'], context: ManifestContext): Manifest {
  return { ...context, last: closed.last, adds, counts: closed.counts, arrivalUs: closed.arrivalUs };
}

export const newNonce = (): string => randomUUID();
export const policyVersionOf = (state: ShardState): number => state.policies[0]?.version ?? 0;

const noCounts = (): Manifest['counts'] => ({ records: 0, events: 0, quarantine: 0, redeliveries: 0, findings: 0 });

/** Days since 1970 as YYYY-MM-DD. */
export function isoDate(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}
