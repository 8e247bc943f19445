import { ConfigError } from '../../../core/index.ts';
import type { Position } from '../../log.ts';

/**
 * Digits behind the sequence number that count the user records inside one aggregated record. A user record takes
 * 6 bytes of protobuf at least, so that one of 10 MiB holds fewer than 1.8 million.
 */
const SUB_DIGITS = 7;
const ZEROS = '0'.repeat(SUB_DIGITS);
const FORM = /^(0|[1-9]\d*)$/;

/** Kinesis's own sequence number, and which user record inside that record is meant. */
export interface KinesisPosition {
  readonly sequenceNumber: string;
  readonly sub: number;
}

/**
 * The port's position of a user record: the sequence number, then its place among the user records of an aggregated
 * record in seven digits, zeros for a plain record. All positions of a shard so have one form, are unique, and sort as
 * the records do.
 */
export function positionOf(sequenceNumber: string, sub: number): Position {
  return sequenceNumber + (sub === 0 ? ZEROS : String(sub).padStart(SUB_DIGITS, '0'));
}

/** The inverse of {@link positionOf}; ConfigError when the text is no number. */
export function parsePosition(position: Position): KinesisPosition {
  if (!FORM.test(position)) {
    throw new ConfigError(
      `[log/kinesis] ${JSON.stringify(position)} is no position; use one that this log has given out`,
    );
  }
  return { sequenceNumber: position.slice(0, -SUB_DIGITS) || '0', sub: Number(position.slice(-SUB_DIGITS)) };
}
