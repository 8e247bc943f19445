import type { Evolution, Health, LiveEvent } from '../api.ts';

/** What the dashboard's server needs from the process that runs it. */
export interface DashboardDeps {
  /** Folder of the built page (index.html and its assets). */
  readonly pageDir: string;
  /** When set, every request but /healthz needs it: `Authorization: Bearer`, or once as `?token=`. */
  readonly token?: string;
  /** µs since 1970 UTC. */
  readonly clock: () => number;
  readonly live: {
    /** Scored rows in small batches, best effort; gives the function that ends the subscription. */
    subscribe(listener: (events: readonly LiveEvent[]) => void): () => void;
  };
  /** Cheap: called once a second. */
  health(): Health;
  readonly lake: {
    /**
     * SQL over the lake's tables by name, `$1`… bound to `params`. A table that does not exist yet may
     * fail with a message that says `does not exist`: it then reads as empty.
     */
    sql(text: string, options?: { params?: readonly unknown[] }): Promise<{ rows: Record<string, unknown>[] }>;
  };
  evolution(): Promise<Evolution>;
  /** A prom-client registry. */
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
  ready(): { ready: boolean; reasons: string[] };
  /** The directory: name and role behind an `actor_key`. Cheap: called for each event shown. */
  person?(actorKey: string): { name: string; role: string | null } | undefined;
}
