import { isUtf8 } from 'node:buffer';
import { canonicalJson, JSON_DEPTH_MAX } from './canonical-json.ts';
import { messageOf } from './errors.ts';
import { eventUid } from './event-uid.ts';
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
  const refuse = (reason: QuarantineReason, detail: string, content: Uint8Array = data): ReadNative => ({
    eventUid: eventUid(app, null, content),
    result: deadLetter(reason, detail.slice(0, 200)),
  });
  if (data.byteLength > EVENT_BYTES_MAX)
    return refuse('too_large', `${data.byteLength} bytes; at most ${EVENT_BYTES_MAX}`);
  if (!isUtf8(data)) return refuse('not_utf8', 'the bytes are not valid UTF-8');
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse('not_json', messageOf(error));
  }
  const canonical = canonicalJson(data);
  if (canonical.kind === 'too_deep') return refuse('too_deep', `nested deeper than ${JSON_DEPTH_MAX} levels`);
  const content = canonical.kind === 'canonical' ? canonical.bytes : data;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('not_an_object', 'an event must be a JSON object', content);
  }
  if (source === undefined) return refuse('unknown_app', `no source is named ${app}`, content);
  const parsed = source.schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = (issue?.path.join('.') || '(root)').slice(0, 200);
    return refuse(`schema:${path}`, issue?.message ?? 'does not match', content);
  }
  const native = parsed.data;
  return { eventUid: eventUid(app, source.nativeId(native), content), result: ok({ source, native }) };
}
