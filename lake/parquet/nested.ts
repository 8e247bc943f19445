import { ByteBuffer } from './bytes.ts';
import { MAGIC, type SchemaElement, writeFooter } from './footer.ts';
import { type Codec, LIMITS, type PhysicalType, REPETITION, TYPE } from './format.ts';
import { type LeafValues, leafValues, PHYSICAL } from './leaf-values.ts';
import { Levels } from './levels.ts';
import { Scratch } from './number-values.ts';
import { PageWriter } from './pages.ts';

/** A type of a nested file: a leaf, a list of required strings, a map whose values may be null, or a group of fields. */
export type NestedType =
  | 'string'
  | 'int'
  | 'long'
  | 'double'
  | 'boolean'
  | 'list<string>'
  | 'map<string,string>'
  | { readonly struct: readonly NestedField[] };

export interface NestedField {
  readonly name: string;
  readonly type: NestedType;
  readonly nullable: boolean;
}

/**
 * A Parquet file of nested rows, for Delta's checkpoints: one row group, so for up to a few hundred thousand rows.
 * A struct is a plain object, a list an array of strings, a map a plain object of strings and nulls; a missing
 * member is null, members that the schema does not name are left out. Throws TypeError, naming the field, when a
 * value does not suit.
 */
export function writeNested(schema: readonly NestedField[], rows: readonly object[], codec: Codec): Uint8Array {
  const elements: SchemaElement[] = [];
  const leaves: LeafColumn[] = [];
  const nodes = schema.map((field) => nodeOf(field, { path: [], definition: 0, repetition: 0 }, elements, leaves));
  for (const row of rows) writeMembers(nodes, row, 0, 0);
  const file = new ByteBuffer(64 * 1024);
  file.append(MAGIC);
  const pages = new PageWriter(file, codec, LIMITS);
  const scratch = new Scratch();
  const chunks = leaves.map((leaf) => {
    const nullCount = leaf.levels.length - leaf.values.count;
    const values = leaf.values.encode(leaf.levels.length, scratch);
    return pages.writeChunk(leaf, leaf.levels, values, { nullCount, min: null, max: null });
  });
  writeFooter(file, elements, schema.length, rows.length === 0 ? [] : [{ rows: rows.length, chunks }]);
  return file.copy();
}

/** A column of the file while the rows are shredded into it. */
interface LeafColumn {
  readonly path: readonly string[];
  readonly type: PhysicalType;
  readonly levels: Levels;
  readonly values: LeafValues;
}

/**
 * A field's writer: puts a value and the levels of its place into the leaves below. `definition` is how many
 * optional or repeated fields above are there, `repetition` which repeated one begins anew: the record shredding
 * of the Dremel paper (Melnik et al., VLDB 2010, section 4.1).
 */
interface Node {
  readonly name: string;
  write(value: unknown, definition: number, repetition: number): void;
}

interface Place {
  readonly path: readonly string[];
  readonly definition: number;
  readonly repetition: number;
}

function nodeOf(field: NestedField, above: Place, elements: SchemaElement[], leaves: LeafColumn[]): Node {
  const { name, type } = field;
  const repetition = field.nullable ? REPETITION.optional : REPETITION.required;
  const path = [...above.path, name];
  const definition = above.definition + (field.nullable ? 1 : 0);
  const place = { path, definition, repetition: above.repetition };
  const leafAt = (tail: readonly string[], optional: boolean, physical: PhysicalType, values: LeafValues) => {
    const depth = tail.length === 0 ? 0 : 1;
    const levels = new Levels(definition + depth + (optional ? 1 : 0), above.repetition + depth);
    const leaf = { path: [...path, ...tail], type: physical, levels, values };
    leaves.push(leaf);
    return leaf;
  };
  if (typeof type === 'object') {
    elements.push({ name, repetition, children: type.struct.length });
    const first = leaves.length;
    const members = type.struct.map((member) => nodeOf(member, place, elements, leaves));
    return structNode(field, definition, members, leaves.slice(first));
  }
  if (type === 'list<string>') {
    elements.push(
      { name, repetition, children: 1, logical: 'list' },
      { name: 'list', repetition: REPETITION.repeated, children: 1 },
      { name: 'element', repetition: REPETITION.required, type: TYPE.byteArray, logical: 'string' },
    );
    return listNode(field, place, leafAt(['list', 'element'], false, TYPE.byteArray, leafValues('string')));
  }
  if (type === 'map<string,string>') {
    elements.push(
      { name, repetition, children: 1, logical: 'map' },
      { name: 'key_value', repetition: REPETITION.repeated, children: 2 },
      { name: 'key', repetition: REPETITION.required, type: TYPE.byteArray, logical: 'string' },
      { name: 'value', repetition: REPETITION.optional, type: TYPE.byteArray, logical: 'string' },
    );
    const keys = leafAt(['key_value', 'key'], false, TYPE.byteArray, leafValues('string'));
    return mapNode(field, place, keys, leafAt(['key_value', 'value'], true, TYPE.byteArray, leafValues('string')));
  }
  const physical = PHYSICAL[type];
  elements.push({ name, repetition, type: physical, ...(type === 'string' ? { logical: 'string' as const } : {}) });
  return leafNode(field, definition, leafAt([], false, physical, leafValues(type)));
}

function structNode(
  field: NestedField,
  definition: number,
  members: readonly Node[],
  below: readonly LeafColumn[],
): Node {
  return {
    name: field.name,
    write: (value, outer, repetition) => {
      if (value === null || value === undefined) {
        if (!field.nullable) throw unsuitable(field, value);
        for (const leaf of below) leaf.levels.add(outer, repetition);
      } else if (typeof value === 'object') writeMembers(members, value, definition, repetition);
      else throw unsuitable(field, value);
    },
  };
}

function writeMembers(members: readonly Node[], row: object, definition: number, repetition: number): void {
  const values = row as Readonly<Record<string, unknown>>;
  for (const member of members) member.write(values[member.name], definition, repetition);
}

function leafNode(field: NestedField, definition: number, leaf: LeafColumn): Node {
  return {
    name: field.name,
    write: (value, outer, repetition) => {
      if (value === null || value === undefined) {
        if (!field.nullable) throw unsuitable(field, value);
        leaf.levels.add(outer, repetition);
      } else {
        leaf.values.begin(leaf.levels.length);
        if (!leaf.values.add(value)) throw unsuitable(field, value);
        leaf.levels.add(definition, repetition);
      }
    },
  };
}

function listNode(field: NestedField, place: Place, leaf: LeafColumn): Node {
  return {
    name: field.name,
    write: (value, outer, repetition) => {
      if (value === null || value === undefined) {
        if (!field.nullable) throw unsuitable(field, value);
        leaf.levels.add(outer, repetition);
        return;
      }
      if (!Array.isArray(value)) throw unsuitable(field, value);
      leaf.values.begin(leaf.levels.length);
      if (value.length === 0) leaf.levels.add(place.definition, repetition);
      for (const [index, element] of value.entries()) {
        if (!leaf.values.add(element)) throw unsuitable(field, element);
        leaf.levels.add(place.definition + 1, index === 0 ? repetition : place.repetition + 1);
      }
    },
  };
}

function mapNode(field: NestedField, place: Place, keys: LeafColumn, values: LeafColumn): Node {
  return {
    name: field.name,
    write: (value, outer, repetition) => {
      const missing = value === null || value === undefined;
      if (missing ? !field.nullable : typeof value !== 'object') throw unsuitable(field, value);
      keys.values.begin(keys.levels.length);
      values.values.begin(values.levels.length);
      const entries = missing ? [] : Object.entries(value as object);
      if (entries.length === 0) {
        const definition = missing ? outer : place.definition;
        keys.levels.add(definition, repetition);
        values.levels.add(definition, repetition);
      }
      for (const [index, [key, text]] of entries.entries()) {
        const level = index === 0 ? repetition : place.repetition + 1;
        const absent = text === null || text === undefined;
        if (!absent && !values.values.add(text)) throw unsuitable(field, text);
        keys.values.add(key);
        keys.levels.add(place.definition + 1, level);
        values.levels.add(place.definition + (absent ? 1 : 2), level);
      }
    },
  };
}

function unsuitable(field: NestedField, value: unknown): TypeError {
  const type = typeof field.type === 'object' ? 'struct' : field.type;
  const got = value === null || value === undefined ? 'null' : `a value of type ${typeof value}`;
  return new TypeError(`[lake/parquet] field "${field.name}" (${type}) got ${got}; give what the schema names`);
}
