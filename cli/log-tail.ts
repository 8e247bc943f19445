import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { readTimeUs } from '../config.ts';
import { ConfigError } from '../core/index.ts';
import type { Log, LogRecord, Start } from '../log/index.ts';
import { defineCommand } from './command.ts';
import { LOG_OPTIONS, shardsOf, withLog } from './log-access.ts';
import { timeText } from './log-facts.ts';

const WATCH_MS = 1000;
const SLICE = { recordsMax: 1000, bytesMax: 1024 * 1024 };
/** So much of a record's data stands on a readable line. */
const SHOWN_MAX = 160;

export const logTail = defineCommand({
  name: 'log tail',
  summary:
    'Prints the records of a stream as they come, until Ctrl-C: a readable line each, or with --json one JSON document a line.',
  args: ['STREAM'],
  options: [...LOG_OPTIONS, 'from', 'shard', 'limit', 'json'],
  examples: [
    'beagle log tail events',
    'beagle log tail events --from horizon --limit 10 --json',
    'beagle log tail events --from 2026-01-31T09:00:00Z --shard shardId-000000000000',
  ],
  async run(config, [stream = ''], { stdout, stop }) {
    const start = startOf(config.from);
    await withLog(config, async (log) => {
      const ended = new AbortController();
      const quit = AbortSignal.any([stop, ended.signal]);
      let left = config.limit ?? Number.POSITIVE_INFINITY;
      const print = async (shardId: string, record: LogRecord) => {
        if (left <= 0) return;
        left--;
        const line = config.json ? jsonLine(shardId, record) : textLine(shardId, record);
        if (!stdout.write(`${line}\n`)) await once(stdout, 'drain', { signal: quit }).catch(() => {});
        if (left <= 0) ended.abort();
      };
      await follow({ log, stream, shardId: config.shard, start, stop: quit, print });
    });
  },
});

/** Where `latest`, `horizon` or a time begins to read. */
function startOf(from: string): Start {
  if (from === 'latest') return { type: 'LATEST' };
  if (from === 'horizon') return { type: 'TRIM_HORIZON' };
  const timestampUs = readTimeUs(from);
  if (timestampUs !== null) return { type: 'AT_TIMESTAMP', timestampUs };
  throw new ConfigError(
    `[log tail] --from ${JSON.stringify(from)} is no place on the log; give latest, horizon or a time such as 2026-01-31T09:00:00Z`,
  );
}

interface Follow {
  readonly log: Log;
  readonly stream: string;
  readonly shardId: string | undefined;
  readonly start: Start;
  readonly stop: AbortSignal;
  readonly print: (shardId: string, record: LogRecord) => Promise<void>;
}

/** Reads the shards side by side; where one has ended, its children are read from their beginning. */
async function follow({ log, stream, shardId, start, stop, print }: Follow): Promise<void> {
  const followed = new Map<string, Promise<void>>();
  const begin = (id: string, from: Start) => {
    if (followed.has(id)) return;
    const run = one(id, from);
    // Seen where all are waited for; until then it must not end the process.
    run.catch(() => {});
    followed.set(id, run);
  };
  const one = async (id: string, from: Start): Promise<void> => {
    let at = from;
    while (!stop.aborted) {
      const { records, next, ended } = await log.read(stream, id, at, SLICE);
      for (const record of records) {
        if (stop.aborted) return;
        await print(id, record);
      }
      at = next;
      if (ended && shardId === undefined) await beginChildren(id);
      if (ended) return;
      if (records.length === 0) await log.watch(stream, id, at, WATCH_MS, stop);
    }
  };
  const beginChildren = async (parent: string) => {
    const { shards } = await log.describeStream(stream);
    for (const shard of shards) if (shard.parents.includes(parent)) begin(shard.shardId, { type: 'TRIM_HORIZON' });
  };
  const description = await log.describeStream(stream);
  // What is closed holds nothing new; from an earlier place on, all of them hold something.
  const chosen = shardsOf(description, shardId).filter(({ closed }) => start.type !== 'LATEST' || !closed);
  for (const shard of chosen) begin(shard.shardId, start);
  // Children join while their parents are waited for.
  for (let waited = 0; waited < followed.size; ) {
    const all = [...followed.values()];
    await Promise.all(all);
    waited = all.length;
  }
}

function jsonLine(shardId: string, { position, arrivalUs, app, source, key, data }: LogRecord): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const content = isUtf8(bytes) ? { data: bytes.toString('utf8') } : { dataBase64: bytes.toString('base64') };
  return JSON.stringify({ shard: shardId, position, arrivalUs, app, source, key, ...content });
}

function textLine(shardId: string, { position, arrivalUs, app, key, data }: LogRecord): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, Math.min(data.byteLength, SHOWN_MAX * 4));
  // What events say must not steer a terminal.
  const text = bytes.toString('utf8').replace(/\p{Cc}|\uFFFD/gu, ' ');
  const shown = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 1)}…` : text;
  const shard = shardId.replace(/^shardId-0*(?=\d)/, '');
  const [kind, actor] = [app, key].map((name) => name.replace(/\p{Cc}/gu, ' '));
  return `${timeText(arrivalUs)}  ${shard}/${shortPosition(position)}  ${kind?.padEnd(10)}  ${actor}  ${shown}`;
}

/** The digits that change: a Kinesis sequence number is 56 digits long. */
const shortPosition = (position: string) => (position.length <= 20 ? position : `…${position.slice(-16)}`);
