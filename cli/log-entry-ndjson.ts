import { z } from 'zod';
import { RECORD_BYTES_MAX } from '../log/index.ts';
import { checked, type Entry, type EntryCodec, endSchema, headerIn } from './log-entry.ts';

const NEWLINE = 10;
/** Base64 of the largest record, and room for the rest of the line. */
const LINE_BYTES_MAX = Math.ceil(RECORD_BYTES_MAX / 3) * 4 + 64 * 1024;

const recordSchema = z.strictObject({
  shard: z.string().min(1),
  position: z.string().regex(/^(0|[1-9]\d{0,63})$/),
  arrivalUs: z.int().min(0),
  app: z.string(),
  source: z.string(),
  key: z.string(),
  data: z.base64(),
});

/** An entry a line; a record's data in base64: `{"shard","position","arrivalUs","app","source","key","data"}`. */
export const ndjsonCodec: EntryCodec = {
  encode: (entry) => Buffer.from(`${JSON.stringify(documentOf(entry))}\n`),
  decode(bytes, at) {
    const newline = bytes.indexOf(NEWLINE, at);
    if (newline === -1) {
      if (bytes.length - at > LINE_BYTES_MAX) throw new Error(`a line is longer than ${LINE_BYTES_MAX} bytes`);
      return null;
    }
    return { entry: entryOf(JSON.parse(bytes.toString('utf8', at, newline))), end: newline + 1 };
  },
};

function documentOf(entry: Entry): object {
  if (entry.kind === 'header') return entry.header;
  if (entry.kind === 'end') return { end: true, records: entry.records };
  const { shardId: shard, position, arrivalUs, app, source, key, data } = entry.record;
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
  return { shard, position, arrivalUs, app, source, key, data: base64 };
}

function entryOf(document: unknown): Entry {
  if (typeof document !== 'object' || document === null) throw new Error('a line is no JSON object');
  if ('beagle' in document) return { kind: 'header', header: headerIn(document) };
  if ('end' in document) return { kind: 'end', records: checked(endSchema, document).records };
  const { shard: shardId, data, ...rest } = checked(recordSchema, document);
  return { kind: 'record', record: { shardId, ...rest, data: Buffer.from(data, 'base64') } };
}
