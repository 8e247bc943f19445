import { MODULE } from './module.ts';
import { layNode, sizeOf, type Wanted } from './wanted.ts';

/** Deeper nesting than this is refused: no vendor's audit event comes near it. */
export const JSON_DEPTH_MAX = 64;

export type JsonScan =
  | {
      readonly kind: 'canonical';
      /**
       * The canonical form: members sorted by name, white space dropped, escapes in strings as JSON.stringify writes
       * them, numbers as they were written (1.0 and 1 differ; so do 2^53 and its neighbours). Texts that differ in
       * order, space and escapes alone have one form. A view that the next call overwrites.
       */
      readonly bytes: Uint8Array;
      /** The text without the members that are not wanted; empty when nothing is. */
      readonly wanted: string;
    }
  /** `doubled`: a member is given twice, and which of them counts is not for us to say. */
  | { readonly kind: 'doubled' | 'malformed' | 'too_deep' };

/**
 * Looks once at a JSON text: `text` is valid UTF-8, as isUtf8 has it. What JSON.parse refuses is `malformed`, though an
 * object with a member given twice or nested too deep is told as that, whatever comes behind it.
 *
 * In WebAssembly (assembly/), since it runs once for every event: 1.5 KB take 3 µs, of which JavaScript took 10, and
 * JSON.parse of what is wanted takes half of the time that the whole text takes.
 */
export function scanJson(text: Uint8Array, wanted: Wanted | null = null): JsonScan {
  const node = wanted === null ? 0 : nodeOf(wanted);
  if (text.length > regions.room) layOut(text.length);
  const { textAt, canonicalAt, wantedAt } = regions;
  memory.set(text, textAt);
  const length = program.scan(text.length, node);
  if (length < 0) return FAULTS[-length - 1] as JsonScan;
  return {
    kind: 'canonical',
    bytes: memory.subarray(canonicalAt, canonicalAt + length),
    wanted: node === 0 ? '' : memory.toString('utf8', wantedAt, wantedAt + program.wantedLength()),
  };
}

/** By the numbers in assembly/cursor.ts. */
const FAULTS: readonly JsonScan[] = [{ kind: 'malformed' }, { kind: 'doubled' }, { kind: 'too_deep' }];

interface Program {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  layOut(text: number, canonical: number, wanted: number, entries: number, order: number, depthMax: number): void;
  /** The length of the canonical form, or less than 0. */
  scan(length: number, node: number): number;
  wantedLength(): number;
}

const PAGE = 65_536;
/** What is copied 16 bytes at a time may reach beyond its end. */
const SLACK = 64;
const ENTRY = 24;
/** `"":0,`: the shortest member. */
const MEMBER_MIN = 5;
const ROOM_MIN = 64 * 1024;

const program = instantiate();
let memory = Buffer.from(program.memory.buffer);
/** Nodes stand below, the text and what is made of it above: those move when there are more nodes. */
let nodesEnd = 1024;
const nodes = new WeakMap<object, number>();
let regions = { room: 0, textAt: 0, canonicalAt: 0, wantedAt: 0 };

function instantiate(): Program {
  // Node's types leave it to those of the browser.
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: {
      Module: new (bytes: Uint8Array) => object;
      Instance: new (module: object) => { readonly exports: Program };
    };
  };
  return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(MODULE, 'base64'))).exports;
}

/** Gives every region the room that a text of `length` bytes needs. */
function layOut(length: number): void {
  const room = Math.max(ROOM_MIN, 2 ** Math.ceil(Math.log2(length)));
  const textAt = aligned(nodesEnd);
  const canonicalAt = aligned(textAt + room + SLACK);
  const wantedAt = aligned(canonicalAt + 2 * room + 2 * SLACK);
  const entriesAt = aligned(wantedAt + room + SLACK);
  const orderAt = aligned(entriesAt + Math.ceil(room / MEMBER_MIN + 1) * ENTRY);
  growTo(orderAt + Math.ceil(room / MEMBER_MIN + 1) * 4);
  program.layOut(textAt, canonicalAt, wantedAt, entriesAt, orderAt, JSON_DEPTH_MAX);
  regions = { room, textAt, canonicalAt, wantedAt };
}

function growTo(end: number): void {
  const pages = Math.ceil((end - memory.length) / PAGE);
  if (pages <= 0) return;
  program.memory.grow(pages);
  memory = Buffer.from(program.memory.buffer);
}

const aligned = (at: number) => Math.ceil(at / 16) * 16;

function nodeOf(wanted: Wanted): number {
  if (wanted === true) return 1;
  const known = nodes.get(wanted);
  if (known !== undefined) return known;
  const at = nodesEnd;
  growTo(at + sizeOf(wanted));
  const { node, end } = layNode(new DataView(program.memory.buffer), at, wanted);
  nodesEnd = end;
  nodes.set(wanted, node);
  layOut(regions.room);
  return node;
}
