import { HashKey, SequenceNumber, ShardId } from './scalars.ts';
import type { StringShape } from './shape.ts';

export { OPERATIONS } from './operations.ts';
export type { OperationShape, Shape, StringShape, StructureShape, UnionShape } from './shape.ts';

/** Texts of letters, digits and `_.-` alone: nothing in them needs to be escaped anywhere. */
export const PLAIN_SHAPES: readonly StringShape[] = [HashKey, SequenceNumber, ShardId];
