import type { z } from 'zod';
import {
  CLASS,
  drop,
  type IdentityEvent,
  type Policy,
  type Row,
  SIGNALS,
  type Source,
  weightsOf,
} from '../core/index.ts';
import type { LogRecord } from '../log/index.ts';
import {
  addPolicy,
  CONTROL_APP,
  controlSchema,
  FINDING_APP,
  type FindingRecord,
  findingSchema,
  policyAt,
} from './control.ts';
import { FINDINGS_MAX, personOf, type ShardState } from './state.ts';
import {
  createNormalise,
  type Draft,
  decideEvent,
  enrichPlace,
  type NormalisedEvent,
  type PlaceOf,
  SIGNAL_STEPS,
  type Step,
  type StepContext,
  score,
} from './steps/index.ts';
import { addFindingRisk } from './user-risk.ts';

/** An event further behind the shard's clock gets its row but neither reads nor changes the past. */
const LATE_US = 86_400_000_000;

/** What a record becomes: one row of one table, or nothing (control records, records of findings about a person). */
export type Outcome =
  | { readonly table: 'events'; readonly row: IdentityEvent }
  | { readonly table: 'quarantine' | 'redeliveries' | 'findings'; readonly row: Row }
  | { readonly table: null };

export interface ProcessDeps {
  readonly sources: ReadonlyMap<string, Source>;
  readonly placeOf: PlaceOf;
}

export type Process = (state: ShardState, record: LogRecord, logShard: string, ingestedAtUs: number) => Outcome;

const NOTHING: Outcome = { table: null };

/** The whole of what happens to a record. Changes `state`; everything it gives depends on state and record alone. */
export function createProcess(deps: ProcessDeps): Process {
  const normalise = createNormalise(deps.sources);
  const run = createStepRunner(enrichPlace(deps.placeOf));
  return (state, record, logShard, ingestedAtUs) => {
    const own = applyOwn(state, record, logShard, ingestedAtUs);
    if (own !== null) return own;
    const normalised = normalise(record, logShard, ingestedAtUs);
    const { eventUid } = normalised;
    const result = state.recentUids.seen(eventUid, record.arrivalUs) ? drop(eventUid) : normalised.result;
    const at = { log_shard: logShard, log_position: record.position, event_uid: eventUid, ingested_at: ingestedAtUs };
    if (result.kind === 'drop') return { table: 'redeliveries', row: at };
    if (result.kind === 'deadLetter') {
      const { app, source, data: raw } = record;
      const mapper_version = deps.sources.get(app)?.mapperVersion ?? 0;
      return {
        table: 'quarantine',
        row: { ...at, app, source, reason: result.reason, detail: result.detail, raw, mapper_version },
      };
    }
    run(state, result.value, record);
    return { table: 'events', row: result.value.draft };
  };
}

/** Runs the steps over one event, with one context object for all events. */
function createStepRunner(place: Step) {
  const weights = new WeakMap<Policy, Float64Array>();
  const context = { scaled: new Float64Array(SIGNALS.length) } as StepContext;
  const weightsFor = (policy: Policy) => {
    const known = weights.get(policy) ?? weightsOf(policy);
    weights.set(policy, known);
    return known;
  };
  return (state: ShardState, { draft, mapped }: NormalisedEvent, record: LogRecord): void => {
    context.atUs = Math.min(draft.time, record.arrivalUs);
    if (context.atUs > state.clockUs) state.clockUs = context.atUs;
    context.draft = draft as Draft;
    context.mapped = mapped;
    context.isPerson = draft.class_uid !== CLASS.authentication || draft.status !== 'failure';
    context.clockUs = state.clockUs;
    context.policy = policyAt(state.policies, draft.time);
    context.weights = weightsFor(context.policy);
    const isLate = context.atUs < state.clockUs - LATE_US;
    // An event without an actor has a key of its own: remembering it would grow with events.
    context.person = isLate || mapped.actor_uid === null ? null : personOf(state, draft.actor_key);
    place(context);
    if (!isLate) for (const step of SIGNAL_STEPS) step(context);
    score(context);
    decideEvent(context);
  };
}

/**
 * Control and finding records; null for native events. One that cannot be read was not written by Beagle: it is
 * treated like any event of an unknown app, since a record that throws would stop the shard for ever.
 */
function applyOwn(state: ShardState, record: LogRecord, logShard: string, ingestedAtUs: number): Outcome | null {
  if (record.app === CONTROL_APP) {
    const control = read(controlSchema, record);
    if (control === null) return null;
    addPolicy(state.policies, control.policy);
    return NOTHING;
  }
  if (record.app === FINDING_APP) {
    const finding = read(findingSchema, record);
    return finding === null ? null : applyFinding(state, finding, record, logShard, ingestedAtUs);
  }
  return null;
}

/** Applies a finding once per uid and evidence; its time is the record's, so that the shard's order decides. */
function applyFinding(
  state: ShardState,
  finding: FindingRecord,
  record: LogRecord,
  logShard: string,
  ingestedAtUs: number,
): Outcome {
  const key = `${finding.findingUid} ${finding.evidenceHash} ${finding.kind === 'actor' ? finding.actorKey : ''}`;
  if (state.findings.has(key)) return NOTHING;
  remember(state, key);
  if (finding.kind === 'row') return { table: 'findings', row: findingRow(finding, record, logShard, ingestedAtUs) };
  const person = state.people.get(finding.actorKey);
  // A revision of a finding that raised the risk already must not raise it again.
  const raised = `${finding.findingUid} raised ${finding.actorKey}`;
  if (person !== undefined && !state.findings.has(raised)) addFindingRisk(person, finding.severityId, state.clockUs);
  remember(state, raised);
  return NOTHING;
}

/** Notes something of a finding; the oldest of too many notes goes. */
function remember({ findings, clockUs }: ShardState, key: string): void {
  findings.set(key, clockUs);
  if (findings.size > FINDINGS_MAX) findings.delete(findings.keys().next().value as string);
}

function findingRow(
  finding: Extract<FindingRecord, { kind: 'row' }>,
  record: LogRecord,
  logShard: string,
  ingestedAtUs: number,
): Row {
  return {
    finding_uid: finding.findingUid,
    detection_id: finding.detectionId,
    time: finding.timeUs,
    severity_id: finding.severityId,
    attack: finding.attack,
    entities: finding.entities,
    event_uids: finding.eventUids,
    reasons: finding.reasons,
    status: finding.status,
    evidence_hash: finding.evidenceHash,
    window_start: finding.windowStartUs,
    window_end: finding.windowEndUs,
    log_shard: logShard,
    log_position: record.position,
    ingested_at: ingestedAtUs,
  };
}

/** null when the record is none of the schema's. zod can throw, too: for an object where it compares a string's length. */
function read<T>(schema: z.ZodType<T>, { data }: LogRecord): T | null {
  try {
    return schema.parse(JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')));
  } catch {
    return null;
  }
}
