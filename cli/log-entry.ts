import { z } from 'zod';
import type { LogRecord, StreamDescription } from '../log/index.ts';

const position = z.string().regex(/^(0|[1-9]\d{0,63})$/);
const hashKey = z.string().regex(/^\d{1,39}$/);

/** The begin of an export: which stream it is, and where each shard ended when the export was begun. */
export const headerSchema = z.strictObject({
  beagle: z.literal('log-export'),
  version: z.literal(1),
  stream: z.string().min(1),
  incarnation: z.string().min(1),
  createdUs: z.int().min(0),
  shards: z.array(
    z.strictObject({
      shardId: z.string().min(1),
      hashKeyRange: z.strictObject({ start: hashKey, end: hashKey }),
      parents: z.array(z.string()),
      closed: z.boolean(),
      /** The last position that the export holds of this shard; null when it was empty. */
      through: position.nullable(),
    }),
  ),
});
export type ExportHeader = z.infer<typeof headerSchema>;

export const endSchema = z.strictObject({ end: z.literal(true), records: z.int().min(0) });

export interface ExportedRecord extends LogRecord {
  readonly shardId: string;
}

/** One part of an export. The last one tells how many records there are: without it the file is not whole. */
export type Entry =
  | { readonly kind: 'header'; readonly header: ExportHeader }
  | { readonly kind: 'record'; readonly record: ExportedRecord }
  | { readonly kind: 'end'; readonly records: number };

/** How entries lie in a file. Bytes are written one behind the other. */
export interface EntryCodec {
  encode(entry: Entry): Uint8Array;
  /**
   * Takes the next entry from `bytes` at `at`; null when it is not all there yet. Throws where the bytes are no entry.
   */
  decode(bytes: Buffer, at: number): { readonly entry: Entry; readonly end: number } | null;
}

export function headerOf(description: StreamDescription, through: ReadonlyMap<string, string | null>): ExportHeader {
  const { stream, incarnation, createdUs, shards } = description;
  return {
    beagle: 'log-export',
    version: 1,
    stream,
    incarnation,
    createdUs,
    shards: shards.map(({ shardId, hashKeyRange: { start, end }, parents, closed }) => ({
      shardId,
      hashKeyRange: { start, end },
      parents: [...parents],
      closed,
      through: through.get(shardId) ?? null,
    })),
  };
}
