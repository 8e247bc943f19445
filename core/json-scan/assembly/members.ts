// The members of the objects that are open, and how those of one object are brought into order.
import { COMMA, copy, DOUBLED, fail, write } from './cursor';

/** An entry: where in the canonical form the member begins, its name ends, its value ends; the first bytes of its name. */
const BEGIN = 0;
const NAME_END = 4;
const END = 8;
const KEY = 16;
const ENTRY: usize = 24;

/** Objects with more members than this are sorted by a heap: insertion would take quadratic time. */
const INSERTION_MAX = 48;
/** Behind an object, before its members are put down: what is copied 16 bytes at a time reaches so far beyond its end. */
const GAP: usize = 32;

let entries: usize = 0;
let order: usize = 0;

export function placeMembers(at: usize, orderAt: usize): void {
  entries = at;
  order = orderAt;
}

function entryOf(member: i32): usize {
  return entries + <usize>member * ENTRY;
}

/**
 * Notes the member whose name, with its quotes, stands at `begin`: its first eight bytes behind the first quote are one
 * number, the first of them weighing most, and nothing that is behind the closing quote.
 */
export function noteMember(member: i32, begin: usize, nameEnd: usize): void {
  const entry = entryOf(member);
  store<u32>(entry, <u32>begin, BEGIN);
  store<u32>(entry, <u32>nameEnd, NAME_END);
  const length = <i32>(nameEnd - begin) - 1;
  const first = bswap<u64>(load<u64>(begin + 1));
  store<u64>(entry, length >= 8 ? first : first & (~(<u64>0) << ((8 - length) << 3)), KEY);
}

export function endMember(member: i32): void {
  store<u32>(entryOf(member), <u32>write, END);
}

/** Compares the names of two members, quotes included, byte by byte. */
export function compareNames(left: i32, right: i32): i32 {
  const a = entryOf(left);
  const b = entryOf(right);
  const aKey = load<u64>(a, KEY);
  const bKey = load<u64>(b, KEY);
  if (aKey !== bKey) return aKey < bKey ? -1 : 1;
  let aAt = <usize>load<u32>(a, BEGIN) + 9;
  let bAt = <usize>load<u32>(b, BEGIN) + 9;
  const aEnd = <usize>load<u32>(a, NAME_END);
  const bEnd = <usize>load<u32>(b, NAME_END);
  while (aAt < aEnd && bAt < bEnd) {
    const difference = <i32>load<u8>(aAt++) - <i32>load<u8>(bAt++);
    if (difference !== 0) return difference;
  }
  return (aAt < aEnd ? 1 : 0) - (bAt < bEnd ? 1 : 0);
}

/** Writes the members from `first` to before `behind` again, in the order of their names; false when two have one. */
export function reorder(first: i32, behind: i32): bool {
  const isSorted = behind - first > INSERTION_MAX ? sortByHeap(first, behind) : sortByInsertion(first, behind);
  if (!isSorted) return fail(DOUBLED);
  const begin = <usize>load<u32>(entryOf(first), BEGIN);
  const shift = write + GAP - begin;
  copy(begin + shift, begin, write - begin);
  let to = begin;
  for (let i = 0; i < behind - first; i++) {
    if (i > 0) store<u8>(to++, COMMA);
    const entry = entryOf(at(i));
    const from = <usize>load<u32>(entry, BEGIN);
    const length = <usize>load<u32>(entry, END) - from;
    copy(to, from + shift, length);
    to += length;
  }
  return true;
}

function at(place: i32): i32 {
  return load<i32>(order + ((<usize>place) << 2));
}

function setAt(place: i32, member: i32): void {
  store<i32>(order + ((<usize>place) << 2), member);
}

function sortByInsertion(first: i32, behind: i32): bool {
  setAt(0, first);
  for (let member = first + 1; member < behind; member++) {
    let place = member - first - 1;
    for (; place >= 0; place--) {
      const difference = compareNames(at(place), member);
      if (difference === 0) return false;
      if (difference < 0) break;
      setAt(place + 1, at(place));
    }
    setAt(place + 1, member);
  }
  return true;
}

function sortByHeap(first: i32, behind: i32): bool {
  const count = behind - first;
  for (let i = 0; i < count; i++) setAt(i, first + i);
  for (let root = (count >> 1) - 1; root >= 0; root--) sift(root, count);
  for (let end = count - 1; end > 0; end--) {
    const greatest = at(0);
    setAt(0, at(end));
    setAt(end, greatest);
    sift(0, end);
  }
  for (let i = 1; i < count; i++) if (compareNames(at(i - 1), at(i)) === 0) return false;
  return true;
}

/** Lets what is at `root` sink until no child of it is greater. */
function sift(root: i32, count: i32): void {
  const member = at(root);
  for (let child = 2 * root + 1; child < count; child = 2 * root + 1) {
    if (child + 1 < count && compareNames(at(child), at(child + 1)) < 0) child++;
    if (compareNames(member, at(child)) >= 0) break;
    setAt(root, at(child));
    root = child;
  }
  setAt(root, member);
}
