// Which members are wanted: a tree of names that ../wanted.ts lays into memory.

/** Instead of a node: nothing of the value is wanted, or all of it. Nodes are addresses above both. */
export const NOTHING: usize = 0;
export const WHOLE: usize = 1;

/** A node is a table of as many addresses of entries, 0 where there is none. */
const SLOTS: u32 = 64;

/** Entry: length of the name, what is wanted of its value, the name. */
const CHILD = 4;
const NAME: usize = 8;

/** What is wanted of the member whose name, without quotes, stands between `begin` and `end`. */
export function wantedOf(node: usize, begin: usize, end: usize): usize {
  const length = <u32>(end - begin);
  // As slotOf in ../wanted.ts.
  let slot = length === 0 ? 0 : (length + 7 * load<u8>(begin) + 31 * load<u8>(end - 1)) & (SLOTS - 1);
  while (true) {
    const entry = <usize>load<u32>(node + ((<usize>slot) << 2));
    if (entry === 0) return NOTHING;
    if (load<u32>(entry) === length && isSame(entry + NAME, begin, length)) return <usize>load<u32>(entry, CHILD);
    slot = (slot + 1) & (SLOTS - 1);
  }
}

function isSame(name: usize, other: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i++) if (load<u8>(name + i) !== load<u8>(other + i)) return false;
  return true;
}
