import type { Notation } from './reader.ts';
import type { StructureShape } from './shapes/index.ts';

/** One of AWS's protocols: how bodies look. */
export interface Codec {
  readonly contentType: string;
  readonly notation: Notation;
  /** The body as plain values; SerializationException when it is none, or deeper or wider than any request is. */
  parse(body: Buffer): unknown;
  /** A function that gives the body of an answer of this shape. */
  writer(shape: StructureShape): (output: unknown) => Buffer;
  /** The body of an error. */
  error(type: string, message: string): Buffer;
}

/** The error's message goes by another name where AWS's parser wrote it. */
export function messageMember(type: string): 'Message' | 'message' {
  return type === 'SerializationException' ? 'Message' : 'message';
}
