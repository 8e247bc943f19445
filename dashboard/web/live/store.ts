import type { Health, Hello, LiveBatch } from '../../api.ts';
import { Feed, type FeedState } from './feed.ts';

export interface LiveState {
  readonly status: 'connecting' | 'open' | 'lost';
  /** When the connection was lost, ms of this browser's clock. */
  readonly lostMs: number | null;
  readonly health: Health | null;
  /** When health was last heard, ms of this browser's clock. */
  readonly heardMs: number;
  /** Server's clock minus this browser's, µs. */
  readonly skewUs: number;
  readonly history: Hello['history'];
  readonly generation: number | null;
}

const HISTORY_MAX = 600;
/** Health comes every second: silence this long is a dead connection, whatever the socket says. */
const SILENCE_MS = 6000;
const RETRY_MS = 1000;
/** Above this many events/s the feed moves once a second, so that an eye can follow. */
const CALM_RATE_PER_S = 10;

/** The page's one connection to the live stream, and what it has said. Bounded; heals by itself. */
export class LiveStore {
  #url: string;
  #source: EventSource | null = null;
  #listeners = new Set<() => void>();
  #feedListeners = new Set<() => void>();
  #feed = new Feed();
  #pauses = new Set<string>();
  #applyTimer = 0;
  #appliedMs = 0;
  #retryTimer = 0;
  #state: LiveState = {
    status: 'connecting',
    lostMs: null,
    health: null,
    heardMs: 0,
    skewUs: 0,
    history: [],
    generation: null,
  };

  constructor(url: string) {
    this.#url = url;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  subscribeFeed = (listener: () => void): (() => void) => {
    this.#feedListeners.add(listener);
    return () => this.#feedListeners.delete(listener);
  };
  state = (): LiveState => this.#state;
  feed = (): FeedState => this.#feed.state;

  /** Opens the connection and watches over it. */
  connect(): void {
    this.#open();
    setInterval(() => {
      if (this.#state.status === 'open' && Date.now() - this.#state.heardMs > SILENCE_MS) this.#reopen();
    }, 1000);
  }

  /** Holds the feed still for a reason, or lets go of it; it moves when no reason is left. */
  pause(reason: string, on: boolean): void {
    if (on === this.#pauses.has(reason)) return;
    if (on) this.#pauses.add(reason);
    else this.#pauses.delete(reason);
    if (!on) this.#scheduleFeed();
  }

  #open(): void {
    const source = new EventSource(this.#url);
    this.#source = source;
    const on = <T>(name: string, act: (data: T) => void) =>
      source.addEventListener(name, (event: MessageEvent<string>) => act(JSON.parse(event.data) as T));
    on<Hello>('hello', (hello) => this.#greet(hello));
    on<Health>('health', (health) => this.#heard(health));
    on<LiveBatch>('events', (batch) => {
      this.#feed.add(batch.events, batch.skipped);
      this.#scheduleFeed();
    });
    on<{ generation: number | null }>('generation', ({ generation }) => this.#set({ generation }));
    source.onerror = () => {
      this.#lost();
      // The browser comes back by itself unless the server answered with an error.
      if (source.readyState === EventSource.CLOSED) this.#reopen();
    };
  }

  #reopen(): void {
    this.#source?.close();
    this.#lost();
    clearTimeout(this.#retryTimer);
    this.#retryTimer = window.setTimeout(() => this.#open(), RETRY_MS);
  }

  #lost(): void {
    if (this.#state.status !== 'lost') this.#set({ status: 'lost', lostMs: Date.now() });
  }

  #greet({ health, history, recent }: Hello): void {
    const first = history[0]?.at ?? health.now;
    const kept = this.#state.history.filter((point) => point.at < first);
    this.#set({ history: [...kept, ...history].slice(-HISTORY_MAX), generation: health.generation });
    this.#heard(health);
    this.#feed.add(recent, 0);
    this.#scheduleFeed();
  }

  #heard(health: Health): void {
    const last = this.#state.history.at(-1);
    const history =
      last && last.at >= health.now
        ? this.#state.history
        : [...this.#state.history, { at: health.now, byApp: health.byApp }].slice(-HISTORY_MAX);
    const heardMs = Date.now();
    this.#set({ status: 'open', lostMs: null, health, heardMs, skewUs: health.now - heardMs * 1000, history });
  }

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  #scheduleFeed(): void {
    if (this.#applyTimer !== 0) return;
    const isFast = (this.#state.health?.eventsPerSecond ?? 0) > CALM_RATE_PER_S;
    const waitMs = Math.max(0, this.#appliedMs + (isFast ? 1000 : 100) - Date.now());
    this.#applyTimer = window.setTimeout(() => {
      requestAnimationFrame(() => {
        this.#applyTimer = 0;
        this.#appliedMs = Date.now();
        this.#feed.apply(this.#pauses.size > 0);
        for (const listener of this.#feedListeners) listener();
      });
    }, waitMs);
  }
}
