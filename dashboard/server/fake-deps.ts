import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { EVENT_COLUMNS } from '../../core/index.ts';
import type { Health, LiveEvent } from '../api.ts';
import type { DashboardDeps } from './deps.ts';

const SQL_TYPES: Record<string, string> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  long: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  'list<string>': 'VARCHAR[]',
};

/** Noon of 2026-01-02 UTC, µs. */
export const NOON_US = 1_767_355_200_000_000;

/** Parts for the tests: a lake in DuckDB's memory with empty tables, a live feed to emit on, a clock to set. */
export interface FakeDeps extends DashboardDeps {
  readonly connection: DuckDBConnection;
  readonly queries: string[];
  emit(events: readonly LiveEvent[]): void;
  subscribers(): number;
  state: { nowUs: number; health: Partial<Health>; isReady: boolean };
}

export async function createFakeDeps(change: Partial<DashboardDeps> = {}): Promise<FakeDeps> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const columns = EVENT_COLUMNS.map((column) => `${column.name} ${SQL_TYPES[column.type]}`).join(', ');
  await connection.run(`CREATE TABLE events (${columns})`);
  await connection.run(
    'CREATE TABLE quarantine (ingested_at TIMESTAMPTZ, app VARCHAR, reason VARCHAR, detail VARCHAR, raw BLOB)',
  );
  await connection.run(`CREATE TABLE findings (finding_uid VARCHAR, detection_id VARCHAR, time TIMESTAMPTZ,
    severity_id INTEGER, attack VARCHAR[], entities VARCHAR[], event_uids VARCHAR[], reasons VARCHAR[], status VARCHAR)`);
  const listeners = new Set<(events: readonly LiveEvent[]) => void>();
  const queries: string[] = [];
  const state = { nowUs: NOON_US, health: {}, isReady: true };
  return {
    connection,
    queries,
    state,
    emit(events) {
      for (const listener of listeners) listener(events);
    },
    subscribers: () => listeners.size,
    pageDir: '/nowhere',
    clock: () => state.nowUs,
    live: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    health: () => ({ ...healthAt(state.nowUs), ...state.health }),
    lake: {
      async sql(text, options) {
        queries.push(text);
        const reader = await connection.runAndReadAll(text, [...(options?.params ?? [])] as string[]);
        return { rows: reader.getRowObjectsJS() };
      },
    },
    evolution: async () => ({
      run: null,
      generation: null,
      front: [],
      hypervolume: [],
      active: { version: 0, policyId: null, objectives: null },
      lakeVersion: null,
    }),
    metrics: { contentType: 'text/plain; version=0.0.4', metrics: async () => 'beagle_up 1\n' },
    ready: () => ({ ready: state.isReady, reasons: state.isReady ? [] : ['the log is not open'] }),
    person: (key) => (key === 'person:ada' ? { name: 'Ada Moreau', role: 'Engineer' } : undefined),
    ...change,
  };
}

function healthAt(now: number): Health {
  return {
    now,
    startedAt: now - 1e6,
    driver: 'embedded',
    eventsPerSecond: 2,
    byApp: { okta: 2 },
    lagMs: 5,
    shards: 1,
    backlog: 0,
    commit: { version: 3, at: now },
    files: 1,
    totals: { events: 2, quarantined: 0, redelivered: 0, findings: 0 },
    generation: null,
  };
}

/** One scored event; its position is `n`. */
export function liveEvent(n: number, change: Partial<LiveEvent> = {}): LiveEvent {
  return {
    shard: 's@1/0',
    position: String(n),
    event_uid: `uid${n}`,
    time: NOON_US - n * 1e6,
    arrival: NOON_US - n * 1e6,
    source: 'test',
    app: 'okta',
    action: 'user.session.start',
    class_uid: 3002,
    status: 'success',
    actor_key: 'person:ada',
    actor_email: 'ada@example.com',
    target_name: null,
    src_ip: '192.0.2.1',
    src_city: 'Berlin',
    src_country: 'DE',
    risk: 0,
    user_risk: 0,
    reasons: [],
    decision: 'allow',
    policy_version: 0,
    ...change,
  };
}

/** Puts an event into the fake lake, with any columns that the live form does not carry. */
export async function insertEvent(
  connection: DuckDBConnection,
  event: LiveEvent,
  more: { mfa?: boolean; is_privileged?: boolean; activity_id?: number; raw?: string } = {},
): Promise<void> {
  const text = (value: string | null) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
  const time = `make_timestamptz(${event.time})`;
  await connection.run(`INSERT INTO events (log_shard, log_position, event_uid, time, ingested_at, event_date, app, action,
      class_uid, activity_id, status, actor_key, actor_email, src_ip, src_city, src_country, risk, user_risk, reasons,
      decision, policy_version, is_privileged, mfa, raw)
    VALUES (${text(event.shard)}, ${text(event.position)}, ${text(event.event_uid)}, ${time}, ${time},
      (${time} AT TIME ZONE 'UTC')::DATE, ${text(event.app)}, ${text(event.action)}, ${event.class_uid},
      ${more.activity_id ?? 1}, ${text(event.status)}, ${text(event.actor_key)}, ${text(event.actor_email)},
      ${text(event.src_ip)}, ${text(event.src_city)}, ${text(event.src_country)}, ${event.risk}, ${event.user_risk},
      [${event.reasons.map(text).join(',')}]::VARCHAR[], ${text(event.decision)}, ${event.policy_version},
      ${more.is_privileged ?? false}, ${more.mfa ?? 'NULL'}, ${text(more.raw ?? '{}')})`);
}
