import type { LiveEvent } from '../../api.ts';

/** Rows kept; more than a person scrolls through. */
const ROWS_MAX = 200;
/** Keys remembered, so that an event that comes twice (a restart, a fresh hello) is shown once. */
const KEYS_MAX = 4000;

export interface FeedState {
  /** Newest first. */
  readonly rows: readonly LiveEvent[];
  /** Events that came while the feed was paused. */
  readonly waiting: number;
  /** Events that the server left out, since the page was opened. */
  readonly skipped: number;
}

/** The feed's rows: bounded, without doubles, held still while paused. No timers, no DOM. */
export class Feed {
  #state: FeedState = { rows: [], waiting: 0, skipped: 0 };
  #incoming: LiveEvent[] = [];
  #waiting = 0;
  #skipped = 0;
  #keys = new Set<string>();

  get state(): FeedState {
    return this.#state;
  }

  add(events: readonly LiveEvent[], skipped: number): void {
    this.#skipped += skipped;
    for (const event of events) {
      const key = keyOf(event);
      if (this.#keys.has(key)) continue;
      this.#keys.add(key);
      this.#incoming.push(event);
      this.#waiting += 1;
    }
    if (this.#incoming.length > ROWS_MAX) this.#incoming.splice(0, this.#incoming.length - ROWS_MAX);
    for (const key of this.#keys) {
      if (this.#keys.size <= KEYS_MAX) break;
      this.#keys.delete(key);
    }
  }

  /** Brings the state up to date; while paused only the counts move. */
  apply(isPaused: boolean): void {
    if (isPaused) {
      this.#state = { rows: this.#state.rows, waiting: this.#waiting, skipped: this.#skipped };
      return;
    }
    const rows = [...this.#incoming.reverse(), ...this.#state.rows].slice(0, ROWS_MAX);
    this.#incoming = [];
    this.#waiting = 0;
    this.#state = { rows, waiting: 0, skipped: this.#skipped };
  }
}

export function keyOf(event: LiveEvent): string {
  return `${event.shard}/${event.position}`;
}
