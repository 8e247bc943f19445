import type { Call } from './operation.ts';

interface Closing {
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

/**
 * Whether somebody still waits for an answer. The signal is made for whoever asks for it, which most operations never
 * do: one for each request would cost more than reading its headers.
 */
export class Presence {
  private readonly response: Closing;
  private readonly stopping: AbortSignal;
  private controller: AbortController | null = null;
  private closed = false;

  constructor(response: Closing, stopping: AbortSignal) {
    this.response = response;
    this.stopping = stopping;
    response.once('close', this.leave);
  }

  /** Aborted when the client has gone, or when the server closes. */
  get signal(): AbortSignal {
    if (this.controller === null) {
      this.controller = new AbortController();
      if (this.closed || this.stopping.aborted) this.controller.abort();
      else this.stopping.addEventListener('abort', this.leave, { once: true });
    }
    return this.controller.signal;
  }

  /** The answer is given: nobody is told of anything any more. */
  forget(): void {
    this.response.off('close', this.leave);
    if (this.controller !== null) this.stopping.removeEventListener('abort', this.leave);
  }

  private readonly leave = (): void => {
    this.closed = true;
    this.controller?.abort();
  };
}

/** What an operation learns of its caller. */
export class PresentCall implements Call {
  readonly accountId: string;
  readonly region: string;
  private readonly presence: Presence;

  constructor(call: Omit<Call, 'signal'>, region: string | null, presence: Presence) {
    this.accountId = call.accountId;
    this.region = region ?? call.region;
    this.presence = presence;
  }

  get signal(): AbortSignal {
    return this.presence.signal;
  }
}
