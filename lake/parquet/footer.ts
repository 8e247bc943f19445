import type { ByteBuffer } from './bytes.ts';
import { CONVERTED, type Encoding, type PhysicalType, type Repetition } from './format.ts';
import type { ChunkStatistics } from './statistics.ts';
import { ThriftWriter } from './thrift.ts';

export const MAGIC = new TextEncoder().encode('PAR1');

const CREATED_BY = 'beagle version 0.1.0';

export type Logical = 'string' | 'list' | 'map' | 'date' | 'timestamp';

/** One element of the flattened schema, parents before children. A group has `children`, a leaf has `type`. */
export interface SchemaElement {
  readonly name: string;
  readonly repetition: Repetition;
  readonly type?: PhysicalType;
  readonly children?: number;
  readonly logical?: Logical;
}

/** A column of the file: its path from the root and how its values are stored. */
export interface Leaf {
  readonly path: readonly string[];
  readonly type: PhysicalType;
}

/** What the footer says of one column chunk. */
export interface ChunkMeta {
  readonly leaf: Leaf;
  readonly encodings: readonly Encoding[];
  readonly codecId: number;
  /** Values, nulls and empty lists counted. */
  readonly entries: number;
  readonly uncompressedBytes: number;
  readonly compressedBytes: number;
  readonly dataPageOffset: number;
  readonly dictionaryPageOffset: number | null;
  readonly statistics: ChunkStatistics;
}

export interface RowGroupMeta {
  readonly rows: number;
  readonly chunks: readonly ChunkMeta[];
}

/** Appends the footer, its length and the closing magic. `schema` has no root; its top level has `fields` elements. */
export function writeFooter(
  file: ByteBuffer,
  schema: readonly SchemaElement[],
  fields: number,
  rowGroups: readonly RowGroupMeta[],
): void {
  const start = file.length;
  const leaves = schema.filter((element) => element.type !== undefined);
  const thrift = new ThriftWriter(file);
  thrift.root(() => {
    thrift.i32(1, 1);
    thrift.structs(2, [null, ...schema], (element) => {
      if (element === null) {
        thrift.binary(4, 'schema');
        thrift.i32(5, fields);
      } else writeElement(thrift, element);
    });
    thrift.i64(
      3,
      rowGroups.reduce((rows, group) => rows + group.rows, 0),
    );
    thrift.structs(4, rowGroups, (group) => writeRowGroup(thrift, group));
    thrift.binary(6, CREATED_BY);
    // TypeDefinedOrder for each leaf: without it readers must ignore min_value and max_value.
    thrift.structs(7, leaves, () => thrift.struct(1, () => {}));
  });
  file.u32(file.length - start);
  file.append(MAGIC);
}

function writeElement(thrift: ThriftWriter, element: SchemaElement): void {
  if (element.type !== undefined) thrift.i32(1, element.type);
  thrift.i32(3, element.repetition);
  thrift.binary(4, element.name);
  if (element.children !== undefined) thrift.i32(5, element.children);
  if (element.logical !== undefined) writeLogical(thrift, element.logical);
}

/** The converted_type, for old readers, and the member of the union LogicalType. */
const LOGICAL = {
  string: { converted: CONVERTED.utf8, id: 1 },
  map: { converted: CONVERTED.map, id: 2 },
  list: { converted: CONVERTED.list, id: 3 },
  date: { converted: CONVERTED.date, id: 6 },
  timestamp: { converted: CONVERTED.timestampMicros, id: 8 },
} as const;

function writeLogical(thrift: ThriftWriter, logical: Logical): void {
  const { converted, id } = LOGICAL[logical];
  thrift.i32(6, converted);
  thrift.struct(10, () =>
    thrift.struct(id, () => {
      if (logical !== 'timestamp') return;
      // isAdjustedToUTC, and the unit: the member MICROS of a union.
      thrift.bool(1, true);
      thrift.struct(2, () => thrift.struct(2, () => {}));
    }),
  );
}

function writeRowGroup(thrift: ThriftWriter, group: RowGroupMeta): void {
  const total = (of: (chunk: ChunkMeta) => number) => group.chunks.reduce((sum, chunk) => sum + of(chunk), 0);
  const [first] = group.chunks;
  thrift.structs(1, group.chunks, (chunk) => {
    thrift.i64(2, 0);
    thrift.struct(3, () => writeChunk(thrift, chunk));
  });
  thrift.i64(
    2,
    total((chunk) => chunk.uncompressedBytes),
  );
  thrift.i64(3, group.rows);
  if (first !== undefined) thrift.i64(5, first.dictionaryPageOffset ?? first.dataPageOffset);
  thrift.i64(
    6,
    total((chunk) => chunk.compressedBytes),
  );
}

function writeChunk(thrift: ThriftWriter, chunk: ChunkMeta): void {
  const { nullCount, min, max } = chunk.statistics;
  thrift.i32(1, chunk.leaf.type);
  thrift.i32s(2, chunk.encodings);
  thrift.strings(3, chunk.leaf.path);
  thrift.i32(4, chunk.codecId);
  thrift.i64(5, chunk.entries);
  thrift.i64(6, chunk.uncompressedBytes);
  thrift.i64(7, chunk.compressedBytes);
  thrift.i64(9, chunk.dataPageOffset);
  if (chunk.dictionaryPageOffset !== null) thrift.i64(11, chunk.dictionaryPageOffset);
  thrift.struct(12, () => {
    thrift.i64(3, nullCount);
    if (max !== null) thrift.binary(5, max);
    if (min !== null) thrift.binary(6, min);
  });
}
