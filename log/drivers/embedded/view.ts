import { type BlockHeader, decodeChanges } from './block.ts';
import type { LogFile } from './files.ts';
import { decodeHead, encodeHead } from './head.ts';
import { headKey } from './keys.ts';
import type { Place } from './place.ts';
import type { Walk } from './segment.ts';
import { addBlock, type SegmentIndex } from './segment-index.ts';
import type { Segments } from './segments.ts';
import type { State } from './state.ts';
import type { Tail, TailFile } from './tail.ts';

/** What a flush is made of: blocks of records, encoded and not yet placed. Valid until the next is made. */
export type Stage = () => readonly Buffer[];

/** What one handle knows of the log, as of its last look. */
export interface View {
  readonly place: Place;
  readonly tailFile: TailFile;
  /** Syncs the tail where a boot cannot be told from another. */
  readonly tailSync: () => void;
  readonly closeTail: () => void;
  readonly state: State;
  readonly segments: Segments;
  tail: Tail;
  /** Of the newest segment. */
  index: SegmentIndex;
  /** Through the newest segment's file, as it was opened last; null before the first look. */
  reading: { readonly file: LogFile; readonly walk: Walk } | null;
  /** Where the newest segment's file ended when this handle last looked; others may have moved it since. */
  fileEnd: number;
}

/** Moves state and index on by one block. */
export function takeIn(
  { state }: Pick<View, 'state'>,
  index: SegmentIndex,
  header: BlockHeader,
  bytes: Buffer | null,
): void {
  addBlock(index, header);
  if (header.kind === 'records') {
    const { stream, shard, first, count, arrivalUs } = header;
    const key = headKey(stream, shard);
    const { earliest } = decodeHead(state.get(key));
    state.apply([{ key, value: encodeHead({ next: first + count, earliest, lastArrivalUs: arrivalUs }) }]);
    return;
  }
  if (header.kind === 'state') state.clear();
  // Views of a buffer that is kept as long as the values are.
  if (bytes !== null) state.apply(decodeChanges(bytes, header));
}
