import { ByteSink } from './byte-sink.ts';
import { decodeCbor } from './cbor-decode.ts';
import { type Codec, messageMember } from './codec.ts';
import { CBOR_NOTATION } from './reader.ts';
import type { Shape, StructureShape } from './shapes/index.ts';

type Write = (value: unknown, sink: ByteSink) => void;

const [UNSIGNED, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG] = [0, 1, 2, 3, 4, 5, 6] as const;
const [FALSE, TRUE, INDEFINITE_MAP, BREAK, DOUBLE] = [0xf4, 0xf5, 0xbf, 0xff, 0xfb] as const;
const EPOCH_TAG = 1;

/**
 * AWS's CBOR 1.1: structures are maps of indefinite length, times milliseconds since 1970 under tag 1 (what the Java
 * SDK's AwsCborProtocolFactory writes and reads), bytes as they are.
 */
export const CBOR_CODEC: Codec = {
  contentType: 'application/x-amz-cbor-1.1',
  notation: CBOR_NOTATION,
  parse: decodeCbor,
  writer(shape) {
    const write = structureWriter(shape);
    // Answers of one operation are often about as long as the last one: then nothing is copied for growth.
    let expectedBytes = 256;
    return (output) => {
      const sink = new ByteSink(expectedBytes);
      write(output, sink);
      const bytes = sink.bytes();
      expectedBytes = bytes.length + (bytes.length >> 3);
      return bytes;
    };
  },
  error(type, message) {
    const sink = new ByteSink();
    sink.byte(INDEFINITE_MAP);
    writeText('__type', sink);
    writeText(type, sink);
    if (message !== '') {
      writeText(messageMember(type), sink);
      writeText(message, sink);
    }
    sink.byte(BREAK);
    return sink.bytes();
  },
};

function structureWriter(shape: StructureShape): Write {
  const members = Object.entries(shape.members).map(([name, member]) => {
    const label = new ByteSink();
    writeText(name, label);
    return { name, label: label.bytes(), write: writerOf(member) };
  });
  return (value, sink) => {
    const given = value as Readonly<Record<string, unknown>>;
    sink.byte(INDEFINITE_MAP);
    for (let i = 0; i < members.length; i++) {
      const { name, label, write } = members[i] as (typeof members)[number];
      const member = given[name];
      if (member === undefined || member === null) continue;
      sink.copy(label);
      write(member, sink);
    }
    sink.byte(BREAK);
  };
}

function writerOf(shape: Shape): Write {
  switch (shape.type) {
    case 'string':
      return (value, sink) => writeText(value as string, sink);
    case 'boolean':
      return (value, sink) => sink.byte(value === true ? TRUE : FALSE);
    case 'blob':
      return (value, sink) => {
        writeHead(BYTES, (value as Uint8Array).length, sink);
        sink.copy(value as Uint8Array);
      };
    case 'timestamp':
      return (value, sink) => {
        writeHead(TAG, EPOCH_TAG, sink);
        writeNumber((value as Date).getTime(), sink);
      };
    case 'list': {
      const write = writerOf(shape.member);
      return (value, sink) => {
        const members = value as readonly unknown[];
        writeHead(LIST, members.length, sink);
        for (let i = 0; i < members.length; i++) write(members[i], sink);
      };
    }
    case 'map': {
      const write = writerOf(shape.value);
      return (value, sink) => {
        const entries = Object.entries(value as Readonly<Record<string, unknown>>);
        writeHead(MAP, entries.length, sink);
        for (const [key, member] of entries) {
          writeText(key, sink);
          write(member, sink);
        }
      };
    }
    case 'structure':
      return structureWriter(shape);
    case 'eventstream':
      return (_value, sink) => writeHead(MAP, 0, sink);
    default:
      return (value, sink) => writeNumber(value as number, sink);
  }
}

function writeText(text: string, sink: ByteSink): void {
  writeHead(TEXT, Buffer.byteLength(text), sink);
  sink.text(text);
}

function writeNumber(value: number, sink: ByteSink): void {
  if (!Number.isSafeInteger(value)) {
    sink.byte(DOUBLE);
    sink.double(value);
  } else if (value >= 0) {
    writeHead(UNSIGNED, value, sink);
  } else {
    writeHead(NEGATIVE, -1 - value, sink);
  }
}

function writeHead(major: number, argument: number, sink: ByteSink): void {
  if (argument < 24) sink.byte((major << 5) | argument);
  else if (argument < 2 ** 8) sink.head((major << 5) | 24, argument, 1);
  else if (argument < 2 ** 16) sink.head((major << 5) | 25, argument, 2);
  else if (argument < 2 ** 32) sink.head((major << 5) | 26, argument, 4);
  else sink.head((major << 5) | 27, argument, 8);
}
