/**
 * What one Kinesis operation is to the endpoint: a function over the SDK's own types. Bytes are Uint8Array, times
 * are Date; how they look on the wire (JSON's base64 and seconds, CBOR's byte strings and tagged numbers) is the
 * protocol's affair alone. The input has passed the service model's constraints before the function sees it.
 */
export type Operation<Input = never, Output = unknown> = (input: Input, call: Call) => Promise<Output>;

/** Who calls, and until when the answer is wanted. */
export interface Call {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** Aborted when the client has gone or the server closes. */
  readonly signal: AbortSignal;
}

/** An error as AWS's clients know it: `type` is its name, as in `ResourceNotFoundException`. */
export class KinesisError extends Error {
  readonly type: string;
  readonly status: number;
  constructor(type: string, message: string, status = 400) {
    super(message);
    this.name = 'KinesisError';
    this.type = type;
    this.status = status;
  }
}
