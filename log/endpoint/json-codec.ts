import { type Codec, messageMember } from './codec.ts';
import { JSON_NOTATION, serializationFault } from './reader.ts';
import type { Shape, StructureShape } from './shapes/index.ts';

type Write = (value: unknown) => string;

/**
 * More objects and lists than any request has (500 records): nesting cannot be deeper than their number, and a small
 * body cannot become a large heap.
 */
const CONTAINERS_MAX = 20_000;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/** AWS JSON 1.1: base64, seconds since 1970 with a fraction, members without a value left out. */
export const JSON_CODEC: Codec = {
  contentType: 'application/x-amz-json-1.1',
  notation: JSON_NOTATION,
  parse(body) {
    if (count(body, OPENING_BRACE) + count(body, OPENING_BRACKET) > CONTAINERS_MAX) throw serializationFault();
    try {
      return JSON.parse(body.toString());
    } catch {
      throw serializationFault();
    }
  },
  writer(shape) {
    const write = structureWriter(shape);
    // All text is escaped down to ASCII, so that the bytes are the characters.
    return (output) => Buffer.from(write(output), 'latin1');
  },
  error(type, message) {
    const member = message === '' ? '' : `,"${messageMember(type)}":${quote(message)}`;
    return Buffer.from(`{"__type":${quote(type)}${member}}`, 'latin1');
  },
};

/** Text as a JSON string of ASCII characters. */
export function quote(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function count(body: Buffer, byte: number): number {
  let found = 0;
  for (let at = body.indexOf(byte); at !== -1 && found <= CONTAINERS_MAX; at = body.indexOf(byte, at + 1)) found++;
  return found;
}

function structureWriter(shape: StructureShape): Write {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    label: `"${name}":`,
    write: writerOf(member),
  }));
  return (value) => {
    const given = value as Readonly<Record<string, unknown>>;
    let text = '{';
    for (let i = 0; i < members.length; i++) {
      const { name, label, write } = members[i] as (typeof members)[number];
      const member = given[name];
      if (member === undefined || member === null) continue;
      text += (text.length === 1 ? label : `,${label}`) + write(member);
    }
    return `${text}}`;
  };
}

function writerOf(shape: Shape): Write {
  switch (shape.type) {
    case 'string':
      return (value) => quote(value as string);
    case 'blob':
      return (value) => `"${base64(value as Uint8Array)}"`;
    case 'timestamp':
      return (value) => String((value as Date).getTime() / 1000);
    case 'list':
      return listWriter(writerOf(shape.member));
    case 'map': {
      const write = writerOf(shape.value);
      return (value) => {
        const entries = Object.entries(value as Readonly<Record<string, unknown>>);
        return `{${entries.map(([key, member]) => `${quote(key)}:${write(member)}`).join(',')}}`;
      };
    }
    case 'structure':
      return structureWriter(shape);
    case 'eventstream':
      return () => '{}';
    default:
      return String;
  }
}

function listWriter(write: Write): Write {
  return (value) => {
    const members = value as readonly unknown[];
    let text = '[';
    for (let i = 0; i < members.length; i++) text += (i === 0 ? '' : ',') + write(members[i]);
    return `${text}]`;
  };
}

function base64(bytes: Uint8Array): string {
  const view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.toString('base64');
}
