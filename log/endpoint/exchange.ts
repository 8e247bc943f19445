import { randomBytes, randomUUID } from 'node:crypto';
import { readAuthorization } from './authorization.ts';
import { CBOR_CODEC } from './cbor-codec.ts';
import type { Codec } from './codec.ts';
import { validator } from './constraints.ts';
import { eventFrames } from './event-stream.ts';
import { JSON_CODEC } from './json-codec.ts';
import { type Call, KinesisError, type Operation } from './operation.ts';
import { scanPutRecords } from './put-records-scan.ts';
import { serializationFault, structureReader } from './reader.ts';
import type { WireRequest } from './request.ts';
import { OPERATIONS, type OperationShape } from './shapes/index.ts';
import { undecided } from './undecided.ts';

/** The operations by name, as `createOperations` gives them. */
export type Operations = Readonly<Record<string, Operation>>;

/** Who calls, given the region that the signature names; null when it names none. */
export type CallFrom = (region: string | null) => Call;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Frames that follow the body for as long as the subscription lasts. */
  readonly frames: AsyncIterable<Buffer> | null;
  /** The operation asked for when there is such a one, else `unknown`. */
  readonly operation: string;
  /** The error's name; `''` for none. */
  readonly fault: string;
  readonly recordsIn: number;
  readonly recordsOut: number;
}

export interface ExchangeOptions {
  readonly operations: Operations;
  /** Checks a signature against credentials; null when any well-formed one will do. */
  readonly verify: ((request: WireRequest) => void) | null;
  /** What went wrong here and is no fault of the caller's. */
  readonly onFault: (operation: string, error: unknown) => void;
}

interface Prepared {
  readonly name: string;
  readonly codec: Codec;
  /** Reads the usual body in one go; null for any other. */
  readonly scan: ((body: Buffer) => Record<string, unknown> | null) | null;
  readonly read: (value: unknown) => Record<string, unknown>;
  readonly validate: (input: Record<string, unknown>) => void;
  readonly write: (output: unknown) => Buffer;
  readonly shape: OperationShape;
  readonly run: Operation<Record<string, unknown>, unknown>;
}

const TARGET_PREFIX = 'Kinesis_20131202.';
/** What went wrong here is for whoever runs the endpoint, not for whoever calls it. */
const INTERNAL_FAILURE_TEXT = 'The request processing has failed because of an unknown error, exception or failure.';
const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';
const CODECS: ReadonlyMap<string, Codec> = new Map([
  [JSON_CODEC.contentType, JSON_CODEC],
  ['application/json', JSON_CODEC],
  [CBOR_CODEC.contentType, CBOR_CODEC],
]);

/** The operation that a target names; null when it names none of the model's. */
export function operationOf(target: string | undefined): string | null {
  if (target === undefined || !target.startsWith(TARGET_PREFIX)) return null;
  const name = target.slice(TARGET_PREFIX.length);
  return Object.hasOwn(OPERATIONS, name) ? name : null;
}

/**
 * A function from request to reply. The order of checks is AWS's: a body that is none, an operation that is none, no
 * body, the signature's form, types, constraints, and then what the operation itself finds. With credentials to check
 * against, the signature comes first: who has none gets nothing parsed.
 */
export function createExchange(options: ExchangeOptions): (request: WireRequest, callFrom: CallFrom) => Promise<Reply> {
  const prepared = new Map(
    [...new Set(CODECS.values())].map((codec) => [codec, prepareAll(options.operations, codec)]),
  );
  return async (request, callFrom) => {
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    // Without a body AWS answers in CBOR, whatever the type, unless it is that of JSON 1.1.
    const codec = request.body.length === 0 && type !== JSON_CODEC.contentType ? CBOR_CODEC : CODECS.get(type);
    if (request.method !== 'POST' || codec === undefined) return { ...undecided(request), headers: identity() };
    const name = operationOf(request.headers['x-amz-target']);
    try {
      const operation = name === null ? undefined : prepared.get(codec)?.get(name);
      return await answer(request, callFrom, codec, operation, options);
    } catch (error) {
      return faultReply(name ?? 'unknown', codec, error, options.onFault);
    }
  };
}

async function answer(
  request: WireRequest,
  callFrom: CallFrom,
  codec: Codec,
  operation: Prepared | undefined,
  options: ExchangeOptions,
): Promise<Reply> {
  options.verify?.(request);
  const prepared = prepare(request, codec, operation);
  const output = await prepared.operation.run(prepared.input, callFrom(prepared.region));
  return outputReply(prepared.operation, prepared.input, output);
}

/** Everything that comes before the operation. A function of its own, so that the parsed body is let go of. */
function prepare(request: WireRequest, codec: Codec, operation: Prepared | undefined) {
  const scanned = operation?.scan?.(request.body) ?? null;
  const value = scanned ?? (request.body.length === 0 ? undefined : codec.parse(request.body));
  if (value !== undefined && (typeof value !== 'object' || value === null)) throw serializationFault();
  if (operation === undefined) throw new KinesisError('UnknownOperationException', '');
  if (value === undefined) throw serializationFault();
  const { region } = readAuthorization(request);
  const input = scanned ?? operation.read(value);
  operation.validate(input);
  return { operation, input, region };
}

function outputReply(operation: Prepared, input: Record<string, unknown>, output: unknown): Reply {
  const { name, codec, shape } = operation;
  const given = (output ?? {}) as Readonly<Record<string, unknown>>;
  const headers = identity();
  const stream = shape.output?.members.EventStream;
  if (stream?.type === 'eventstream') {
    headers['content-type'] = EVENT_STREAM_TYPE;
    const frames = eventFrames(codec, stream, given.EventStream as AsyncIterable<Readonly<Record<string, unknown>>>);
    return { ...EMPTY, headers, frames, operation: name };
  }
  headers['content-type'] = codec.contentType;
  const body = shape.output === null ? EMPTY.body : operation.write(given);
  const recordsIn = name === 'PutRecord' ? 1 : name === 'PutRecords' ? countOf(input.Records) : 0;
  const refused = typeof given.FailedRecordCount === 'number' ? given.FailedRecordCount : 0;
  const recordsOut = name === 'GetRecords' ? countOf(given.Records) : 0;
  return { ...EMPTY, headers, body, operation: name, recordsIn: recordsIn - refused, recordsOut };
}

function faultReply(operation: string, codec: Codec, error: unknown, onFault: ExchangeOptions['onFault']): Reply {
  const known = error instanceof KinesisError;
  if (!known) onFault(operation, error);
  const { type, message, status } = known ? error : new KinesisError('InternalFailure', INTERNAL_FAILURE_TEXT, 500);
  const headers = { ...identity(), 'content-type': codec.contentType };
  return { ...EMPTY, status, headers, body: codec.error(type, message), operation, fault: type };
}

const EMPTY: Reply = {
  status: 200,
  headers: {},
  body: Buffer.alloc(0),
  frames: null,
  operation: 'unknown',
  fault: '',
  recordsIn: 0,
  recordsOut: 0,
};

function identity(): Record<string, string> {
  return { 'x-amzn-RequestId': randomUUID(), 'x-amz-id-2': randomBytes(72).toString('base64') };
}

function countOf(records: unknown): number {
  return Array.isArray(records) ? records.length : 0;
}

function prepareAll(operations: Operations, codec: Codec): ReadonlyMap<string, Prepared> {
  const shapes: Readonly<Record<string, OperationShape>> = OPERATIONS;
  return new Map(
    Object.entries(shapes).flatMap(([name, shape]) => {
      const run = operations[name] as Prepared['run'] | undefined;
      if (run === undefined) return [];
      const read = structureReader(shape.input, codec.notation);
      const write = shape.output === null ? () => EMPTY.body : codec.writer(shape.output);
      const scan = name === 'PutRecords' && codec === JSON_CODEC ? scanPutRecords : null;
      return [[name, { name, codec, scan, read, validate: validator(shape.input), write, shape, run }] as const];
    }),
  );
}
