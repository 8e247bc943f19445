import type { Retention, StreamChanges, StreamLookup } from '../../drivers/embedded-log.ts';
import type { StreamDescription } from '../../log.ts';
import type { Call } from '../operation.ts';
import { parseStreamArn, streamArn } from './arn.ts';
import { type Context, nowMs } from './context.ts';
import { invalidArgument, notActive, refuseMember, streamNotFound } from './faults.ts';
import type { StreamDocument } from './stream-document.ts';

export type StreamStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';

/** A stream as the API shows it. */
export interface Stream {
  readonly name: string;
  readonly arn: string;
  readonly status: StreamStatus;
  readonly description: StreamDescription;
  readonly retention: Retention;
  readonly document: StreamDocument;
}

/** How a request names a stream. */
export interface StreamInput {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
  readonly StreamId?: string | undefined;
}

/** The stream that a request names, there or not; InvalidArgumentException when it names none, or two. */
export function nameOf(call: Call, { StreamName, StreamARN, StreamId }: StreamInput): string {
  refuseMember('StreamId', StreamId);
  if (StreamARN === undefined) {
    if (StreamName !== undefined) return StreamName;
    throw invalidArgument('Either StreamName or StreamARN must be provided.');
  }
  const parsed = parseStreamArn(StreamARN);
  if (parsed === null) throw invalidArgument(`StreamARN ${StreamARN} is not a valid stream ARN.`);
  if (StreamName !== undefined && StreamName !== parsed.stream) {
    throw invalidArgument(`StreamName ${StreamName} and StreamARN ${StreamARN} do not name the same stream.`);
  }
  if (parsed.accountId !== call.accountId || parsed.region !== call.region) {
    throw streamNotFound(parsed.stream, parsed.accountId);
  }
  return parsed.stream;
}

/** There is a stream of that name, but its deletion is over. */
export function isGone(context: Context, lookup: StreamLookup, name: string): boolean {
  const status = (lookup.look(name)?.document as StreamDocument | null | undefined)?.status;
  return status?.state === 'DELETING' && status.untilMs <= nowMs(context);
}

/** Null when there is none of that name, or its deletion is over. */
export function findStream(context: Context, call: Call, name: string, lookup: StreamLookup): Stream | null {
  const state = lookup.look(name);
  if (state === null) return null;
  const { description, retention } = state;
  const document = (state.document ?? {}) as StreamDocument;
  const passing = document.status;
  const over = passing === undefined || passing.untilMs <= nowMs(context);
  if (over && passing?.state === 'DELETING') return null;
  return {
    name,
    arn: streamArn(call, name),
    status: over ? 'ACTIVE' : passing.state,
    description,
    retention,
    document,
  };
}

/** The stream named, in whatever state; ResourceNotFoundException when there is none. */
export function demandStream(
  context: Context,
  call: Call,
  input: StreamInput,
  lookup: StreamLookup = context.log,
): Stream {
  const name = nameOf(call, input);
  const stream = findStream(context, call, name, lookup);
  if (stream === null) throw streamNotFound(name, call.accountId);
  return stream;
}

/** The stream named, if it takes and gives records: neither CREATING nor DELETING. */
export function demandUsable(context: Context, call: Call, input: StreamInput): Stream {
  const stream = demandStream(context, call, input);
  if (stream.status === 'ACTIVE' || stream.status === 'UPDATING') return stream;
  throw streamNotFound(stream.name, call.accountId);
}

/** A stream as the service's refusals name it. */
export function titleOf(call: Call, name: string): string {
  return `stream ${name} under account ${call.accountId}`;
}

/** ResourceInUseException unless the stream is ACTIVE. */
export function checkActive(call: Call, { name, status }: Stream): void {
  if (status !== 'ACTIVE') throw notActive(name, call.accountId, status);
}

/** ResourceInUseException while the stream is CREATING or DELETING; what only looks has words of its own for it. */
export function checkSettled(call: Call, { name, status }: Stream, refusal = notActive): void {
  if (status === 'CREATING' || status === 'DELETING') throw refusal(name, call.accountId, status);
}

/** Looks at the stream named and changes it, in one transaction; `work` checks before it changes. */
export function changeStream<T>(
  context: Context,
  call: Call,
  input: StreamInput,
  work: (stream: Stream, streams: StreamChanges) => T,
): Promise<T> {
  nameOf(call, input);
  return context.log.change((streams) => work(demandStream(context, call, input, streams), streams));
}

/** The stream's document with these members; those that are undefined are taken out of it. */
export function updateDocument(
  streams: StreamChanges,
  stream: Stream,
  members: { readonly [K in keyof StreamDocument]: StreamDocument[K] | undefined },
): void {
  streams.setDocument(stream.name, { ...stream.document, ...members });
}

/** The status that a change begins; undefined when it is over at once. */
export function passing<S extends 'CREATING' | 'UPDATING' | 'DELETING'>(
  context: Context,
  state: S,
): { readonly state: S; readonly untilMs: number } | undefined {
  return context.delayMs > 0 ? { state, untilMs: nowMs(context) + context.delayMs } : undefined;
}
