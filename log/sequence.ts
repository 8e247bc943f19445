import type { Position } from './log.ts';

/** Kinesis's sequence numbers have 56 decimal digits and begin with 49. */
const LEAD = '49';
const CREATED_DIGITS = 17;
const SHARD_DIGITS = 6;
const COUNTER_DIGITS = 16;
const PAD_DIGITS = 56 - LEAD.length - CREATED_DIGITS - SHARD_DIGITS - COUNTER_DIGITS;

/** Sequence numbers of one shard: a fixed prefix, then a dense counter of 16 digits. */
export interface Sequence {
  /** The sequence number of the record `counter` (an integer from 0): cheapest when asked in order. */
  position(counter: number): Position;
  /** The counter of a sequence number of this shard; null for any other text. */
  counterOf(position: Position): number | null;
}

const THREE_DIGITS = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));

/**
 * The sequence of shard number `shardIndex` (below 1,000,000), created at `createdUs` (µs since 1970). Shards
 * created later have greater numbers, so a child's records lie behind its parents', as in Kinesis.
 */
export function createSequence(createdUs: number, shardIndex: number): Sequence {
  const prefix =
    LEAD +
    String(createdUs).padStart(CREATED_DIGITS, '0') +
    String(shardIndex).padStart(SHARD_DIGITS, '0') +
    '0'.repeat(PAD_DIGITS);
  const form = new RegExp(`^${prefix}\\d{${COUNTER_DIGITS}}$`);
  // Reading asks for one number a record: all but the last three digits are made once in a thousand.
  let thousand = -1;
  let lead = '';
  return {
    position(counter) {
      const ofThousand = Math.floor(counter / 1000);
      if (ofThousand !== thousand) {
        thousand = ofThousand;
        lead = prefix + String(ofThousand).padStart(COUNTER_DIGITS - 3, '0');
      }
      return lead + THREE_DIGITS[counter - ofThousand * 1000];
    },
    counterOf: (position) => (form.test(position) ? Number(position.slice(prefix.length)) : null),
  };
}

const FORM = new RegExp(
  `^${LEAD}(\\d{${CREATED_DIGITS}})(\\d{${SHARD_DIGITS}})0{${PAD_DIGITS}}\\d{${COUNTER_DIGITS}}$`,
);
/** How the number just before a shard's first ends. */
const NINES = '9'.repeat(PAD_DIGITS + COUNTER_DIGITS);

/** What a sequence number says about its shard. */
export interface PositionParts {
  readonly createdUs: number;
  readonly shardIndex: number;
  /** It is no record's, but lies before the shard's first: see {@link positionBefore}. */
  readonly beforeFirst: boolean;
}

/** Null for a text that no shard ever gave. */
export function partsOfPosition(position: Position): PositionParts | null {
  const beforeFirst = /^\d{56}$/.test(position) && position.endsWith(NINES);
  const found = FORM.exec(beforeFirst ? String(BigInt(position) + 1n) : position);
  if (found === null) return null;
  const [, createdUs, shardIndex] = found;
  return { createdUs: Number(createdUs), shardIndex: Number(shardIndex), beforeFirst };
}

/**
 * The number just before a sequence number, so that to read on after it is to read at the other. Before a shard's
 * first it is no record's; it is greater than all numbers of shards that were there before, as the first is.
 */
export function positionBefore(position: Position): Position {
  return String(BigInt(position) - 1n);
}
