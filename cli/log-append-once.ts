import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AppendRecord, Log, Position } from '../log/index.ts';
import { recordsBehind } from './log-read.ts';

/** One append: a record to the shard that its key names (null), or to a certain one. */
export interface Unit {
  readonly record: AppendRecord;
  readonly shardId: string | null;
}

export const journalSchema = z.strictObject({
  /** So many units are on the log for certain. */
  done: z.int().min(0),
  /** So many behind them were about to be appended: each of them may be on the log or not. */
  inDoubt: z.int().min(0),
  /** Per open shard where the target ended before those; null: it was empty. */
  before: z.record(z.string(), z.string().nullable()),
});
export type JournalState = z.infer<typeof journalSchema>;

/** Where an append notes what it is about to do; durable when the promise resolves. */
export interface Journal {
  read(): Promise<JournalState | null>;
  write(state: JournalState): Promise<void>;
}

export interface AppendOnce {
  readonly log: Log;
  readonly stream: string;
  /** The units from number `from` on, in order and always the same. */
  readonly units: (from: number) => AsyncIterable<Unit>;
  readonly journal: Journal;
  readonly stop: AbortSignal;
  readonly onProgress: (done: number) => void;
}

const UNITS_MAX = 1000;
const BYTES_MAX = 4 * 1024 * 1024;

/**
 * Appends every unit once, however often it is killed and begun again: a note goes before each append. What was in doubt
 * when the last run ended is looked for behind where the target stood then, and only what is not there is appended.
 * Gives how many were appended now, and how many are on the log.
 */
export async function appendOnce(options: AppendOnce): Promise<{ appended: number; done: number }> {
  const { log, stream, journal, stop, onProgress } = options;
  const state = (await journal.read()) ?? { done: 0, inDoubt: 0, before: await endsOf(log, stream) };
  let { done, inDoubt } = state;
  const before = new Map(Object.entries(state.before));
  let appended = 0;
  for await (const chunk of chunksOf(options.units(done), inDoubt)) {
    if (stop.aborted) break;
    const missing = inDoubt > 0 ? await notOn(options, chunk, before) : chunk;
    if (inDoubt === 0) await journal.write({ done, inDoubt: chunk.length, before: Object.fromEntries(before) });
    inDoubt = 0;
    for (const run of runsOf(missing)) {
      const records = run.map(({ record }) => record);
      const shardId = run[0]?.shardId ?? null;
      const answers = await (shardId === null
        ? log.append(stream, records)
        : log.appendToShard(stream, shardId, records));
      for (const { shardId: at, position } of answers) before.set(at, position);
    }
    done += chunk.length;
    appended += missing.length;
    onProgress(done);
  }
  if (!stop.aborted) await journal.write({ done, inDoubt: 0, before: Object.fromEntries(before) });
  return { appended, done };
}

async function endsOf(log: Log, stream: string): Promise<Record<string, Position | null>> {
  const ends: Record<string, Position | null> = {};
  for (const { shardId, closed } of (await log.describeStream(stream)).shards) {
    if (!closed) ends[shardId] = (await log.bounds(stream, shardId)).latest;
  }
  return ends;
}

/** Pieces of a bounded size; the first is what was in doubt, as it was cut then. */
async function* chunksOf(units: AsyncIterable<Unit>, inDoubt: number): AsyncGenerator<Unit[]> {
  let chunk: Unit[] = [];
  let bytes = 0;
  let isFirst = inDoubt > 0;
  for await (const unit of units) {
    const isFull = isFirst ? chunk.length === inDoubt : chunk.length === UNITS_MAX || bytes > BYTES_MAX;
    if (isFull) {
      yield chunk;
      chunk = [];
      bytes = 0;
      isFirst = false;
    }
    chunk.push(unit);
    bytes += unit.record.data.byteLength;
  }
  if (chunk.length > 0) yield chunk;
}

/** Neighbours that go to the same place share an append. */
function* runsOf(units: readonly Unit[]): Generator<readonly Unit[]> {
  let from = 0;
  for (let at = 1; at <= units.length; at++) {
    if (at < units.length && units[at]?.shardId === units[from]?.shardId) continue;
    if (at > from) yield units.slice(from, at);
    from = at;
  }
}

/** Of the units in doubt those that are not behind `before` on the target; `before` moves to where the target ends. */
async function notOn(
  { log, stream }: AppendOnce,
  units: readonly Unit[],
  before: Map<string, Position | null>,
): Promise<Unit[]> {
  const found = new Map<string, number>();
  const count = (key: string, by: number) => found.set(key, (found.get(key) ?? 0) + by);
  for (const { shardId } of (await log.describeStream(stream)).shards) {
    const { latest } = await log.bounds(stream, shardId);
    const after = before.get(shardId) ?? null;
    if (latest === null || latest === after) continue;
    for await (const records of recordsBehind({ log, stream, shardId, after, through: latest })) {
      for (const record of records) count(`${shardId} ${digestOf(record)}`, 1);
    }
    before.set(shardId, latest);
  }
  const shards = [...before.keys()];
  return units.filter(({ record, shardId }) => {
    const digest = digestOf(record);
    const places = (shardId === null ? shards : [shardId]).map((place) => `${place} ${digest}`);
    const held = places.find((place) => (found.get(place) ?? 0) > 0);
    if (held !== undefined) count(held, -1);
    return held === undefined;
  });
}

function digestOf({ app, source, key, data }: AppendRecord): string {
  return createHash('sha256')
    .update(JSON.stringify([app, source, key]))
    .update(data)
    .digest('base64');
}
