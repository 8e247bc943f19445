/**
 * The service model as data: what each member of each operation is, and which constraints it must satisfy. Readers,
 * writers and the validator are made from it; a generator of test cases may walk it as well.
 */
export type Shape =
  | StringShape
  | NumberShape
  | BooleanShape
  | TimestampShape
  | BlobShape
  | ListShape
  | MapShape
  | StructureShape
  | UnionShape;

/** Lengths count UTF-16 units, as Java's validator does. */
export interface StringShape {
  readonly type: 'string';
  readonly min?: number;
  readonly max?: number;
  /** A regular expression that the whole text must match. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** `integer` has 32 bits, `long` 64. */
export interface NumberShape {
  readonly type: 'integer' | 'long';
  readonly min?: number;
  readonly max?: number;
}

export interface BooleanShape {
  readonly type: 'boolean';
}

export interface TimestampShape {
  readonly type: 'timestamp';
}

/** Lengths in bytes, decoded. */
export interface BlobShape {
  readonly type: 'blob';
  readonly min?: number;
  readonly max?: number;
}

export interface ListShape {
  readonly type: 'list';
  readonly member: Shape;
  readonly min?: number;
  readonly max?: number;
}

export interface MapShape {
  readonly type: 'map';
  readonly key: StringShape;
  readonly value: StringShape;
  readonly min?: number;
  readonly max?: number;
}

export interface StructureShape {
  readonly type: 'structure';
  /** The name in the model, as errors print it. */
  readonly name: string;
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

/** A stream of events, each one of the members: only SubscribeToShard's. */
export interface UnionShape {
  readonly type: 'eventstream';
  readonly members: Readonly<Record<string, StructureShape>>;
}

export interface OperationShape {
  readonly input: StructureShape;
  /** Null when AWS answers with an empty body. */
  readonly output: StructureShape | null;
}

export const string = (constraints: Omit<StringShape, 'type'> = {}): StringShape => ({
  type: 'string',
  ...constraints,
});
export const integer = (constraints: Omit<NumberShape, 'type'> = {}): NumberShape => ({
  type: 'integer',
  ...constraints,
});
export const long = (constraints: Omit<NumberShape, 'type'> = {}): NumberShape => ({ type: 'long', ...constraints });
export const blob = (constraints: Omit<BlobShape, 'type'> = {}): BlobShape => ({ type: 'blob', ...constraints });
export const boolean: BooleanShape = { type: 'boolean' };
export const timestamp: TimestampShape = { type: 'timestamp' };

export const list = (member: Shape, constraints: { min?: number; max?: number } = {}): ListShape => ({
  type: 'list',
  member,
  ...constraints,
});

export const map = (
  key: StringShape,
  value: StringShape,
  constraints: { min?: number; max?: number } = {},
): MapShape => ({ type: 'map', key, value, ...constraints });

/** Members in the model's order; the names behind them are required. */
export const structure = (
  name: string,
  members: Readonly<Record<string, Shape>>,
  ...required: readonly string[]
): StructureShape => ({ type: 'structure', name, members, required });
