import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ConfigError } from '../../core/index.ts';

/** A connection and the views that it has, by table: which snapshot each is over. */
export interface Session {
  readonly connection: DuckDBConnection;
  readonly views: Map<string, string>;
}

const INTERRUPT_EVERY_MS = 20;

/** A few connections that take turns; callers wait when all are busy. */
export interface Connections {
  use<T>(signal: AbortSignal | undefined, run: (session: Session) => Promise<T>): Promise<T>;
  close(): void;
}

export function createConnections(instance: DuckDBInstance, connectionsMax: number): Connections {
  const idle: Session[] = [];
  const all: Session[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;
  let closed = false;
  const take = async (): Promise<Session> => {
    while (busy >= connectionsMax) await new Promise<void>((resolve) => waiting.push(resolve));
    if (closed) throw new ConfigError('[lake/query] the lake was closed; open it again');
    busy++;
    const free = idle.pop();
    if (free !== undefined) return free;
    const made = { connection: await instance.connect(), views: new Map<string, string>() };
    all.push(made);
    return made;
  };
  return {
    use: async (signal, run) => {
      const session = await take();
      let interrupting: NodeJS.Timeout | undefined;
      // An interrupt hits only a query that is running: repeated until the one to stop has ended.
      const stop = () => {
        session.connection.interrupt();
        interrupting = setInterval(() => session.connection.interrupt(), INTERRUPT_EVERY_MS);
      };
      try {
        signal?.throwIfAborted();
        signal?.addEventListener('abort', stop);
        return await run(session);
      } finally {
        signal?.removeEventListener('abort', stop);
        clearInterval(interrupting);
        busy--;
        idle.push(session);
        waiting.shift()?.();
      }
    },
    close: () => {
      closed = true;
      for (const { connection } of all) connection.closeSync();
      for (const wake of waiting.splice(0)) wake();
    },
  };
}
