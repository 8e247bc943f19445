export { OPERATIONS } from './operations.ts';
export type { OperationShape, Shape, StringShape, StructureShape, UnionShape } from './shape.ts';
