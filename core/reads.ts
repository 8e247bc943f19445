/**
 * Which members of a native event are read, as a tree over their names. What is not read need not be parsed: of
 * 1.8 KB of Okta's System Log half is, and JSON.parse then takes half the time and leaves half the garbage.
 */
export interface Reads {
  /** The members that are read within this one; null when all of it is. */
  readonly members: ReadMembers | null;
}

/** A hash table with open addresses, made once and looked into for every name of every event. */
interface ReadMembers {
  /** 0 where the slot is free, else {@link nameKey}. As many as a power of two, half of them free. */
  readonly keys: Int32Array;
  readonly slots: readonly (ReadMember | null)[];
}

interface ReadMember {
  /** The name in UTF-8, without quotes. */
  readonly name: Uint8Array;
  readonly reads: Reads;
}

/** Everything is read. */
export const READ_ALL: Reads = { members: null };

/**
 * The tree of paths such as `client/userAgent`: what lies at a path is read whole, and where a path's beginning is
 * no object, that is. A path within another one adds nothing to it.
 */
export function readsOf(paths: readonly string[]): Reads {
  const below = new Map<string, string[]>();
  const whole = new Set<string>();
  for (const path of paths) {
    const slash = path.indexOf('/');
    const name = slash === -1 ? path : path.slice(0, slash);
    const inner = below.get(name) ?? [];
    below.set(name, inner);
    if (slash === -1) whole.add(name);
    else inner.push(path.slice(slash + 1));
  }
  const members = [...below].map(([name, inner]) => ({
    name: new Uint8Array(Buffer.from(name)),
    reads: whole.has(name) ? READ_ALL : readsOf(inner),
  }));
  return { members: tableOf(members) };
}

/** Nothing of an event is read: what it is must be known alone. */
export const NO_READS: Reads = readsOf([]);

function tableOf(members: readonly ReadMember[]): ReadMembers {
  let size = 8;
  while (size < members.length * 2) size *= 2;
  const keys = new Int32Array(size);
  const slots: (ReadMember | null)[] = new Array<ReadMember | null>(size).fill(null);
  for (const member of members) {
    const { name } = member;
    const key = nameKey(name[0] ?? 0, name[1] ?? 0, name.length);
    let slot = slotOf(key, size);
    while (keys[slot] !== 0) slot = (slot + 1) & (size - 1);
    keys[slot] = key;
    slots[slot] = member;
  }
  return { keys, slots };
}

/** What is read of the member whose name lies from `begin` to before `end` of `bytes`; null when nothing is. */
export function readsWithin({ keys, slots }: ReadMembers, bytes: Uint8Array, begin: number, end: number): Reads | null {
  const length = end - begin;
  const first = length > 0 ? (bytes[begin] as number) : 0;
  const key = nameKey(first, length > 1 ? (bytes[begin + 1] as number) : 0, length);
  for (let slot = slotOf(key, keys.length); keys[slot] !== 0; slot = (slot + 1) & (keys.length - 1)) {
    if (keys[slot] !== key) continue;
    const { name, reads } = slots[slot] as ReadMember;
    if (isSame(name, bytes, begin, length)) return reads;
  }
  return null;
}

/** Length and first two bytes tell most names of a vendor apart; never 0. */
function nameKey(first: number, second: number, length: number): number {
  return (1 << 24) | ((length & 0xff) << 16) | (first << 8) | second;
}

/** Fibonacci hashing (Knuth, The Art of Computer Programming 3, section 6.4). */
function slotOf(key: number, size: number): number {
  return (Math.imul(key, 0x9e3779b1) >>> 16) & (size - 1);
}

function isSame(name: Uint8Array, bytes: Uint8Array, begin: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 2; i < length; i++) if (name[i] !== bytes[begin + i]) return false;
  return true;
}
