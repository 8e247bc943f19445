import { tokensOf } from '../json-pointer.ts';

/** What is wanted of a JSON value: all of it, or some members by name (of an array, those of its elements). */
export type Wanted = true | { readonly [name: string]: Wanted };

/**
 * The members that `pointers` (RFC 6901) name, with all that is in them. A pointer passes through arrays: `/target/id`
 * is the `id` of every element of `target`.
 */
export function wantedBy(pointers: readonly string[]): Wanted {
  const root: Record<string, Wanted> = Object.create(null);
  for (const pointer of pointers) {
    const names = tokensOf(pointer);
    const last = names.pop();
    if (last === undefined || pointer[0] !== '/') throw new TypeError(`[core] ${pointer} is no pointer to a member`);
    let at = root;
    for (const name of names) {
      at[name] ??= Object.create(null) as Record<string, Wanted>;
      if (at[name] === true) throw new TypeError(`[core] ${pointer} is part of what another pointer names`);
      at = at[name] as Record<string, Wanted>;
    }
    if (at[last] !== undefined) throw new TypeError(`[core] ${pointer} is named twice, or in part`);
    at[last] = true;
  }
  return root;
}

/** As in assembly/wanted.ts: a node is a table of as many addresses, and full tables make long searches. */
const SLOTS = 64;
const NAMES_MAX = 48;
const ENTRY_HEAD = 8;
const WHOLE = 1;

/** How many bytes {@link layNode} takes. */
export function sizeOf(wanted: Wanted): number {
  if (wanted === true) return 0;
  return Object.entries(wanted).reduce(
    (size, [name, child]) => size + aligned(ENTRY_HEAD + nameBytes(name).length) + sizeOf(child),
    SLOTS * 4,
  );
}

/** Lays a tree into memory from `at` (a multiple of four) on. Gives its node and where the next one can stand. */
export function layNode(memory: DataView, at: number, wanted: Wanted): { node: number; end: number } {
  if (wanted === true) return { node: WHOLE, end: at };
  const names = Object.entries(wanted);
  if (names.length > NAMES_MAX)
    throw new RangeError(`[core] ${names.length} members of one object are wanted; at most ${NAMES_MAX}`);
  for (let slot = 0; slot < SLOTS; slot++) memory.setUint32(at + slot * 4, 0, true);
  let end = at + SLOTS * 4;
  for (const [name, child] of names) {
    const bytes = nameBytes(name);
    let slot = slotOf(bytes);
    while (memory.getUint32(at + slot * 4, true) !== 0) slot = (slot + 1) % SLOTS;
    const entry = end;
    memory.setUint32(at + slot * 4, entry, true);
    memory.setUint32(entry, bytes.length, true);
    for (const [i, byte] of bytes.entries()) memory.setUint8(entry + ENTRY_HEAD + i, byte);
    const laid = layNode(memory, aligned(entry + ENTRY_HEAD + bytes.length), child);
    memory.setUint32(entry + 4, laid.node, true);
    end = laid.end;
  }
  return { node: at, end };
}

/** As in assembly/wanted.ts. */
const slotOf = (name: Uint8Array) => (name.length + 7 * (name[0] ?? 0) + 31 * (name.at(-1) ?? 0)) % SLOTS;

/** A name as the canonical form has it, without its quotes. */
const nameBytes = (name: string) => Buffer.from(JSON.stringify(name).slice(1, -1));

const aligned = (at: number) => (at + 3) & ~3;
