import type { Column, Row } from '../../core/index.ts';
import { BooleanColumn } from './boolean-column.ts';
import { ByteColumn } from './byte-column.ts';
import { ByteBuffer } from './bytes.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import { MAGIC, type RowGroupMeta, type SchemaElement, writeFooter } from './footer.ts';
import { type Codec, LIMITS, type Limits, REPETITION, TYPE } from './format.ts';
import { ListColumn } from './list-column.ts';
import { NumberColumn } from './number-column.ts';
import { Scratch } from './number-values.ts';
import { PageWriter } from './pages.ts';
import type { FileStatistics } from './statistics.ts';

export interface ParquetFile {
  readonly bytes: Uint8Array;
  readonly statistics: FileStatistics;
}

export interface FileBuilderOptions extends Partial<Limits> {
  /** Columns that get a null count but no bounds: long, unique or never filtered by. Lists, booleans and binaries never get any. */
  readonly withoutBounds?: readonly string[];
  /** Columns of strings or lists whose values are nearly all distinct: no dictionary is tried for them. */
  readonly withoutDictionary?: readonly string[];
}

/**
 * Takes rows and makes Parquet files of them. What limits it, for `events` on Node 20: zstd in WebAssembly takes
 * more than a third of the time, most of that for the raw column; reading 60 values of a row by name and checking
 * them takes a quarter, and so does looking up the strings of the 23 columns that have dictionaries.
 */
export interface FileBuilder {
  /**
   * Adds a row: a value per column by name, as core's ColumnType describes it; undefined counts as null, bytes
   * are copied. Throws TypeError, naming the column, when a value does not suit; the row is then left out as a
   * whole and the builder goes on.
   */
  append(row: Row): void;
  readonly rowCount: number;
  /** Bytes that the rows take before encoding and compression. */
  readonly bufferedBytes: number;
  /** The rows so far as a file; the builder is empty afterwards and keeps its memory for the next one. */
  finish(): ParquetFile;
}

/** Strings are taken in, and bytes summed, once for as many rows; a row group may pass its limit in bytes by them. */
const SETTLE_ROWS = 128;

/**
 * A builder of files with `columns`, whose pages go through `codec`. String columns may be given UTF-8 bytes,
 * which are stored as they are: that they are valid is the caller's business.
 */
export function createFileBuilder(
  columns: readonly Column[],
  codec: Codec,
  options: FileBuilderOptions = {},
): FileBuilder {
  const { withoutBounds = [], withoutDictionary = [], ...limits } = options;
  const full = { ...LIMITS, ...limits };
  const plain = { ...full, dictionaryEntriesMax: 0 };
  const buffers = columns.map((column) =>
    bufferOf(column, !withoutBounds.includes(column.name), withoutDictionary.includes(column.name) ? plain : full),
  );
  return new Builder(columns, buffers, codec, full);
}

class Builder implements FileBuilder {
  readonly #limits: Limits;
  readonly #columns: readonly ColumnBuffer[];
  // One array a class: each loop below then calls one known method.
  readonly #numbers: readonly NumberColumn[];
  readonly #strings: readonly ByteColumn[];
  readonly #booleans: readonly BooleanColumn[];
  readonly #lists: readonly ListColumn[];
  readonly #schema: readonly SchemaElement[];
  readonly #fixedBytes: number;
  readonly #file = new ByteBuffer(64 * 1024);
  readonly #scratch = new Scratch();
  readonly #pages: PageWriter;
  #rowGroups: RowGroupMeta[] = [];
  #groupRows = 0;
  #flushedRows = 0;
  #flushedBytes = 0;

  constructor(columns: readonly Column[], buffers: readonly ColumnBuffer[], codec: Codec, limits: Limits) {
    this.#limits = limits;
    this.#columns = buffers;
    this.#numbers = this.#columns.filter((column) => column instanceof NumberColumn);
    this.#strings = this.#columns.filter((column) => column instanceof ByteColumn);
    this.#booleans = this.#columns.filter((column) => column instanceof BooleanColumn);
    this.#lists = this.#columns.filter((column) => column instanceof ListColumn);
    this.#schema = columns.flatMap(schemaOf);
    this.#fixedBytes = this.#numbers.length * 8 + this.#booleans.length;
    this.#pages = new PageWriter(this.#file, codec, limits);
    this.#file.append(MAGIC);
  }

  get rowCount(): number {
    return this.#flushedRows + this.#groupRows;
  }

  get bufferedBytes(): number {
    for (const column of this.#strings) column.settle();
    return this.#flushedBytes + this.#groupBytes();
  }

  append(row: Row): void {
    try {
      for (const column of this.#numbers) column.append(row[column.column.name]);
      for (const column of this.#strings) column.append(row[column.column.name]);
      for (const column of this.#booleans) column.append(row[column.column.name]);
      for (const column of this.#lists) column.append(row[column.column.name]);
    } catch (error) {
      for (const column of this.#columns) column.truncate(this.#groupRows);
      throw error;
    }
    this.#groupRows++;
    if (this.#groupRows >= this.#limits.rowGroupRowsMax || this.#isFull()) this.#flush();
  }

  finish(): ParquetFile {
    if (this.#groupRows > 0) this.#flush();
    writeFooter(this.#file, this.#schema, this.#columns.length, this.#rowGroups);
    const file = { bytes: this.#file.copy(), statistics: this.#takeStatistics() };
    this.#file.clear();
    this.#file.append(MAGIC);
    this.#rowGroups = [];
    this.#flushedRows = 0;
    this.#flushedBytes = 0;
    return file;
  }

  #isFull(): boolean {
    if (this.#groupRows % SETTLE_ROWS !== 0) return false;
    for (const column of this.#strings) column.settle();
    return this.#groupBytes() >= this.#limits.rowGroupBytesMax;
  }

  #groupBytes(): number {
    let bytes = this.#groupRows * this.#fixedBytes;
    for (const column of this.#strings) bytes += column.bytes;
    for (const column of this.#lists) bytes += column.bytes;
    return bytes;
  }

  #flush(): void {
    for (const column of this.#strings) column.settle();
    this.#flushedBytes += this.#groupBytes();
    const chunks = this.#columns.map((column) => column.flush(this.#pages, this.#scratch));
    this.#rowGroups.push({ rows: this.#groupRows, chunks });
    this.#flushedRows += this.#groupRows;
    this.#groupRows = 0;
  }

  #takeStatistics(): FileStatistics {
    const minValues: Record<string, unknown> = {};
    const maxValues: Record<string, unknown> = {};
    const nullCount: Record<string, number> = {};
    for (const column of this.#columns) {
      const { name } = column.column;
      const taken = column.takeStatistics();
      nullCount[name] = taken.nullCount;
      if (taken.min !== undefined) minValues[name] = taken.min;
      if (taken.max !== undefined) maxValues[name] = taken.max;
    }
    return { numRecords: this.#flushedRows, minValues, maxValues, nullCount };
  }
}

function bufferOf(column: Column, bounded: boolean, limits: Limits): ColumnBuffer {
  switch (column.type) {
    case 'int':
    case 'date':
      return new NumberColumn(column, TYPE.int32, bounded, limits);
    case 'long':
    case 'timestamp':
      return new NumberColumn(column, TYPE.int64, bounded, limits);
    case 'double':
      return new NumberColumn(column, TYPE.double, bounded, limits);
    case 'boolean':
      return new BooleanColumn(column);
    case 'string':
    case 'binary':
      return new ByteColumn(column, bounded, limits);
    case 'list<string>':
      return new ListColumn(column, limits);
  }
}

function schemaOf(column: Column): SchemaElement[] {
  const { name } = column;
  const repetition = column.nullable ? REPETITION.optional : REPETITION.required;
  switch (column.type) {
    case 'int':
      return [{ name, repetition, type: TYPE.int32 }];
    case 'date':
      return [{ name, repetition, type: TYPE.int32, logical: 'date' }];
    case 'long':
      return [{ name, repetition, type: TYPE.int64 }];
    case 'timestamp':
      return [{ name, repetition, type: TYPE.int64, logical: 'timestamp' }];
    case 'double':
      return [{ name, repetition, type: TYPE.double }];
    case 'boolean':
      return [{ name, repetition, type: TYPE.boolean }];
    case 'string':
      return [{ name, repetition, type: TYPE.byteArray, logical: 'string' }];
    case 'binary':
      return [{ name, repetition, type: TYPE.byteArray }];
    case 'list<string>':
      return [
        { name, repetition, children: 1, logical: 'list' },
        { name: 'list', repetition: REPETITION.repeated, children: 1 },
        { name: 'element', repetition: REPETITION.required, type: TYPE.byteArray, logical: 'string' },
      ];
  }
}
