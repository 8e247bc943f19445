import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { KinesisError } from './operation.ts';

/**
 * PutRecord and PutRecords carry 10 MiB of data and keys: 14 MiB of base64, and up to 1 MiB of names, hash keys and
 * escaped characters around it.
 */
export const PUT_BODY_BYTES_MAX = 16 * 1024 * 1024;
/** Every other operation: ListShards' NextToken, of 1 MiB at most, is the longest member. */
export const OTHER_BODY_BYTES_MAX = 2 * 1024 * 1024;
/** Bodies held at once, all requests together. */
const HELD_BYTES_MAX = 256 * 1024 * 1024;

/** What all requests of a server hold of bodies at the moment. */
export class BodyBudget {
  private heldBytes = 0;
  private readonly bytesMax: number;

  constructor(bytesMax = HELD_BYTES_MAX) {
    this.bytesMax = bytesMax;
  }

  take(bytes: number): void {
    this.heldBytes += bytes;
    if (this.heldBytes > this.bytesMax) {
      throw new KinesisError('ServiceUnavailable', 'Too many requests at once, please try again later.', 503);
    }
  }

  give(bytes: number): void {
    this.heldBytes -= bytes;
  }
}

/** The body read so far, and the way to give its bytes back to the budget. */
export interface HeldBody {
  readonly body: Buffer;
  release(): void;
}

/**
 * Reads a request's body. Rejects with a KinesisError for one longer than `bytesMax` (413), one that takes longer than
 * `timeoutMs` (408) or one too many for the budget (503), and with another error when the client goes in the middle. Somebody
 * else listens to the request's errors.
 */
export function readBody(
  request: IncomingMessage | Http2ServerRequest,
  bytesMax: number,
  timeoutMs: number,
  budget: BodyBudget,
): Promise<HeldBody> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const finish = () => {
      clearTimeout(timer);
      request.removeListener('data', onData).removeListener('end', onEnd);
      request.removeListener('close', onClose).removeListener('error', onClose);
    };
    const fail = (error: Error) => {
      finish();
      budget.give(bytes);
      reject(error);
    };
    const onClose = () => fail(new Error('the client went in the middle of a request'));
    const timer = setTimeout(
      () => fail(new KinesisError('RequestTimeoutException', 'The request took too long to arrive.', 408)),
      timeoutMs,
    );
    const onData = (piece: Buffer) => {
      bytes += piece.length;
      pieces.push(piece);
      try {
        budget.take(piece.length);
        if (bytes > bytesMax) throw tooLarge();
      } catch (error) {
        fail(error as Error);
      }
    };
    const onEnd = () => {
      finish();
      resolve({ body: Buffer.concat(pieces), release: () => budget.give(bytes) });
    };
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) fail(tooLarge());
    else request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

function tooLarge(): KinesisError {
  return new KinesisError('RequestEntityTooLargeException', 'The request is larger than any operation takes.', 413);
}
