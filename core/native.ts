import { isUtf8 } from 'node:buffer';
import { messageOf } from './errors.ts';
import { eventUid } from './event-uid.ts';
import { JSON_DEPTH_MAX, scanJson } from './json-scan/scan.ts';
import { type Wanted, wantedBy } from './json-scan/wanted.ts';
import { type QuickCheck, quickCheck } from './quick-check.ts';
import { deadLetter, ok, type QuarantineReason, type Result } from './result.ts';
import type { Source } from './source.ts';

/** A larger event is no audit event: 1 MiB, Kinesis's default limit of a record. */
export const EVENT_BYTES_MAX = 1024 * 1024;

export interface NativeEvent {
  readonly source: Source;
  /** What the source's schema made of it. */
  readonly native: unknown;
}

export interface ReadNative {
  /** Known whatever becomes of the event. */
  readonly eventUid: string;
  readonly result: Result<NativeEvent>;
}

/** Bytes → the app's native event, checked, with its uid; or why it is none. `source` is the app's, if known. */
export function readNative(app: string, data: Uint8Array, source: Source | undefined): ReadNative {
  if (data.byteLength > EVENT_BYTES_MAX)
    return refuse(app, data, 'too_large', `${data.byteLength} bytes; at most ${EVENT_BYTES_MAX}`);
  if (!isUtf8(data)) return refuse(app, data, 'not_utf8', 'the bytes are not valid UTF-8');
  const reading = source === undefined ? null : readingOf(source);
  const scan = scanJson(data, reading?.wanted ?? null);
  if (scan.kind !== 'canonical') return readOdd(app, data, source, scan.kind);
  if (scan.bytes[0] !== OPEN_OBJECT) return refuse(app, scan.bytes, 'not_an_object', NOT_AN_OBJECT);
  if (reading === null) return refuse(app, scan.bytes, 'unknown_app', `no source is named ${app}`);
  const native: unknown = JSON.parse(scan.wanted);
  const takes = reading.quickCheck(native) ? accept : check;
  return takes(reading.source, native, scan.bytes);
}

const OPEN_OBJECT = 0x7b;
const NOT_AN_OBJECT = 'an event must be a JSON object';

/** An event without a canonical form: its bytes stand for it. JSON.parse has the last word on what is JSON. */
function readOdd(app: string, data: Uint8Array, source: Source | undefined, kind: string): ReadNative {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  } catch (error) {
    return refuse(app, data, 'not_json', messageOf(error));
  }
  if (kind === 'too_deep') return refuse(app, data, 'too_deep', `nested deeper than ${JSON_DEPTH_MAX} levels`);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(app, data, 'not_an_object', NOT_AN_OBJECT);
  if (source === undefined) return refuse(app, data, 'unknown_app', `no source is named ${app}`);
  return check(source, value, data);
}

/** `content` is what the uid is made of. */
function check(source: Source, value: unknown, content: Uint8Array): ReadNative {
  const parsed = parseNative(source, value);
  return 'fault' in parsed
    ? refuse(source.app, content, `schema:${parsed.fault}`, parsed.detail)
    : accept(source, parsed.native, content);
}

/** What the source's schema makes of a value, or the path of its first fault and what is wrong there. Never throws. */
export function parseNative(source: Source, value: unknown): { native: unknown } | { fault: string; detail: string } {
  try {
    const { success, data, error } = source.schema.safeParse(value);
    if (success) return { native: data };
    const issue = error.issues[0];
    const fault = (issue?.path.join('.') || '(root)').slice(0, 200);
    return { fault, detail: issue?.message ?? 'does not match' };
  } catch (error) {
    // zod compares the length of what is no string: an object made for it, {"length": {"valueOf": null …}}, throws.
    return { fault: '(root)', detail: messageOf(error) };
  }
}

function accept(source: Source, native: unknown, content: Uint8Array): ReadNative {
  return { eventUid: eventUid(source.app, source.nativeId(native), content), result: ok({ source, native }) };
}

function refuse(app: string, content: Uint8Array, reason: QuarantineReason, detail: string): ReadNative {
  return { eventUid: eventUid(app, null, content), result: deadLetter(reason, detail.slice(0, 200)) };
}

/** What follows from a source's declaration, once for each. */
interface Reading {
  readonly source: Source;
  readonly wanted: Wanted;
  readonly quickCheck: QuickCheck;
}

const readings = new WeakMap<Source, Reading>();

function readingOf(source: Source): Reading {
  const known = readings.get(source);
  if (known !== undefined) return known;
  const reading = { source, wanted: wantedBy(source.reads), quickCheck: quickCheck(source.schema) };
  readings.set(source, reading);
  return reading;
}
