import { expect } from 'vitest';
import { type MappedEvent, parseNative, readNative, type Source } from '../../../core/index.ts';

/** What the source makes of a native event: the mapped event, or the path of the first fault. */
export function mapNative(source: Source, native: unknown): MappedEvent | { readonly fault: string } {
  const parsed = parseNative(source, native);
  return 'fault' in parsed ? { fault: parsed.fault } : source.map(parsed.native);
}

/** That a worker, which parses what the source reads and may only look at its types, sees what the schema accepts. */
export function expectReads(source: Source, json: string): void {
  const { result } = readNative(source.app, Buffer.from(json), source);
  const whole = mapNative(source, JSON.parse(json));
  if (result.kind === 'ok') expect(source.map(result.value.native)).toEqual(whole);
  else if (result.kind === 'deadLetter' && result.reason.startsWith('schema:'))
    expect({ fault: result.reason.slice('schema:'.length) }).toEqual(whole);
}

/** That the id and the actor which the source reads of a native event by themselves are those of the row. */
export function expectConsistent(source: Source, native: unknown): void {
  const event = source.map(native);
  expect(event.native_uid).toBe(source.nativeId(native));
  const actor = source.actor(native);
  expect(event.actor_uid).toBe(actor?.uid ?? null);
  if (actor !== null) expect(event.actor_email).toBe(actor.email);
}
