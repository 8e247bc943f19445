import { type Codec, messageMember } from './codec.ts';
import { JSON_NOTATION, serializationFault } from './reader.ts';
import { PLAIN_SHAPES, type Shape, type StructureShape } from './shapes/index.ts';
import { TextSink } from './text-sink.ts';

type Write = (value: unknown, sink: TextSink) => void;

/**
 * More objects and lists than any request has (500 records): nesting cannot be deeper than their number, and a small
 * body cannot become a large heap.
 */
const CONTAINERS_MAX = 20_000;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/** Whatever matches these (names, shard ids, sequence numbers, hash keys) holds nothing that JSON escapes. */
const PLAIN_PATTERNS: ReadonlySet<string | undefined> = new Set(PLAIN_SHAPES.map(({ pattern }) => pattern));

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
    // Answers of one operation are often about as long as the last one: then nothing is copied for growth.
    let expectedBytes = 256;
    return (output) => {
      const sink = new TextSink(expectedBytes);
      write(output, sink);
      const bytes = sink.bytes();
      expectedBytes = bytes.length + (bytes.length >> 3);
      return bytes;
    };
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
    first: `{"${name}":`,
    next: `,"${name}":`,
    write: writerOf(member),
  }));
  return (value, sink) => {
    const given = value as Readonly<Record<string, unknown>>;
    let isEmpty = true;
    for (let i = 0; i < members.length; i++) {
      const { name, first, next, write } = members[i] as (typeof members)[number];
      const member = given[name];
      if (member === undefined || member === null) continue;
      sink.text += isEmpty ? first : next;
      isEmpty = false;
      write(member, sink);
    }
    sink.text += isEmpty ? '{}' : '}';
  };
}

function writerOf(shape: Shape): Write {
  switch (shape.type) {
    case 'string':
      if (PLAIN_PATTERNS.has(shape.pattern)) {
        return (value, sink) => {
          sink.text += `"${value as string}"`;
        };
      }
      return (value, sink) => {
        sink.text += quote(value as string);
      };
    case 'blob':
      return (value, sink) => {
        sink.text += '"';
        sink.base64(value as Uint8Array);
        sink.text += '"';
      };
    case 'timestamp':
      return (value, sink) => {
        sink.text += (value as Date).getTime() / 1000;
      };
    case 'list':
      return listWriter(writerOf(shape.member));
    case 'map':
      return mapWriter(writerOf(shape.value));
    case 'structure':
      return structureWriter(shape);
    case 'eventstream':
      return (_value, sink) => {
        sink.text += '{}';
      };
    default:
      return (value, sink) => {
        sink.text += String(value);
      };
  }
}

function listWriter(write: Write): Write {
  return (value, sink) => {
    const members = value as readonly unknown[];
    sink.text += '[';
    for (let i = 0; i < members.length; i++) {
      if (i > 0) sink.text += ',';
      write(members[i], sink);
    }
    sink.text += ']';
  };
}

function mapWriter(write: Write): Write {
  return (value, sink) => {
    let separator = '{';
    for (const [key, member] of Object.entries(value as Readonly<Record<string, unknown>>)) {
      sink.text += `${separator}${quote(key)}:`;
      separator = ',';
      write(member, sink);
    }
    sink.text += separator === '{' ? '{}' : '}';
  };
}
