import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AddFile, Store, Table } from '../../lake/index.ts';
import type { AppendRecord, Log } from '../../log/index.ts';
import { FINDING_APP, type FindingRecord } from '../control.ts';
import { type Cursor, loadCursor, saveCursor } from './cursor.ts';
import type { Detection, Hit } from './detection.ts';

export interface RunnerDeps {
  readonly log: Log;
  readonly events: Table;
  /** SQL over the lake; $1, $2 … stand for `params`. */
  readonly sql: (text: string, params: readonly string[]) => Promise<readonly Record<string, unknown>[]>;
  /** Where the cursors lie. */
  readonly state: Store;
  readonly detections: readonly Detection[];
  /** The folder of a detection's SQL file. */
  readonly sqlFolder: URL;
}

export interface Runner {
  /**
   * Evaluates the windows that rows new since the cursor touch, and those that have closed by `clockUs` (the
   * minimum of the shard clocks); appends what is found to the log, then advances the cursor. Gives how many
   * findings were appended.
   */
  run(clockUs: number): Promise<number>;
}

interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Runs the rules across actors. It writes nothing but records on the log, and its own cursor behind them. */
export function createRunner(deps: RunnerDeps): Runner {
  const sqlOf = new Map<string, Promise<string>>();
  const read = (detection: Detection) => {
    const known = sqlOf.get(detection.id) ?? readFile(new URL(detection.sqlFile, deps.sqlFolder), 'utf8');
    sqlOf.set(detection.id, known);
    return known;
  };

  const runOne = async (detection: Detection, clockUs: number): Promise<number> => {
    const cursor = await loadCursor(deps.state, detection.id);
    const { version } = await deps.events.snapshot();
    const spans = closing(cursor, detection, clockUs);
    for await (const change of deps.events.changes(cursor.version)) {
      for (const add of change.adds) spans.push(spanOf(add));
    }
    const sql = await read(detection);
    let found = 0;
    for (const { fromUs, toUs } of merged(spans, detection.windowUs)) {
      for (const row of await deps.sql(sql, [iso(fromUs), iso(toUs)])) {
        if (await report(deps.log, detection, detection.toHit(row), cursor, clockUs)) found++;
      }
    }
    for (const reported of Object.values(cursor.reported)) reported.closed ||= reported.windowEndUs <= clockUs;
    if (version !== cursor.version || spans.length > 0)
      await saveCursor(deps.state, detection.id, { ...cursor, version });
    return found;
  };

  return {
    async run(clockUs) {
      let found = 0;
      for (const detection of deps.detections) found += await runOne(detection, clockUs);
      return found;
    },
  };
}

/** Windows that were reported while they were open and have closed since. */
function closing(cursor: Cursor, detection: Detection, clockUs: number): Span[] {
  return Object.values(cursor.reported)
    .filter((reported) => !reported.closed && reported.windowEndUs <= clockUs)
    .map(({ windowEndUs }) => ({ fromUs: windowEndUs - detection.windowUs, toUs: windowEndUs - 1 }));
}

/** Behind every time that a row can have: 2103. */
const TIME_US_MAX = 4.2e15;

/** The event times that a file's rows lie between, by its statistics; all of time when it has none. */
function spanOf(add: AddFile): Span {
  const stats = JSON.parse(add.stats ?? '{}') as { minValues?: { time?: string }; maxValues?: { time?: string } };
  const from = Date.parse(stats.minValues?.time ?? '') * 1000;
  const to = Date.parse(stats.maxValues?.time ?? '') * 1000;
  // Statistics carry milliseconds: the newest row may lie within the last one.
  return Number.isFinite(from) && Number.isFinite(to)
    ? { fromUs: from, toUs: to + 1000 }
    : { fromUs: 0, toUs: TIME_US_MAX };
}

/** Spans widened to whole windows, ascending, joined where they meet; the end is excluded. */
export function merged(spans: readonly Span[], windowUs: number): Span[] {
  const whole = spans
    .map(({ fromUs, toUs }) => ({
      fromUs: Math.floor(fromUs / windowUs) * windowUs,
      toUs: (Math.floor(toUs / windowUs) + 1) * windowUs,
    }))
    .sort((a, b) => a.fromUs - b.fromUs);
  const joined: Span[] = [];
  for (const span of whole) {
    const last = joined.at(-1);
    if (last === undefined || span.fromUs > last.toUs) joined.push(span);
    else joined[joined.length - 1] = { fromUs: last.fromUs, toUs: Math.max(last.toUs, span.toUs) };
  }
  return joined;
}

/**
 * Appends a finding: at first crossing, and again when its window has closed and the evidence has changed. One
 * record per actor first, then the row; all idempotent by finding_uid and evidence. True when it was appended.
 */
async function report(log: Log, detection: Detection, hit: Hit, cursor: Cursor, clockUs: number): Promise<boolean> {
  const findingUid = digest(detection.id, hit.entity, String(hit.windowStartUs));
  const evidenceHash = digest(...hit.actors.map((actor) => actor.actorKey), ...hit.eventUids, ...hit.reasons);
  const before = cursor.reported[findingUid];
  const isClosed = hit.windowEndUs <= clockUs;
  if (before !== undefined && (before.evidenceHash === evidenceHash || !isClosed)) return false;
  const common = {
    findingUid,
    evidenceHash,
    detectionId: detection.id,
    severityId: hit.severityId,
    timeUs: hit.timeUs,
  };
  const byStream = new Map<string, AppendRecord[]>();
  const known = await log.listStreams();
  for (const { actorKey, streams } of hit.actors) {
    // A lake outlives its streams: where there is none any more, there is no state to raise.
    for (const stream of streams.filter((name) => known.includes(name))) {
      const record = recordOf(actorKey, { kind: 'actor', ...common, actorKey });
      byStream.set(stream, [...(byStream.get(stream) ?? []), record]);
    }
  }
  const home = [...byStream.keys()].sort()[0];
  if (home === undefined) return false;
  for (const [stream, records] of byStream) await log.append(stream, records);
  const row: FindingRecord = {
    kind: 'row',
    ...common,
    windowStartUs: hit.windowStartUs,
    windowEndUs: hit.windowEndUs,
    attack: [...detection.attack],
    entities: [hit.entity, ...hit.actors.map((actor) => actor.actorKey)],
    eventUids: [...hit.eventUids],
    reasons: [...hit.reasons],
    status: before === undefined ? 'new' : 'updated',
  };
  await log.append(home, [recordOf(findingUid, row)]);
  cursor.reported[findingUid] = { evidenceHash, windowEndUs: hit.windowEndUs, closed: isClosed };
  return true;
}

function recordOf(key: string, finding: FindingRecord): AppendRecord {
  return {
    app: FINDING_APP,
    source: `detection:${finding.detectionId}`,
    key,
    data: Buffer.from(JSON.stringify(finding)),
  };
}

const digest = (...parts: string[]) => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
const iso = (us: number) => new Date(us / 1000).toISOString();
