import { readBase64 } from './base64.ts';
import { KinesisError } from './operation.ts';
import type { Shape, StructureShape } from './shapes/index.ts';

/** Takes a value as the protocol's parser gives it, gives the SDK's type; SerializationException for a wrong type. */
export type Reader = (value: unknown) => unknown;

/** What differs between protocols: how bytes and times are written. */
export interface Notation {
  readonly blob: Reader;
  readonly timestamp: Reader;
}

const INTEGER_MAX = 2 ** 31 - 1;
const LONG_MAX = Number.MAX_SAFE_INTEGER;
const NUMBER_CLASS = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber';

/** The error for a body that cannot be understood, with AWS's text when it gives one. */
export function serializationFault(message = ''): KinesisError {
  return new KinesisError('SerializationException', message);
}

/** JSON: base64 text, seconds since 1970 as a number with a fraction. */
export const JSON_NOTATION: Notation = {
  blob: (value) => readBase64(textOf(value, 'a Blob')),
  timestamp: (value) => dateOf(secondsOf(value) * 1000),
};

/**
 * CBOR: byte strings, times under tag 1. AWS's Java SDK writes milliseconds there (SdkCborGenerator), others the
 * standard's seconds; a number beyond the year 5138 in seconds is taken as milliseconds.
 */
export const CBOR_NOTATION: Notation = {
  blob: (value) => (value instanceof Uint8Array ? value : readBase64(textOf(value, 'a Blob'))),
  timestamp: (value) => {
    const number = secondsOf(value);
    return dateOf(Math.abs(number) < 1e11 ? number * 1000 : number);
  },
};

/** A reader of the structure's members; members that the model does not know are left out, as AWS does. */
export function structureReader(
  shape: StructureShape,
  notation: Notation,
): (value: unknown) => Record<string, unknown> {
  const members = Object.entries(shape.members).map(([name, member]) => ({ name, read: reader(member, notation) }));
  return (value) => {
    if (typeof value !== 'object' || value === null) throw serializationFault('Expected null');
    if (Array.isArray(value)) throw serializationFault('Start of list found where not expected');
    const given = value as Record<string, unknown>;
    const read: Record<string, unknown> = {};
    for (let i = 0; i < members.length; i++) {
      const { name, read: readMember } = members[i] as (typeof members)[number];
      const member = given[name];
      if (member !== undefined && member !== null) read[name] = readMember(member);
    }
    return read;
  };
}

function reader(shape: Shape, notation: Notation): Reader {
  switch (shape.type) {
    case 'string':
      return (value) => (typeof value === 'string' ? value : textOf(value, 'an String'));
    case 'integer':
      return (value) => numberOf(value, 'an Integer', INTEGER_MAX);
    case 'long':
      return (value) => numberOf(value, 'an Long', LONG_MAX);
    case 'boolean':
      return booleanOf;
    case 'timestamp':
      return notation.timestamp;
    case 'blob':
      return notation.blob;
    case 'list':
      return listReader(reader(shape.member, notation));
    case 'map':
      return mapReader(reader(shape.value, notation));
    case 'structure':
      return structureReader(shape, notation);
    case 'eventstream':
      return () => undefined;
  }
}

function listReader(readMember: Reader): Reader {
  return (value) => {
    if (Array.isArray(value)) return value.map((member) => (member === null ? null : readMember(member)));
    if (typeof value === 'object') throw serializationFault('Start of structure or map found where not expected.');
    throw serializationFault('Expected list or null');
  };
}

function mapReader(readValue: Reader): Reader {
  return (value) => {
    if (typeof value !== 'object' || value === null) throw serializationFault('Expected map or null');
    if (Array.isArray(value)) throw serializationFault('Start of list found where not expected');
    // Without a prototype: a key such as __proto__ is then a key like any other.
    const read: Record<string, unknown> = Object.create(null);
    for (const [key, member] of Object.entries(value)) read[key] = member === null ? null : readValue(member);
    return read;
  };
}

function textOf(value: unknown, wanted: string): string {
  if (typeof value === 'string') return value;
  refuseContainer(value);
  throw serializationFault(`${classOf(value)} can not be converted to ${wanted}`);
}

function numberOf(value: unknown, wanted: string, max: number): number {
  if (typeof value === 'number' || typeof value === 'bigint') {
    // CBOR can write it, and it would be within all bounds and none.
    if (Number.isNaN(value)) throw serializationFault();
    return Math.min(Math.max(Math.trunc(Number(value)), -max - 1), max);
  }
  refuseContainer(value);
  throw serializationFault(`${classOf(value)} can not be converted to ${wanted}`);
}

function booleanOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  refuseContainer(value);
  if (typeof value !== 'string') throw serializationFault(`${classOf(value)} can not be converted to an Boolean`);
  const text = value.toUpperCase();
  if (text === 'TRUE' || text === 'FALSE') return text === 'TRUE';
  throw serializationFault(`'${text.slice(0, 256)}' can not be converted to an Boolean`);
}

function secondsOf(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  refuseContainer(value);
  throw serializationFault(`${classOf(value)} can not be converted to milliseconds since epoch`);
}

function dateOf(ms: number): Date {
  const date = new Date(Math.round(ms));
  if (Number.isNaN(date.getTime())) throw serializationFault();
  return date;
}

function refuseContainer(value: unknown): void {
  if (Array.isArray(value)) throw serializationFault('Start of list found where not expected');
  if (typeof value === 'object') throw serializationFault('Start of structure or map found where not expected.');
}

function classOf(value: unknown): string {
  if (typeof value === 'string') return 'class java.lang.String';
  return typeof value === 'boolean' ? 'class java.lang.Boolean' : NUMBER_CLASS;
}
