import type { ByteBuffer } from './bytes.ts';
import { bitWidthOf, writeHybrid } from './hybrid.ts';

/**
 * The entries of one column in a row group: for each its repetition level (0 begins a row) and its definition
 * level (`maxDefinition` means that a value is there). Levels that are always 0 are not kept.
 */
export class Levels {
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  definition = new Uint8Array(0);
  repetition = new Uint8Array(0);
  length = 0;

  constructor(maxDefinition: number, maxRepetition: number) {
    this.maxDefinition = maxDefinition;
    this.maxRepetition = maxRepetition;
  }

  add(definition: number, repetition: number): void {
    const at = this.length++;
    if (this.maxDefinition > 0) {
      if (at === this.definition.length) this.definition = grownBytes(this.definition);
      this.definition[at] = definition;
    }
    if (this.maxRepetition > 0) {
      if (at === this.repetition.length) this.repetition = grownBytes(this.repetition);
      this.repetition[at] = repetition;
    }
  }

  /** Adds the first `count` of `values` as rows that have one value each, or none where that is null. */
  addRows(values: readonly unknown[], count: number): void {
    const at = this.length;
    this.length += count;
    if (this.maxDefinition === 0) return;
    while (this.length > this.definition.length) this.definition = grownBytes(this.definition);
    const { definition, maxDefinition } = this;
    for (let i = 0; i < count; i++) definition[at + i] = values[i] === null ? 0 : maxDefinition;
  }

  /** Whether entry `at` carries a value. */
  has(at: number): boolean {
    return this.maxDefinition === 0 || this.definition[at] === this.maxDefinition;
  }

  /** Whether entry `at` begins a row. */
  begins(at: number): boolean {
    return this.maxRepetition === 0 || this.repetition[at] === 0;
  }

  /** Appends the levels of the entries [from, to) as a data page of version 1 holds them. */
  write(out: ByteBuffer, from: number, to: number): void {
    if (this.maxRepetition > 0) writeLevels(out, this.repetition, from, to, this.maxRepetition);
    if (this.maxDefinition > 0) writeLevels(out, this.definition, from, to, this.maxDefinition);
  }
}

function writeLevels(out: ByteBuffer, levels: Uint8Array, from: number, to: number, max: number): void {
  const at = out.length;
  out.u32(0);
  writeHybrid(out, levels, from, to, bitWidthOf(max));
  out.setU32(at, out.length - at - 4);
}

function grownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.max(1024, bytes.length * 2));
  grown.set(bytes);
  return grown;
}
