import { once } from 'node:events';
import { ConfigError } from '../core/index.ts';
import type { Log } from '../log/index.ts';
import { defineCommand } from './command.ts';
import { LOG_OPTIONS, withLog } from './log-access.ts';
import { type EntryCodec, type ExportHeader, headerOf } from './log-entry.ts';
import { framedCodec } from './log-entry-framed.ts';
import { ndjsonCodec } from './log-entry-ndjson.ts';
import { type ExportFile, openExportFile } from './log-export-file.ts';
import { recordsBehind } from './log-read.ts';
import { createProgress } from './progress.ts';

const PROGRESS_EVERY = 10_000;

export const logExport = defineCommand({
  name: 'log export',
  summary:
    'Writes a stream as it is now to a file: NDJSON with the data in base64, or framed binary with checksums. Stopped in the middle and run again, it goes on.',
  args: ['STREAM'],
  options: [...LOG_OPTIONS, 'to', 'framed', 'json'],
  examples: ['beagle log export events --to events.ndjson', 'beagle log export events --framed --to events.bgl'],
  async run(config, [stream = ''], { stdout, stderr, stop, logger }) {
    const { to } = config;
    if (to === undefined) throw new ConfigError('[log export] --to is missing; name a file, or - for standard output');
    if (to === '-' && config.json)
      throw new ConfigError('[log export] --json and --to - would both write to standard output; give one of them');
    const codec = config.framed ? framedCodec : ndjsonCodec;
    const progress = createProgress(stderr);
    await withLog(config, async (log) => {
      const header = await headerNow(log, stream);
      const file = to === '-' ? streamTo(stdout, codec, header) : await openExportFile(to, codec, header);
      try {
        const written = file.isWhole ? 0 : await copy({ log, file, stop, warn: logger.warn, show: progress.show });
        progress.end();
        const { records, bytes, isWhole: whole } = file;
        const report = { stream, file: to, records, written, bytes, whole, grown: hasGrown(file.header, header) };
        if (config.json) stdout.write(`${JSON.stringify(report)}\n`);
        else if (whole && to !== '-') stdout.write(`${lineOf(report)}\n`);
        if (whole) return;
        const left = to === '-' ? 'run it again' : `${to} holds ${records} records so far; run it again to go on`;
        throw new Error(`[log export] stopped before the end; ${left}`);
      } finally {
        progress.end();
        await file.close();
      }
    });
  },
});

const lineOf = (report: { file: string; records: number; written: number; bytes: number; grown: boolean }) =>
  `${report.file} is whole: ${report.records} records, ${report.bytes} bytes (${report.written} written now)${
    report.grown ? '; the stream has grown since this export was begun: name another file for one as of now' : ''
  }`;

/** Whether the log holds more now than an export, begun earlier, is going to hold. */
const hasGrown = (begun: ExportHeader, now: ExportHeader) =>
  now.shards.some(
    ({ shardId, through }) =>
      through !== null && through !== begun.shards.find((shard) => shard.shardId === shardId)?.through,
  );

/** Fixes the end: what comes later is not part of this export. */
async function headerNow(log: Log, name: string): Promise<ExportHeader> {
  const description = await log.describeStream(name);
  const through = new Map<string, string | null>();
  for (const { shardId } of description.shards) through.set(shardId, (await log.bounds(name, shardId)).latest);
  return headerOf(description, through);
}

interface Copy {
  readonly log: Log;
  readonly file: ExportFile;
  readonly stop: AbortSignal;
  readonly warn: (text: string) => void;
  readonly show: (text: string) => void;
}

/** Copies shard after shard, from where the file stands; gives how many records were written. */
async function copy({ log, file, stop, warn, show }: Copy): Promise<number> {
  const { stream, shards } = file.header;
  const before = file.records;
  for (const { shardId, through } of shards) {
    if (through === null || file.last.get(shardId) === through) continue;
    const after = file.last.get(shardId) ?? null;
    const warnOfGap = (from: string | undefined, to: string | undefined) => {
      const missing = missingBetween(log, from, to);
      if (missing > 0) warn(`[log export] ${missing} records of ${shardId} were forgotten by retention meanwhile`);
    };
    for await (const records of recordsBehind({ log, stream, shardId, after, through, stop })) {
      warnOfGap(file.last.get(shardId), records[0]?.position);
      await file.write(records.map((record) => ({ kind: 'record', record: { shardId, ...record } }) as const));
      if (file.records % PROGRESS_EVERY < records.length) show(`${file.records} records`);
    }
    if (stop.aborted) return file.records - before;
    warnOfGap(file.last.get(shardId), String(BigInt(through) + 1n));
  }
  await file.finish();
  return file.records - before;
}

/** Records that the log forgot between two that were read: the embedded log's positions have no holes of their own. */
function missingBetween(log: Log, last: string | undefined, next: string | undefined): number {
  if (log.driver !== 'embedded' || last === undefined || next === undefined) return 0;
  return Math.max(0, Number(BigInt(next) - BigInt(last)) - 1);
}

/** Standard output as a file that is always begun anew. */
function streamTo(output: NodeJS.WritableStream, codec: EntryCodec, header: ExportHeader): ExportFile {
  let bytes = 0;
  let records = 0;
  let isWhole = false;
  const last = new Map<string, string>();
  const put = async (piece: Uint8Array) => {
    bytes += piece.byteLength;
    if (!output.write(piece)) await once(output, 'drain');
  };
  const opened = put(codec.encode({ kind: 'header', header }));
  return {
    header,
    last,
    get records() {
      return records;
    },
    get bytes() {
      return bytes;
    },
    get isWhole() {
      return isWhole;
    },
    async write(entries) {
      await opened;
      for (let at = 0; at < entries.length; at += 1000) {
        await put(Buffer.concat(entries.slice(at, at + 1000).map((entry) => codec.encode(entry))));
      }
      records += entries.length;
      for (const { record } of entries) last.set(record.shardId, record.position);
    },
    async finish() {
      await opened;
      await put(codec.encode({ kind: 'end', records }));
      isWhole = true;
    },
    close: () => opened,
  };
}
