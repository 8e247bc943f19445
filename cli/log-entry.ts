import { z } from 'zod';
import type { LogRecord, StreamDescription } from '../log/index.ts';

const position = z.string().regex(/^(0|[1-9]\d{0,63})$/);
const hashKey = z.string().regex(/^\d{1,39}$/);

/** The begin of an export: which stream it is, and where each shard ended when the export was begun. */
const headerSchema = z.strictObject({
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

/** An export that another version of Beagle wrote, in a form that this one does not know: not damaged. */
export class OtherVersion extends Error {
  constructor(version: unknown) {
    super(`an export of version ${String(version).slice(0, 20)}, and this Beagle knows version 1`);
  }
}

/** The header that a document is. Throws OtherVersion, or an error of one line. */
export function headerIn(document: unknown): ExportHeader {
  const { version } = z.object({ version: z.unknown() }).catch({ version: 1 }).parse(document);
  if (version !== 1) throw new OtherVersion(version);
  return checked(headerSchema, document);
}

/** The document, if it is as the schema says; else an error of one line that names the first fault. */
export function checked<T>(schema: z.ZodType<T>, document: unknown): T {
  const { success, data, error } = schema.safeParse(document);
  if (success) return data;
  const { path, message } = error.issues[0] ?? { path: [], message: 'not as it should be' };
  throw new Error([...(path.length > 0 ? [path.join('.')] : []), message].join(': '));
}

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
